"""Which settings cannot stand beside each other, and why.

Refused here rather than found out at run time: a body that Envoy may send but the server may not
take is a 500 for a client, and plain TCP off the machine would carry bodies in the clear.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from extproc.settings import KIB, MIB, Settings, Transport
from extproc.settings_value import split_address

# A message is the body with its framing and the attributes, which come with the first one.
MESSAGE_OVERHEAD_BYTES = 64 * KIB
# A worker takes some 70 MiB before the first exchange, most of it shared with its supervisor.
LEAST_WORKER_BYTES = 128 * MIB
# sun_path holds 108 bytes with its end mark; the temporary name beside it takes up to ten, the
# number of a worker three behind it.
LONGEST_SOCKET_PATH = 98


@dataclass(frozen=True, slots=True)
class Conflict:
    """One combination that cannot work: the setting to change and what it must be."""

    name: str
    text: str
    code: str = "S04"


def conflicts(settings: Settings) -> Iterator[Conflict]:
    """Yield every combination in `settings` that cannot work."""
    if not settings.socket and not settings.listen:
        yield Conflict("socket", "set socket or listen: there is nothing to serve on")
    if len(settings.socket.encode()) > LONGEST_SOCKET_PATH:
        yield Conflict("socket", f"must be at most {LONGEST_SOCKET_PATH} bytes long")
    if settings.max_message_bytes < settings.envoy_buffer_bytes + MESSAGE_OVERHEAD_BYTES:
        yield Conflict(
            "max_message_bytes", "must be above envoy_buffer_bytes by 64 KiB (65536) at least"
        )
    if settings.transport is Transport.H2 and settings.tls_cert:
        yield Conflict("transport", "h2 serves no TLS: set auto or grpc, or leave tls_cert out")
    if settings.peer_users and (settings.transport is Transport.GRPC or settings.tls_cert):
        yield Conflict("peer_users", "grpcio cannot see who connects: set transport to h2")
    if settings.workers > 1 and (settings.transport is Transport.GRPC or settings.tls_cert):
        yield Conflict("workers", "grpcio serves with one process: set transport to h2")
    if 0 < settings.worker_memory_bytes < LEAST_WORKER_BYTES:
        yield Conflict("worker_memory_bytes", "must be 0 or at least 128 MiB (134217728)")
    yield from _tls(settings)


def is_loopback(host: str) -> bool:
    """Return whether `host` can only mean this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _tls(settings: Settings) -> Iterator[Conflict]:
    if bool(settings.tls_cert) != bool(settings.tls_key):
        missing = "tls_key" if settings.tls_cert else "tls_cert"
        yield Conflict(missing, "tls_cert and tls_key go together")
    if settings.tls_client_ca and not settings.tls_cert:
        yield Conflict("tls_cert", "tls_client_ca needs tls_cert and tls_key")
    if settings.tls_cert and not settings.listen:
        yield Conflict("listen", "TLS is for TCP: set listen, or leave tls_cert out")
    if settings.listen and not settings.tls_cert:
        host, _ = split_address(settings.listen)
        if not is_loopback(host):
            yield Conflict(
                "listen", "without TLS it must be a loopback address: set tls_cert and tls_key"
            )
