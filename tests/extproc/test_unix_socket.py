from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from extproc.unix_socket import Predecessor, SocketPlan, plan_socket, publish
from weirline.errors import SettingsError


@contextmanager
def _listening(path: Path) -> Iterator[None]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(path))
        listener.listen(1)
        yield


def _plan(path: Path, mode: int = 0o660, group: str = "") -> SocketPlan:
    return plan_socket(str(path), mode=mode, group=group)


def _refused(path: Path, group: str = "") -> str:
    with pytest.raises(SettingsError) as refusal:
        _plan(path, group=group)
    (problem,) = refusal.value.problems
    assert problem.code == "S06"
    return problem.expectation


def test_socket_gets_mode_and_group_before_it_gets_its_name(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    plan = _plan(path, 0o640, str(os.getgid()))
    with _listening(plan.temporary):
        assert not path.exists()
        published = publish(plan)
        found = path.stat()
        assert stat.S_IMODE(found.st_mode) == 0o640
        assert found.st_gid == os.getgid()
        assert not plan.temporary.exists()
        assert published.remove()
    assert not path.exists()


def test_missing_directory_is_made_for_owner_and_group_only(tmp_path: Path) -> None:
    path = tmp_path / "run" / "s.sock"
    _plan(path, group=str(os.getgid()))
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o750


def test_socket_without_a_listener_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    with _listening(path):
        assert _plan(path).predecessor is Predecessor.ALIVE
    plan = _plan(path)
    assert plan.predecessor is Predecessor.STALE
    with _listening(plan.temporary):
        publish(plan)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.connect(str(path))


def test_path_that_another_took_over_is_left_to_it(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    plan = _plan(path)
    with _listening(plan.temporary):
        first = publish(plan)
        successor = _plan(path)
        assert successor.predecessor is Predecessor.ALIVE
        with _listening(successor.temporary):
            second = publish(successor)
            assert not first.remove()
            assert path.exists()
            assert second.remove()
    assert not second.remove()


def test_path_of_a_file_is_refused_and_the_file_kept(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    path.write_text("precious", encoding="utf-8")
    assert "no socket" in _refused(path)
    assert path.read_text(encoding="utf-8") == "precious"


def test_link_to_a_socket_is_refused(tmp_path: Path) -> None:
    with _listening(tmp_path / "other.sock"):
        link = tmp_path / "s.sock"
        link.symlink_to(tmp_path / "other.sock")
        assert "no socket" in _refused(link)


def test_directory_that_anybody_may_write_to_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    assert "chmod o-w" in _refused(tmp_path / "s.sock")
    tmp_path.chmod(0o1777)
    assert _plan(tmp_path / "s.sock").predecessor is Predecessor.NONE


def test_file_in_the_directorys_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("", encoding="utf-8")
    assert "not a directory" in _refused(tmp_path / "run" / "s.sock")


def test_unknown_group_is_refused_without_naming_it(tmp_path: Path) -> None:
    assert _refused(tmp_path / "s.sock", group="no-such-group") == "no group of that name exists"


def test_socket_of_another_user_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    with _listening(path):
        if os.geteuid() == 0:
            os.chown(path, 65534, -1)
            assert "another user" in _refused(path)
        else:
            # Only root can give a file away; whoever is not root meets the rule at /run's sockets.
            assert path.stat().st_uid == os.geteuid()


def test_temporary_names_of_one_process_differ_by_number_and_stay_short(tmp_path: Path) -> None:
    plans = [
        plan_socket(str(tmp_path / "s.sock"), mode=0o600, group="", number=number)
        for number in (0, 1, 63)
    ]
    assert len({plan.temporary for plan in plans}) == 3
    assert max(len(plan.temporary.name) for plan in plans) <= 10


def test_published_socket_stands_until_another_has_its_name(tmp_path: Path) -> None:
    path = tmp_path / "s.sock"
    plan = _plan(path)
    with _listening(plan.temporary):
        published = publish(plan)
        assert published.stands()
        successor = _plan(path)
        with _listening(successor.temporary):
            publish(successor)
            assert not published.stands()
    path.unlink()
    assert not published.stands()
