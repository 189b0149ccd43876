from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from extproc.logs import Log
from extproc.metrics import POLICY_INFO, RELOADS, Tallies
from extproc.policy_store import LARGEST_POLICY_BYTES, PolicyStore
from tests.fakes.grpc_peer import run
from weirline.detect.detector import Detector, Severity
from weirline.errors import PolicyError
from weirline.policy.policy import Mode

CARD = Detector(
    id="payment_card",
    title="Payment card",
    category="payment",
    severity=Severity.CRITICAL,
    pattern=r"\b4[0-9]{15}\b",
    width=16,
    confidence=0.9,
    issuer="https://www.iso.org/standard/70484.html",
)
GOOD = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: shop}
mode: enforce
rules:
  - id: mask-cards
    when: {direction: response}
    find: {category: payment}
    do: [{redact: {mask: {keep_last: 4}}}]
"""
BAD = GOOD.replace("category: payment", "category: paiment")


class Store:
    """A store over a policy file, with what it logged and counted."""

    def __init__(self, path: Path | None) -> None:
        self.text, self.tallies = io.StringIO(), Tallies()
        self.store = PolicyStore(
            str(path) if path else "", [CARD], tallies=self.tallies, log=Log(self.text)
        )

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.text.getvalue().splitlines()]

    def policies(self) -> set[tuple[str, ...]]:
        return set(self.tallies.snapshot()[0][POLICY_INFO])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "policy.yaml"
    file.write_text(GOOD, encoding="utf-8")
    return file


def test_policy_is_loaded_named_and_shown(path: Path) -> None:
    store = Store(path)
    policy = store.store.load()
    assert (policy.name, policy.mode) == ("shop", Mode.ENFORCE)
    ((name, mode, digest),) = store.policies()
    assert (name, mode, len(digest)) == ("shop", "enforce", 12)
    assert store.lines()[0]["event"] == "policy_loaded"


def test_without_a_file_the_observing_policy_runs_and_the_log_warns() -> None:
    store = Store(None)
    policy = store.store.load()
    assert policy.mode is Mode.SHADOW
    assert policy.fail_open
    line = store.lines()[0]
    assert (line["event"], line["level"]) == ("policy_built_in", "warning")


def test_bad_policy_is_refused_at_start_with_file_line_and_mend(path: Path) -> None:
    path.write_text(BAD, encoding="utf-8")
    with pytest.raises(PolicyError) as refusal:
        Store(path).store.load()
    (problem,) = refusal.value.problems
    assert (problem.file, problem.line) == (str(path), 8)
    assert "payment" in problem.expectation


def test_bad_policy_at_reload_leaves_the_good_one_and_is_counted_and_logged(path: Path) -> None:
    store = Store(path)
    store.store.load()
    before = store.policies()
    path.write_text(BAD, encoding="utf-8")
    assert run(store.store.reload()) is None
    assert store.policies() == before
    assert store.tallies.value(RELOADS, ("refused",)) == 1
    line = store.lines()[-1]
    assert (line["event"], line["file"], line["line"]) == ("policy_refused", str(path), 8)
    assert line["expectation"]


def test_good_policy_at_reload_takes_the_old_ones_place(path: Path) -> None:
    store = Store(path)
    store.store.load()
    path.write_text(GOOD.replace("name: shop", "name: bank"), encoding="utf-8")
    policy = run(store.store.reload())
    assert policy is not None
    assert policy.name == "bank"
    assert [name for name, _, _ in store.policies()] == ["bank"]
    assert store.tallies.value(RELOADS, ("loaded",)) == 1


def test_policy_read_again_without_a_thread_is_told_of_when_it_is_announced(path: Path) -> None:
    store = Store(path)
    store.store.load()
    path.write_text(GOOD.replace("name: shop", "name: bank"), encoding="utf-8")
    read = store.store.read_again()
    assert read is not None
    assert read.policy.name == "bank"
    assert [name for name, _, _ in store.policies()] == ["shop"]
    store.store.announce(read)
    assert store.policies() == {("bank", "enforce", read.digest)}
    assert store.tallies.value(RELOADS, ("loaded",)) == 1


def test_bad_policy_read_again_without_a_thread_is_counted_and_logged(path: Path) -> None:
    store = Store(path)
    store.store.load()
    path.write_text(BAD, encoding="utf-8")
    assert store.store.read_again() is None
    assert store.tallies.value(RELOADS, ("refused",)) == 1
    assert store.lines()[-1]["event"] == "policy_refused"


@pytest.mark.parametrize(
    "content",
    [None, b"\xff\xfe", b"#" * (LARGEST_POLICY_BYTES + 1)],
    ids=["absent", "not UTF-8", "too large"],
)
def test_file_that_cannot_be_read_is_a_policy_error(path: Path, content: bytes | None) -> None:
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    store = Store(path)
    with pytest.raises(PolicyError):
        store.store.load()
    assert run(store.store.reload()) is None
