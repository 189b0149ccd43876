from __future__ import annotations

import sys
from pathlib import Path

import pytest

from loadtest.detect import peers
from loadtest.detect.peers import PythonPeer, running_peers

PROGRAM = """\
import sys
print("ready", flush=True)
for line in sys.stdin:
    print(f"0.{len(open(line.rstrip(chr(10)), 'rb').read())} 3", flush=True)
"""


@pytest.mark.slow
def test_program_of_a_peer_answers_with_the_seconds_of_each_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "body").write_bytes(b"12345678")
    monkeypatch.setattr(peers, "PROGRAM", tmp_path / "program.py")
    peer = PythonPeer("presidio", Path(sys.executable), 0)
    assert [peer.scan_s(tmp_path / "body") for _ in range(2)] == [0.8, 0.8]
    peer.close()


@pytest.mark.slow
def test_program_that_does_not_start_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "program.py").write_text("raise SystemExit(1)")
    monkeypatch.setattr(peers, "PROGRAM", tmp_path / "program.py")
    with pytest.raises(OSError, match="presidio ended"):
        PythonPeer("presidio", Path(sys.executable), 0)


@pytest.mark.slow
def test_peers_that_cannot_be_had_are_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "FOLDER", tmp_path)
    monkeypatch.setattr(peers, "REQUIREMENTS", tmp_path / "none.txt")
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with running_peers(0) as (running, missing):
        assert running == []
        assert {each.name: each.reason[:30] for each in missing} == {
            "presidio": "requirements/peers.txt cannot ",
            "detect_secrets": "requirements/peers.txt cannot ",
            "gitleaks": "there is no go to build it wit",
        }
