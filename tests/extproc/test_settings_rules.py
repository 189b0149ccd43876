from __future__ import annotations

import msgspec
import pytest

from extproc.settings import DEFAULTS, KIB, Transport
from extproc.settings_rules import LEAST_WORKER_BYTES, conflicts, is_loopback


def _conflicting(**changes: str | int) -> list[str]:
    return [conflict.name for conflict in conflicts(msgspec.structs.replace(DEFAULTS, **changes))]


@pytest.mark.parametrize("host", ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "localhost:1"])
def test_tcp_without_tls_is_taken_on_loopback(host: str) -> None:
    assert not _conflicting(listen=host)


@pytest.mark.parametrize("host", ["0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example.com:1"])
def test_tcp_without_tls_is_refused_elsewhere(host: str) -> None:
    assert _conflicting(listen=host) == ["listen"]


def test_tcp_with_tls_is_taken_everywhere() -> None:
    assert not _conflicting(listen="0.0.0.0:1", tls_cert="c", tls_key="k")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"tls_cert": "c"}, ["tls_key", "listen"]),
        ({"tls_key": "k"}, ["tls_cert"]),
        ({"tls_client_ca": "a"}, ["tls_cert"]),
        ({"tls_cert": "c", "tls_key": "k"}, ["listen"]),
    ],
    ids=["no key", "no certificate", "authority alone", "no tcp"],
)
def test_half_a_tls_setup_names_the_missing_half(given: dict[str, str], named: list[str]) -> None:
    assert _conflicting(**given) == named


def test_nothing_to_serve_on_is_refused() -> None:
    assert _conflicting(socket="") == ["socket"]
    assert not _conflicting(socket="", listen="127.0.0.1:0")


def test_socket_path_longer_than_the_kernel_takes_is_refused() -> None:
    assert not _conflicting(socket="/" + "x" * 97)
    assert _conflicting(socket="/" + "x" * 98) == ["socket"]


def test_receive_limit_below_what_envoy_may_send_is_refused() -> None:
    assert not _conflicting(envoy_buffer_bytes=KIB * 1024, max_message_bytes=KIB * 1088)
    assert _conflicting(envoy_buffer_bytes=KIB * 1024, max_message_bytes=KIB * 1087) == [
        "max_message_bytes"
    ]


def test_name_that_may_resolve_anywhere_is_no_loopback() -> None:
    assert is_loopback("localhost")
    assert not is_loopback("localhost.example.com")


def test_fast_transport_with_tls_is_refused_by_name_and_left_to_choose_otherwise() -> None:
    tls = {"listen": "0.0.0.0:1", "tls_cert": "c", "tls_key": "k"}
    assert _conflicting(transport=Transport.H2, **tls) == ["transport"]
    assert not _conflicting(transport=Transport.AUTO, **tls)
    assert not _conflicting(transport=Transport.H2, listen="127.0.0.1:1")


def test_several_workers_cannot_be_had_where_grpcio_serves() -> None:
    assert _conflicting(workers=2, transport=Transport.GRPC) == ["workers"]
    tls = {"listen": "0.0.0.0:1", "tls_cert": "c", "tls_key": "k"}
    assert _conflicting(workers=2, transport=Transport.AUTO, **tls) == ["workers"]
    assert not _conflicting(workers=2, transport=Transport.AUTO)


def test_bound_below_the_size_of_an_idle_worker_is_refused() -> None:
    assert _conflicting(worker_memory_bytes=512) == ["worker_memory_bytes"]
    assert not _conflicting(worker_memory_bytes=LEAST_WORKER_BYTES)
    assert not _conflicting(worker_memory_bytes=0)


def test_users_of_the_socket_cannot_be_named_where_grpcio_serves() -> None:
    assert _conflicting(peer_users="envoy", transport=Transport.GRPC) == ["peer_users"]
    tls = {"listen": "0.0.0.0:1", "tls_cert": "c", "tls_key": "k"}
    assert _conflicting(peer_users="envoy", transport=Transport.AUTO, **tls) == ["peer_users"]
    assert not _conflicting(peer_users="envoy", transport=Transport.AUTO)
