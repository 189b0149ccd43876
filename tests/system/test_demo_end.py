"""However the demo ends, nothing stays behind: no process, no file."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from tests.system.demo_process import ROOT, demo_command, running_demo

pytestmark = pytest.mark.slow


def test_interrupt_leaves_no_process_and_no_file(temporary: Path) -> None:
    with running_demo(temporary=temporary) as running:
        running.end_without_trace(temporary, signal.SIGINT)


def test_signal_in_the_middle_of_the_start_leaves_nothing_either(temporary: Path) -> None:
    with subprocess.Popen(
        demo_command(),
        cwd=ROOT,
        env={"PATH": "", "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        demo_process = psutil.Process(process.pid)
        while not (children := demo_process.children(recursive=True)):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 128 + signal.SIGINT
        _, alive = psutil.wait_procs(children, timeout=5)
        assert alive == []
    assert list(temporary.iterdir()) == []


def test_killed_demo_takes_its_children_along(temporary: Path) -> None:
    with running_demo(temporary=temporary) as running:
        children = running.children()
        running.process.kill()
        # A worker without its supervisor gives open streams a few seconds.
        _, alive = psutil.wait_procs(children, timeout=20)
        assert alive == []


def test_sidecar_that_dies_ends_the_demo_with_its_last_lines(temporary: Path) -> None:
    with running_demo(temporary=temporary) as running:
        sidecar = next(child for child in running.children() if "extproc" in child.cmdline())
        sidecar.kill()
        assert running.process.stdout is not None
        rest = running.process.stdout.read()
        assert running.process.wait(timeout=20) == 1
    assert "weirline-extproc ended with exit code -9; its last lines:" in rest
    assert list(temporary.iterdir()) == []
