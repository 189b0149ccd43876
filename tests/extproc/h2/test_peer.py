from __future__ import annotations

import os
import pwd
import socket

import pytest

from extproc.h2.peer import user_numbers, user_of
from weirline.errors import SettingsError


def test_users_are_read_by_name_and_by_number() -> None:
    me = pwd.getpwuid(os.geteuid())
    assert user_numbers(f" {me.pw_name}, 4711 ,") == {me.pw_uid, 4711}
    assert user_numbers("") == frozenset()


def test_unknown_user_is_refused_by_the_setting_and_not_repeated() -> None:
    with pytest.raises(SettingsError) as refusal:
        user_numbers("no-such-user-here")
    (problem,) = refusal.value.problems
    assert (problem.code, problem.field) == ("S06", "peer_users")
    assert "no-such" not in str(refusal.value)


def test_kernel_says_whose_the_other_end_is() -> None:
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        assert user_of(one) == os.geteuid()


def test_tcp_has_no_user() -> None:
    with socket.socket(socket.AF_INET) as plain:
        assert user_of(plain) is None
