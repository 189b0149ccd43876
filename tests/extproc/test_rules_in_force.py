from __future__ import annotations

import io
from pathlib import Path

import pytest

from extproc.logs import Log
from extproc.metrics import POLICY_INFO, RELOADS, Tallies
from extproc.policy_compile import make
from extproc.rules_in_force import RulesInForce
from extproc.session import Session
from extproc.settings import Settings
from tests.fakes.grpc_peer import run
from weirline.errors import PolicyError

pytestmark = pytest.mark.slow

POLICY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: shop}
mode: enforce
rules:
  - {id: mask, find: {category: payment}, do: [{redact: {mask: {}}}]}
"""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


class Loaded:
    """Rules loaded from a policy file, with what they counted."""

    def __init__(self, folder: Path, state: Path, *, packs: str = "default") -> None:
        self.file = folder / "policy.yaml"
        self.file.write_text(POLICY, encoding="utf-8")
        self.tallies = Tallies()
        settings = Settings(policy=str(self.file), state_dir=str(state), packs=packs)
        self.rules = RulesInForce(settings, tallies=self.tallies, log=Log(io.StringIO()))

    def names(self) -> set[str]:
        return {name for name, _, _ in self.tallies.snapshot()[0][POLICY_INFO]}

    def change(self, text: str) -> None:
        self.file.write_text(text, encoding="utf-8")


def test_sessions_are_opened_with_the_policy_that_was_loaded(tmp_path: Path, state: Path) -> None:
    loaded = Loaded(tmp_path, state)
    assert isinstance(loaded.rules.open_exchange(), Session)
    assert loaded.names() == {"shop"}


@pytest.mark.parametrize("text", ["nonsense", POLICY.replace("enforce", "enforse")])
def test_bad_policy_read_again_leaves_sessions_as_they_were(
    tmp_path: Path, state: Path, text: str
) -> None:
    loaded = Loaded(tmp_path, state)
    before = loaded.rules.open_exchange
    loaded.change(text)
    assert loaded.rules.reload_here() is None
    assert not run(loaded.rules.reload())
    assert loaded.rules.open_exchange is before
    assert loaded.tallies.value(RELOADS, ("refused",)) == 2


def test_policy_read_again_here_is_used_at_once_and_told_of_when_announced(
    tmp_path: Path, state: Path
) -> None:
    loaded = Loaded(tmp_path, state)
    before = loaded.rules.open_exchange
    loaded.change(POLICY.replace("shop", "bank"))
    read = loaded.rules.reload_here()
    assert read is not None
    assert loaded.rules.open_exchange is not before
    assert loaded.names() == {"shop"}
    loaded.rules.announce(read)
    assert loaded.names() == {"bank"}


def test_policy_read_again_in_a_thread_is_used_and_told_of(tmp_path: Path, state: Path) -> None:
    loaded = Loaded(tmp_path, state)
    before = loaded.rules.open_exchange
    loaded.change(POLICY.replace("shop", "bank"))
    assert run(loaded.rules.reload())
    assert loaded.rules.open_exchange is not before
    assert loaded.names() == {"bank"}


def test_bad_policy_at_the_start_is_refused(tmp_path: Path, state: Path) -> None:
    (tmp_path / "bad.yaml").write_text("nonsense", encoding="utf-8")
    settings = Settings(policy=str(tmp_path / "bad.yaml"), state_dir=str(state))
    with pytest.raises(PolicyError):
        RulesInForce(settings, tallies=Tallies(), log=Log(io.StringIO()))


OWN = POLICY.replace(
    "rules:\n",
    "detectors:\n"
    "  loyalty_id: {pattern: 'LY-[0-9]{9}', check: luhn,\n"
    "               examples: [LY-123456782], not_examples: [LY-123456789]}\n"
    "rules:\n",
)


def test_policy_with_detectors_to_compile_waits_and_then_comes_into_force(
    tmp_path: Path, state: Path
) -> None:
    loaded = Loaded(tmp_path, state, packs="core")
    before = loaded.rules.open_exchange
    loaded.change(OWN)
    assert loaded.rules.reload_here() is None
    order = loaded.rules.to_compile
    assert order is not None
    assert loaded.rules.open_exchange is before
    read = loaded.rules.compiled(make(order))
    assert read is not None
    assert loaded.rules.open_exchange is not before
    # From here on the cache has it, and nothing has to wait.
    loaded.change(POLICY)
    assert loaded.rules.reload_here() is not None
    loaded.change(OWN)
    assert loaded.rules.reload_here() is not None
    assert loaded.rules.to_compile is None


def test_policy_whose_detector_is_not_proven_stays_out(tmp_path: Path, state: Path) -> None:
    loaded = Loaded(tmp_path, state, packs="core")
    before = loaded.rules.open_exchange
    loaded.change(OWN.replace("LY-", "LX-").replace("LX-123456782", "LX-123456780"))
    assert loaded.rules.reload_here() is None
    order = loaded.rules.to_compile
    assert order is not None
    assert loaded.rules.compiled(make(order)) is None
    assert loaded.tallies.value(RELOADS, ("refused",)) == 1
    assert not run(loaded.rules.reload())
    assert loaded.rules.open_exchange is before
