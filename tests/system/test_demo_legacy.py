"""A server that cannot be changed, behind the demo's Envoy: HTTP/1.0, Python's standard library."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.system.demo_checker import appearing, capture
from weirline.cli.demo.planted_value import make_values
from weirline.cli.demo.stage import find_envoy, set_up
from weirline.cli.envoy_config import template

pytestmark = pytest.mark.slow
POLICY = Path(__file__).parents[2] / "weirline" / "cli" / "demo" / "policy.yaml"
SEED = 1996


@contextmanager
def standard_server(folder: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """`python3 -m http.server` on a free port, serving `folder`."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            announced = re.search(r"port (\d+)", server.stdout.readline())
            assert announced
            yield int(announced[1]), server
        finally:
            server.kill()


def planted_files(folder: Path) -> list[bytes]:
    """Write a file of each sort, all values in each; give the values."""
    made = make_values(SEED)
    kinds = ("card", "ssn", "iban", "email")
    rows = [
        dict(zip(kinds, row, strict=True))
        for row in zip(*(made[kind] for kind in kinds), strict=True)
    ]
    texts = {
        "customers.json": json.dumps(rows, indent=1),
        "customers.csv": "".join(",".join(row.values()) + "\n" for row in rows),
        "customers.html": "".join(f"<p>{value}</p>\n" for row in rows for value in row.values()),
        "notes.txt": "".join(f"{key}: {value}\n" for row in rows for key, value in row.items()),
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    return [value.encode() for row in rows for value in row.values()]


@pytest.mark.promise(6)
def test_http_1_0_server_is_protected_untouched(tmp_path: Path) -> None:
    values = planted_files(tmp_path)
    assert len(values) == 80
    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with (
        standard_server(tmp_path) as (port, server),
        set_up(port, envoy=find_envoy(None), bootstrap=template("enforce"), policy=POLICY) as stage,
    ):
        command = psutil.Process(server.pid).cmdline()
        for name, content in files.items():
            direct = capture(port, f"/{name}")
            assert direct.startswith(b"HTTP/1.0 200 ")
            for raw in (direct, capture(stage.doors.unprotected, f"/{name}")):
                assert sorted(appearing(values, raw)) == sorted(values)
            through = capture(stage.doors.protected, f"/{name}")
            assert through.startswith(b"HTTP/1.1 200 ")
            assert appearing(values, through) == []
            assert len(through.partition(b"\r\n\r\n")[2]) == len(content)
        assert psutil.Process(server.pid).cmdline() == command
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files
