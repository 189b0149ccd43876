"""A policy file that changes comes into force without a signal; a bad one changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from extproc.last_good import FOLDER, TEXT_FILE
from tests.system.lab import BLOCK, REDACT, policy_text, running_lab, until, value
from tests.system.wire import always, get, whole

pytestmark = pytest.mark.slow

LOADED = "weirline_reloads_total"


def test_changed_file_comes_into_force_by_itself_and_a_bad_one_does_not(tmp_path: Path) -> None:
    body = b'{"card": "%b"}' % value("payment_card")
    with running_lab(tmp_path, BLOCK, flags=("--policy-watch-seconds", "0.5")) as lab:
        file = tmp_path / "policy.yaml"
        kept = lab.sidecar.state / FOLDER / TEXT_FILE

        def status() -> int:
            return lab.ask(get("/a"), always(whole(body))).status

        assert status() == 403
        assert kept.read_text(encoding="utf-8") == BLOCK
        file.write_text(REDACT, encoding="utf-8")
        until(lambda: lab.metric(LOADED, result="loaded") == 1, seconds=60)
        assert status() == 200
        assert kept.read_text(encoding="utf-8") == REDACT
        file.write_text(REDACT + "nonsense: 1\n", encoding="utf-8")
        until(lambda: lab.metric(LOADED, result="refused") == 1, seconds=60)
        assert status() == 200
        assert kept.read_text(encoding="utf-8") == REDACT
        file.write_text(policy_text("{block: {status: 410}}"), encoding="utf-8")
        until(lambda: lab.metric(LOADED, result="loaded") == 2, seconds=60)
        assert status() == 410
