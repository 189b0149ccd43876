"""Listening, admitting and sweeping; what both transports have in common is in the suite."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

import grpc
import psutil
import pytest
from hyperframe.frame import RstStreamFrame, SettingsFrame

from extproc.h2.limits import limits_of
from extproc.settings import DEFAULTS
from tests.extproc.h2.serving import serving
from tests.extproc.h2.wire import limits, opening
from tests.fakes.exchange import Exchanges
from tests.fakes.fast_transport import FULL
from tests.fakes.grpc_peer import peer, run

pytestmark = FULL

THREE = (b"1", b"2", b"3")


@pytest.mark.parametrize("admitted", [True, False])
def test_socket_serves_only_the_users_that_are_named(tmp_path: Path, admitted: bool) -> None:
    user = os.geteuid() if admitted else os.geteuid() + 1

    async def test() -> None:
        async with (
            serving(tmp_path, peer_users=str(user), listen="127.0.0.1:0") as served,
            peer(f"unix:{served.path}") as envoy,
            peer(served.addresses[0]) as tcp,
        ):
            end = await envoy.exchange(*THREE)
            if admitted:
                assert end.code is grpc.StatusCode.OK
            else:
                assert end.code is grpc.StatusCode.UNAVAILABLE
                assert set(served.closed()) == {"peer"}
            assert (await tcp.exchange(*THREE)).code is grpc.StatusCode.OK  # TCP has no users

    run(test())


@pytest.mark.parametrize("family", [socket.AF_UNIX, socket.AF_INET])
def test_socket_that_is_handed_in_is_served_and_its_path_left(
    tmp_path: Path, family: socket.AddressFamily
) -> None:
    async def test() -> None:
        owner = socket.socket(family, socket.SOCK_STREAM)
        path = tmp_path / "owned.sock"
        owner.bind(str(path) if family is socket.AF_UNIX else ("127.0.0.1", 0))
        owner.listen()
        with owner:
            async with serving(tmp_path, listeners=[owner.dup()]) as served:
                (address,) = served.addresses
                async with peer(address) as envoy:
                    assert (await envoy.exchange(*THREE)).code is grpc.StatusCode.OK
                assert not Path(served.path).exists()
            assert path.exists() == (family is socket.AF_UNIX)
            # The owner's listener still takes connections: a successor would serve them.
            with socket.socket(family, socket.SOCK_STREAM) as client:
                client.connect(owner.getsockname())

    run(test())


def test_connection_without_a_word_is_closed_at_the_second_look(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path) as served:
            silent = await served.connect(preface=b"")
            speaking = await served.connect()
            await silent.until(SettingsFrame)
            await speaking.until(SettingsFrame)
            speaking.open(1)
            await served.until_streams(1)
            served.transport._sweep_silent()
            assert served.closed() == {}
            served.transport._sweep_silent()
            await silent.until_closed()
            assert served.closed() == {"silent": 1}
            assert served.transport.streams == 1

    run(test())


def test_end_that_cannot_reach_its_client_does_not_last(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path, stream_idle_seconds=0.2) as served:
            client = await served.connect()
            client.send(SettingsFrame(0, settings={4: 0}).serialize())
            client.send(opening(1), b"\0\0\6\0\0\0\0\0\1" + b"\0\0\0\0\1x")
            assert getattr(await client.until(RstStreamFrame, 1), "error_code", 0) == 8
            assert served.faults() == {"idle": 1}

    run(test())


def test_ten_thousand_idle_streams_cost_at_most_eight_kilobytes_each(tmp_path: Path) -> None:
    count = 10_000

    async def test() -> None:
        exchanges = Exchanges()
        bounds = limits(streams=count, message=limits_of(DEFAULTS).message)
        async with serving(tmp_path, exchanges, limits=bounds, max_streams=count) as served:
            client = await served.connect()
            client.open(1)
            await served.until_streams(1)
            before = psutil.Process().memory_info().rss
            for at in range(1, count):
                client.open(1 + 2 * at)
                if at % 500 == 0:
                    await asyncio.sleep(0)
            await served.until_streams(count)
            grown = psutil.Process().memory_info().rss - before
            print(f"{grown / count:.0f} bytes an idle stream")
            assert grown / count <= 8 * 1024
            await client.close()
            await served.until_streams(0)

    run(test(), seconds=60)
