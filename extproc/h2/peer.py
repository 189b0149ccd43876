"""Who may connect to the unix socket: the users that `peer_users` names, all if it names none.

The kernel says who the other side is (SO_PEERCRED, unix(7)), so nobody can pretend. It refuses
names that this machine does not know, at start. File rights of the socket hold besides.
"""

from __future__ import annotations

import pwd
import socket
import struct

from weirline.errors import Problem, SettingsError

_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid


def user_numbers(names: str) -> frozenset[int]:
    """Read user names or numbers, parted by commas. Raises SettingsError for an unknown name."""
    return frozenset(_number(name.strip()) for name in names.split(",") if name.strip())


def user_of(connection: socket.socket) -> int | None:
    """Return the number of the user at the other end, None where it is no unix socket."""
    if connection.family != socket.AF_UNIX:
        return None
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    user: int = _CREDENTIALS.unpack(raw)[1]
    return user


def _number(name: str) -> int:
    if name.isdecimal():
        return int(name)
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        problem = Problem("S06", "socket", 0, 0, "peer_users", "no user of that name exists")
        raise SettingsError([problem]) from None
