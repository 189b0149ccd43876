"""Nothing calls home: the demo in a network of its own that has only a loopback."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.system.demo_process import ROOT, demo_command


def without_network(*command: str) -> tuple[subprocess.CompletedProcess[str], int]:
    """Run a command where there is only a loopback; also say how often it tried to get out.

    The kernel counts each packet and connection it has no route for (RFC 4293, ipOutNoRoutes).
    """
    inside = (
        'ip link set lo up && test "$(ip -brief link | wc -l)" = 1 || exit 99\n'
        '"$@"\ncode=$?\ngrep ^Ip: /proc/self/net/snmp >&2\nexit $code'
    )
    unshare = shutil.which("unshare")
    assert unshare, "needs the Debian package util-linux"
    ended = subprocess.run(
        [unshare, "--net", "sh", "-c", inside, "sh", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    names, numbers = (line.split() for line in ended.stderr.splitlines()[-2:])
    return ended, int(numbers[names.index("OutNoRoutes")])


@pytest.mark.full
@pytest.mark.promise(61)
def test_demo_runs_with_no_network_but_loopback_and_does_not_try_any_other() -> None:
    ended, tries = without_network(*demo_command("--once"))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "stopped 200 of 200 values" in ended.stdout
    assert tries == 0
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.full
def test_attempt_to_call_home_would_be_seen() -> None:
    call = "import socket; socket.create_connection(('192.0.2.1', 443), timeout=1)"
    _, tries = without_network(sys.executable, "-c", call)
    assert tries > 0
