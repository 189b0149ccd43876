"""The listening sockets of a sidecar with workers, owned by the supervisor.

A worker is handed its listener by the fork, so connections wait in it while a worker is replaced.
Each place has a unix socket of its own, since Envoy holds one connection for each of its threads
and endpoints: a shared socket would balance by luck. A TCP address is one socket that all workers
accept from. A unix socket gets its name only when its worker serves, so a successor that cannot
serve takes nothing away from the sidecar before it. Refused is what `unix_socket` refuses.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass

from extproc.settings import Settings
from extproc.settings_value import split_address
from extproc.unix_socket import (
    BACKLOG,
    Predecessor,
    PublishedSocket,
    SocketPlan,
    plan_socket,
    publish,
)
from weirline.errors import Problem, SettingsError


def socket_paths(path: str, workers: int) -> tuple[str, ...]:
    """Return the path of each worker's unix socket: PATH alone, or PATH.0, PATH.1 and so on."""
    if not path:
        return ("",) * workers
    return (path,) if workers == 1 else tuple(f"{path}.{number}" for number in range(workers))


@dataclass(frozen=True, slots=True)
class _Bound:
    plan: SocketPlan
    listener: socket.socket
    socket: PublishedSocket  # under the name that it will have


class OwnedSockets:
    """The sockets of all places. Mutable: it binds, names, closes and removes them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._paths = socket_paths(settings.socket, settings.workers)
        self._bound: dict[int, _Bound] = {}
        self._named: dict[int, PublishedSocket] = {}
        self._open: set[int] = set()
        self._tcp: socket.socket | None = None

    def bind(self, place: int) -> tuple[socket.socket, ...]:
        """Return what the worker of a place accepts from; binds what is not bound.

        Raises SettingsError for a path or an address that cannot be used, OSError.
        """
        self._open.add(place)
        if self._paths[place] and place not in self._bound:
            self._bound[place] = self._bind_unix(place)
        if self._settings.listen and self._tcp is None:
            self._tcp = _bind_tcp(self._settings.listen)
        bound = self._bound.get(place)
        unix = () if bound is None else (bound.listener,)
        return unix if self._tcp is None else (*unix, self._tcp)

    def publish(self, place: int) -> Predecessor:
        """Give the unix socket of a place its name; return what stood there. Raises OSError."""
        bound = self._bound.get(place)
        if bound is None:
            return Predecessor.NONE
        self._named[place] = publish(bound.plan)
        return bound.plan.predecessor

    def addresses(self, place: int) -> tuple[str, ...]:
        """Return where the worker of a place can be reached."""
        bound = self._bound.get(place)
        unix = () if bound is None else (f"unix:{bound.plan.path}",)
        return unix if self._tcp is None else (*unix, _shown(self._settings.listen, self._tcp))

    def stands(self, place: int) -> bool:
        """Return whether the name of a place still leads to its socket."""
        bound = self._bound.get(place)
        return bound is None or bound.socket.stands()

    def shut(self, place: int) -> None:
        """Close the socket of a place, so that connections are refused; its name stays."""
        bound = self._bound.pop(place, None)
        if bound is not None:
            bound.listener.close()
        self._open.discard(place)
        if self._tcp is not None and not self._open:
            self._tcp.close()
            self._tcp = None

    def release(self) -> bool:
        """Remove the names that are still ours and close all; return whether all were ours."""
        ours = [named.remove() for named in self._named.values()]
        for bound in self._bound.values():
            bound.plan.temporary.unlink(missing_ok=True)
        for place in range(len(self._paths)):
            self.shut(place)
        return all(ours)

    def _bind_unix(self, place: int) -> _Bound:
        settings = self._settings
        plan = plan_socket(
            self._paths[place],
            mode=settings.socket_mode,
            group=settings.socket_group,
            number=place,
        )
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(plan.temporary))
        listener.listen(BACKLOG)
        found = plan.temporary.lstat()
        return _Bound(plan, listener, PublishedSocket(plan.path, found.st_dev, found.st_ino))


def _bind_tcp(address: str) -> socket.socket:
    host, port = split_address(address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError:
        expectation = "the address is in use or not ours"
        raise SettingsError([Problem("S06", address, 0, 0, "listen", expectation)]) from None


def _shown(address: str, listener: socket.socket) -> str:
    return f"{address.rpartition(':')[0]}:{listener.getsockname()[1]}"
