"""Versions of Envoy, and addresses where none is."""

from __future__ import annotations

import socket

import pytest

from weirline.cli.envoy_admin import fault_of, read_admin, version_of
from weirline.errors import SettingsError


def test_version_is_read_from_its_long_form() -> None:
    assert version_of("1d2b3c/1.40.2/Clean/RELEASE/BoringSSL") == (1, 40, 2)
    assert version_of("no version") is None


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((1, 29, 99), True),
        ((1, 30, 9), True),
        ((1, 30, 10), False),
        ((1, 33, 1), False),
        ((1, 38, 4), True),
        ((1, 39, 1), True),
        ((1, 39, 2), False),
        ((2, 0, 0), False),
    ],
)
def test_version_with_a_known_fault_is_told(version: tuple[int, int, int], *, faulty: bool) -> None:
    assert (fault_of(version) is not None) is faulty


def test_address_where_no_envoy_answers_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", "http://", "http://127.0.0.1:port"):
        with pytest.raises(SettingsError, match="admin"):
            read_admin(url)
