from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadtest.arm import ECHO, running_server
from loadtest.direct import DirectFailed, answer_bytes, find_h2load, pinned, run_direct
from loadtest.native import NativeTools
from loadtest.stored_exchange import exchange_messages, framed

NO_TOOLS = NativeTools(Path("/none"), Path("/none"), Path("/none"))


def test_missing_h2load_is_named_with_its_debian_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(DirectFailed, match="apt-get install nghttp2-client"):
        find_h2load()


def test_pinning_lasts_as_long_as_the_block() -> None:
    before = os.sched_getaffinity(0)
    with pinned(min(before)):
        assert os.sched_getaffinity(0) == {min(before)}

    assert os.sched_getaffinity(0) == before


@pytest.mark.slow
def test_an_echo_answers_three_times_with_what_it_got(tmp_path: Path) -> None:
    messages = exchange_messages(b"{}")
    with running_server(ECHO, NO_TOOLS, tmp_path) as server:
        assert answer_bytes(server.socket, messages) == len(framed(messages))


@pytest.mark.slow
def test_a_server_with_another_number_of_answers_is_refused(tmp_path: Path) -> None:
    with (
        running_server(ECHO, NO_TOOLS, tmp_path) as server,
        pytest.raises(DirectFailed, match="echo gave 2 answers, not 3"),
    ):
        answer_bytes(server.socket, exchange_messages(b"{}")[:2])


def test_a_server_that_is_not_there_is_refused_by_its_status(tmp_path: Path) -> None:
    with pytest.raises(DirectFailed, match="UNAVAILABLE"):
        answer_bytes(tmp_path / "none.sock", exchange_messages(b"{}"))


@pytest.mark.full
def test_the_direct_bench_measures_every_server_at_every_size(tmp_path: Path) -> None:
    figures = run_direct([ECHO], [64, 1024], tools=NO_TOOLS, folder=tmp_path, runs=2, run_s=0.2)

    assert [(each.arm, each.body_bytes) for each in figures] == [("echo", 64), ("echo", 1024)]
    for each in figures:
        assert each.per_s > 0
        # Pinned to one processor, it cannot serve more than its CPU time allows.
        assert each.cpu_us * each.per_s < 1.1e6
