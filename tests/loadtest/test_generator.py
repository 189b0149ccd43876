from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from math import ceil
from pathlib import Path

import pytest

from loadtest.arm import listens
from loadtest.generator import (
    GeneratorFailed,
    Load,
    LoadResult,
    Spread,
    run_load,
    void_reason,
)
from loadtest.native import NativeTools
from tests.loadtest.scripted_service import scripted_service

OK_HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
LOAD = Load("tcp:127.0.0.1:1", "/", 100, 1.0)


def result(*, lateness_p99: float = 10.0, per_s: float = 100.0, cut: int = 0) -> LoadResult:
    calm = Spread(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 100)
    late = Spread(1.0, 1.0, lateness_p99, lateness_p99, lateness_p99, 1.0, 100)
    return LoadResult(100, 100, 100 - cut, 0, 0, cut, 0, 0, 1.0, per_s, calm, late)


def test_a_run_counts_if_the_rate_was_reached_and_the_generator_was_on_time() -> None:
    assert void_reason(LOAD, result(lateness_p99=200.0, per_s=99.0)) is None


def test_a_run_is_void_if_the_generator_was_late_by_more_than_200_us_at_p99() -> None:
    assert void_reason(LOAD, result(lateness_p99=200.1)) == "generator late"


def test_a_run_is_void_if_less_than_99_percent_of_the_rate_was_served() -> None:
    assert void_reason(LOAD, result(per_s=98.9)) == "rate not reached"


def test_a_closed_loop_is_void_only_if_more_than_one_in_a_hundred_failed() -> None:
    closed = Load("tcp:127.0.0.1:1", "/", None, 1.0)

    assert void_reason(closed, result(cut=1)) is None
    assert void_reason(closed, result(cut=2)) == "failures"


@pytest.fixture
def service(tools: NativeTools, tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    for size in (1024, 204_800):
        (tmp_path / str(size)).write_bytes(b"x" * size)
    address = f"unix:{tmp_path}/service.sock"
    pages = [f"/{size}={tmp_path}/{size}" for size in (1024, 204_800)]
    with subprocess.Popen([tools.backend, address, *pages]) as process:
        while not listens(tmp_path / "service.sock"):
            assert process.poll() is None
            os.sched_yield()
        yield address, process
        process.kill()


@pytest.mark.full
@pytest.mark.parametrize("size", [1024, 204_800])
def test_an_open_loop_sends_what_was_planned_and_counts_every_byte(
    tools: NativeTools, service: tuple[str, subprocess.Popen[bytes]], size: int
) -> None:
    load = Load(service[0], f"/{size}", 500, 0.5, expect_bytes=size)

    seen = run_load(tools.generator, load)

    assert (seen.planned, seen.completed, seen.ok, seen.failed) == (250, 250, 250, 0)
    assert seen.body_bytes == 250 * size
    assert seen.latency_us.count == 250
    assert seen.per_s == pytest.approx(500, rel=0.05)


@pytest.mark.full
def test_a_closed_loop_asks_as_fast_as_it_is_answered(
    tools: NativeTools, service: tuple[str, subprocess.Popen[bytes]]
) -> None:
    load = Load(service[0], "/1024", None, 0.3, connections=4, expect_bytes=1024)

    seen = run_load(tools.generator, load)

    assert seen.planned == seen.ok == seen.latency_us.count
    assert seen.planned > 100
    assert seen.lateness_us.count == 0


@pytest.mark.full
def test_percentiles_are_within_half_a_percent_of_the_raw_samples(
    tools: NativeTools, service: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    file = tmp_path / "samples"
    load = Load(service[0], "/1024", None, 0.3, connections=8, samples=file)

    seen = run_load(tools.generator, load)

    raw_us = sorted(int(line) / 1000 for line in file.read_text().split())
    assert len(raw_us) == seen.latency_us.count
    for name, fraction in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999)):
        exact = raw_us[ceil(fraction * len(raw_us)) - 1]
        assert getattr(seen.latency_us, name) == pytest.approx(exact, rel=0.005, abs=0.06)
    assert seen.latency_us.max == pytest.approx(raw_us[-1], abs=0.06)
    assert seen.latency_us.mean == pytest.approx(sum(raw_us) / len(raw_us), abs=0.06)


