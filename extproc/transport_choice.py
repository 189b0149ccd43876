"""Chooses between the two transports, and makes the chosen one.

The fast one is taken where it was built and can do what is asked for (no TLS). Where it cannot, and
nobody asked for it by name, grpcio serves the same exchanges slower, and says so. Only the chosen
one is imported: a sidecar on the fast transport never loads grpcio.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from socket import socket
from typing import Protocol

from extproc.exchange import OpenExchange
from extproc.h2.available import Missing, missing
from extproc.logs import Event, Log
from extproc.metrics import Tallies
from extproc.settings import Settings, Transport
from weirline.errors import Problem, SettingsError


class ServingTransport(Protocol):
    """What the program needs of a transport; `open_exchange` may be replaced at any time."""

    open_exchange: OpenExchange

    @property
    def streams(self) -> int:
        """How many streams are open."""
        ...

    @property
    def stuck(self) -> bool:
        """Whether a thread works on an answer that is overdue."""
        ...

    async def start(self) -> tuple[str, ...]:
        """Listen and return the addresses taken. Raises SettingsError or OSError."""
        ...

    async def drain(self, seconds: float) -> None:
        """Take no new streams, let the open ones run up to `seconds`, then end them."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """Which transport serves, never AUTO; `lacking` says why it is not the fast one, if so."""

    transport: Transport
    lacking: Missing | None = None


def choose(settings: Settings, look: Callable[[], Missing | None] = missing) -> Choice:
    """Choose for `settings`, which were checked; `look` says what the fast one lacks.

    Raises SettingsError where it lacks something and is a must: asked for by name, or needed for
    `peer_users` or several workers.
    """
    if settings.transport is Transport.GRPC or settings.tls_cert:
        return Choice(Transport.GRPC)
    lacking = look()
    if lacking is None:
        return Choice(Transport.H2)
    name = _reason_for_h2(settings)
    if name:
        expectation = (
            "the fast transport is not built here: install gcc and libnghttp2-dev and run "
            "python -m extproc.h2.build"
            if lacking is Missing.NOT_BUILT
            else "libnghttp2 is missing here or older than its limits on floods"
        )
        raise SettingsError([Problem("S06", "settings", 0, 0, name, expectation)])
    return Choice(Transport.GRPC, lacking)


def _reason_for_h2(settings: Settings) -> str:
    """Return the setting for which grpcio cannot stand in, empty if there is none."""
    if settings.transport is Transport.H2:
        return "transport"
    if settings.peer_users:
        return "peer_users"
    return "workers" if settings.workers > 1 else ""


def make(
    choice: Choice,
    open_exchange: OpenExchange,
    settings: Settings,
    *,
    tallies: Tallies,
    log: Log,
    listeners: Sequence[socket] = (),
) -> ServingTransport:
    """Import and make the chosen transport; say so where it is the slow one for want of the other.

    `listeners` are sockets that listen already, for the fast one in a worker. Raises SettingsError
    for users or files that do not exist.
    """
    if choice.transport is Transport.H2:
        from extproc.h2.transport import H2Transport

        return H2Transport(open_exchange, settings, tallies=tallies, log=log, listeners=listeners)
    if choice.lacking is not None:
        log.warning(Event.TRANSPORT_SLOW, lacking=choice.lacking.value)
    # grpcio's own log goes past ours and may quote what it received.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
    from extproc.grpc_aio import GrpcTransport

    return GrpcTransport(open_exchange, settings, tallies=tallies, log=log)
