from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from weirline.cli.demo.child import Child, ChildFailed

pytestmark = pytest.mark.slow
WAITS = "import signal; print('up', flush=True); signal.pause()"


def start(folder: Path, program: str) -> Child:
    return Child(
        "part",
        [sys.executable, "-c", program],
        log=folder / "part.log",
        environment=os.environ,
    )


def test_child_is_waited_for_and_stopped(tmp_path: Path) -> None:
    child = start(tmp_path, WAITS)
    child.wait_until(lambda: "up" in (tmp_path / "part.log").read_text(), limit_s=10)
    child.check()
    child.stop()
    child.stop()
    assert not psutil.pid_exists(child.pid)


def test_child_that_ends_is_told_with_its_last_lines(tmp_path: Path) -> None:
    child = start(
        tmp_path, "import sys; print('early'); print('why', file=sys.stderr); sys.exit(3)"
    )
    with pytest.raises(ChildFailed, match=r"part ended with exit code 3(?s:.*)why"):
        child.wait_until(lambda: False, limit_s=10)
    with pytest.raises(ChildFailed, match="exit code 3"):
        child.check()
    child.stop()


def test_only_the_last_lines_are_shown(tmp_path: Path) -> None:
    child = start(tmp_path, "for n in range(100): print(f'line {n}.')")
    with pytest.raises(ChildFailed) as caught:
        child.wait_until(lambda: False, limit_s=10)
    assert "line 99." in str(caught.value)
    assert "line 84." not in str(caught.value)


def test_child_that_never_gets_ready_is_told_after_the_limit(tmp_path: Path) -> None:
    child = start(tmp_path, WAITS)
    try:
        with pytest.raises(ChildFailed, match=r"not ready after 0\.1 s"):
            child.wait_until(lambda: False, limit_s=0.1)
    finally:
        child.stop()


def test_child_deaf_to_the_polite_signal_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("weirline.cli.demo.child.STOP_S", 0.1)
    deaf = "import signal; signal.signal(15, signal.SIG_IGN); print('up', flush=True)\n"
    child = start(tmp_path, deaf + "while True: signal.pause()")
    child.wait_until(lambda: "up" in (tmp_path / "part.log").read_text(), limit_s=10)
    child.stop()
    assert not psutil.pid_exists(child.pid)


def test_child_dies_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    program = textwrap.dedent(
        """
        import os, pathlib, signal, sys
        from weirline.cli.demo.child import Child
        log = pathlib.Path(sys.argv[1])
        child = Child("part", [sys.executable, "-c", sys.argv[2]], log=log, environment=os.environ)
        child.wait_until(lambda: "up" in log.read_text(), limit_s=10)
        print(child.pid, flush=True)
        signal.pause()
        """
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "part.log"), WAITS],
        stdout=subprocess.PIPE,
        env=environment,
    ) as parent:
        assert parent.stdout is not None
        grandchild = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
        _, alive = psutil.wait_procs([grandchild], timeout=10)
    assert alive == []