@pytest.mark.full
def test_a_stalled_service_shows_in_every_request_that_fell_due_meanwhile(
    tools: NativeTools, service: tuple[str, subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    address, process = service
    file = tmp_path / "samples"
    stall_s, rate = 0.4, 500
    process.send_signal(signal.SIGSTOP)
    go_on = threading.Timer(stall_s, process.send_signal, (signal.SIGCONT,))
    go_on.start()

    # Two connections only: a generator that waits for answers would send two requests in the stall.
    load = Load(address, "/1024", rate, 1.0, connections=2, samples=file)
    seen = run_load(tools.generator, load)
    go_on.join()

    raw_s = [int(line) / 1e9 for line in file.read_text().split()]
    assert seen.ok == rate
    assert max(raw_s) > stall_s * 0.9
    # Latencies fall evenly from the stall's length to nothing: half of those due in it are above
    # half of it.
    assert sum(taken > stall_s / 2 for taken in raw_s) > rate * stall_s / 2 * 0.8
    assert seen.lateness_us.p90 < 10_000


@pytest.mark.full
def test_requests_without_an_answer_by_the_end_count_with_the_time_they_waited(
    tools: NativeTools, service: tuple[str, subprocess.Popen[bytes]]
) -> None:
    address, process = service
    process.send_signal(signal.SIGSTOP)

    seen = run_load(tools.generator, Load(address, "/1024", 50, 0.2, connections=2))
    process.send_signal(signal.SIGCONT)

    assert (seen.planned, seen.ok, seen.unfinished) == (10, 0, 10)
    assert seen.latency_us.count == 10
    assert seen.latency_us.p50 > 2_000_000


@pytest.mark.full
@pytest.mark.parametrize(
    ("answer", "closes", "body_bytes"),
    [
        (OK_HEAD + b"Content-Length: 3\r\n\r\nabc", False, 3),
        (OK_HEAD + b"content-length: 0\r\n\r\n", False, 0),
        (b"HTTP/1.1 204 No Content\r\n\r\n", False, 0),
        (OK_HEAD + CHUNKED + b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n", False, 13),
        (OK_HEAD + CHUNKED + b"1\r\na\r\n0\r\nx-sum: 1\r\n\r\n", False, 1),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + OK_HEAD + b"content-length: 1\r\n\r\na", False, 1),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", True, 13),
        (OK_HEAD + b"connection: close\r\ncontent-length: 2\r\n\r\nab", True, 2),
    ],
)  # fmt: skip
def test_answers_are_framed_as_http_says(
    tools: NativeTools, answer: bytes, body_bytes: int, *, closes: bool
) -> None:
    with scripted_service(answer, closes=closes) as address:
        load = Load(address, "/", 100, 0.1, connections=2, expect_bytes=body_bytes)
        seen = run_load(tools.generator, load)

    assert (seen.ok, seen.failed, seen.body_bytes) == (10, 0, 10 * body_bytes)


@pytest.mark.full
@pytest.mark.parametrize(
    ("answer", "closes", "field"),
    [
        (b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n", False, "bad_status"),
        (OK_HEAD + b"content-length: 2\r\n\r\nab", False, "wrong_size"),
        (OK_HEAD + b"content-length: 9\r\n\r\nab", True, "cut"),
        (OK_HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n", False, "cut"),
        (OK_HEAD + b"content-length: 3\r\n\r\nabcd", False, "cut"),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 20_000, False, "cut"),
        (b"", True, "cut"),
    ],
)
def test_an_answer_that_is_wrong_is_counted_as_what_is_wrong_with_it(
    tools: NativeTools, answer: bytes, field: str, *, closes: bool
) -> None:
    with scripted_service(answer, closes=closes) as address:
        load = Load(address, "/", 100, 0.1, connections=2, expect_bytes=3)
        seen = run_load(tools.generator, load)

    assert getattr(seen, field) == 10
    assert (seen.ok, seen.failed) == (0, 10)
    assert seen.per_s == 0


@pytest.mark.full
def test_a_peer_that_is_not_there_is_an_error_with_words(
    tools: NativeTools, tmp_path: Path
) -> None:
    with pytest.raises(GeneratorFailed, match="connect: No such file"):
        run_load(tools.generator, Load(f"unix:{tmp_path}/none", "/", 10, 0.1))
