from __future__ import annotations

import os
import subprocess
import sys

import pytest

from weirline.cli.output import complain, emit, say


def test_results_and_faults_go_their_own_ways(capsys: pytest.CaptureFixture[str]) -> None:
    say("result")
    say()
    complain("fault")
    assert capsys.readouterr() == ("result\n\n", "fault\n")


@pytest.mark.slow
def test_reader_that_has_gone_is_no_fault() -> None:
    program = "from weirline.cli.output import say\nfor _ in range(20000): say('x' * 100)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdout.readline()
        writer.stdout.close()
        assert writer.stderr.read() == b""
        assert writer.wait(timeout=20) == 0


def test_bytes_come_out_as_they_are_between_lines(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    say("first")
    emit(b"\x00\xff\n")
    say("last")
    assert capfdbinary.readouterr().out == b"first\n\x00\xff\nlast\n"
