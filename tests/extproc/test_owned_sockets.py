from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from extproc.owned_sockets import OwnedSockets, socket_paths
from extproc.settings import Settings
from extproc.unix_socket import Predecessor
from weirline.errors import SettingsError


@contextmanager
def _owned(folder: Path, **changes: str | int) -> Iterator[OwnedSockets]:
    given: dict[str, str | int] = {"socket": str(folder / "s.sock"), **changes}
    owned = OwnedSockets(Settings(**given))  # type: ignore[arg-type]  # a test's own words
    try:
        yield owned
    finally:
        owned.release()


def _connects(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
        return True


def test_one_worker_has_the_path_and_several_have_it_with_their_number() -> None:
    assert socket_paths("/run/s", 1) == ("/run/s",)
    assert socket_paths("/run/s", 3) == ("/run/s.0", "/run/s.1", "/run/s.2")
    assert socket_paths("", 2) == ("", "")


def test_socket_listens_before_it_has_its_name_and_has_its_rights_then(tmp_path: Path) -> None:
    with _owned(tmp_path, workers=2, socket_mode=0o640) as owned:
        for place in (0, 1):
            (listener,) = owned.bind(place)
            assert listener.family == socket.AF_UNIX
        assert not (tmp_path / "s.sock.1").exists()
        assert owned.publish(1) is Predecessor.NONE
        assert _connects(tmp_path / "s.sock.1")
        assert not (tmp_path / "s.sock.0").exists()
        assert stat.S_IMODE((tmp_path / "s.sock.1").stat().st_mode) == 0o640
        assert owned.addresses(1) == (f"unix:{tmp_path / 's.sock.1'}",)
    assert not list(tmp_path.iterdir())


def test_socket_that_is_bound_is_handed_out_again(tmp_path: Path) -> None:
    with _owned(tmp_path) as owned:
        assert owned.bind(0) == owned.bind(0)


def test_shut_socket_refuses_at_once_and_comes_back_under_its_name(tmp_path: Path) -> None:
    with _owned(tmp_path) as owned:
        owned.bind(0)
        owned.publish(0)
        owned.shut(0)
        assert not _connects(tmp_path / "s.sock")
        owned.bind(0)
        assert not _connects(tmp_path / "s.sock")
        assert owned.publish(0) is Predecessor.STALE
        assert _connects(tmp_path / "s.sock")


def test_name_that_a_successor_took_stays_and_is_known_to_be_gone(tmp_path: Path) -> None:
    with _owned(tmp_path) as first:
        first.bind(0)
        first.publish(0)
        assert first.stands(0)
        with _owned(tmp_path) as second:
            second.bind(0)
            assert first.stands(0)
            assert second.publish(0) is Predecessor.ALIVE
            assert not first.stands(0)
            assert not first.release()
            assert _connects(tmp_path / "s.sock")


def test_name_of_a_shut_socket_is_removed_with_the_others(tmp_path: Path) -> None:
    with _owned(tmp_path) as owned:
        owned.bind(0)
        owned.publish(0)
        owned.shut(0)
        assert owned.release()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_tcp_address_is_one_socket_for_all_and_shut_with_the_last(host: str) -> None:
    with _owned(Path(), socket="", workers=2, listen=f"{host}:0") as owned:
        assert owned.bind(0) == owned.bind(1)
        (address,) = owned.addresses(0)
        place = (host.strip("[]"), int(address.rpartition(":")[2]))
        owned.shut(0)
        socket.create_connection(place).close()
        owned.shut(1)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(place)
        assert owned.publish(0) is Predecessor.NONE
        assert owned.stands(0)


def test_tcp_address_in_use_is_refused_by_its_setting(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with _owned(tmp_path, listen=listen) as owned, pytest.raises(SettingsError) as refusal:
            owned.bind(0)
    (problem,) = refusal.value.problems
    assert (problem.code, problem.field) == ("S06", "listen")
