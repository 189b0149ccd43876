"""The life of the unix socket's path: who may be there before us, its rights, and when it goes.

grpcio binds a path itself, with the umask's rights, and unlinks on stop whatever stands there. So
it is given a temporary name; the socket gets its group and mode, and only then the name Envoy
knows, by rename. Between two sidecars this is also how one replaces the other without a moment
without a listener. Refused: a path that is no socket, a socket of another user, and a directory
where anybody could put another socket in our place.
"""

from __future__ import annotations

import enum
import grp
import os
import socket
import stat
from dataclasses import dataclass
from pathlib import Path

from weirline.errors import Problem, SettingsError

BACKLOG = 1024  # connections that may wait for a worker
DIRECTORY_MODE = 0o750
PROBE_SECONDS = 1.0


class Predecessor(enum.StrEnum):
    """What stood at the path before."""

    NONE = "none"
    STALE = "stale"  # a socket that nobody listens on
    ALIVE = "alive"  # a running sidecar's, whose place is taken


@dataclass(frozen=True, slots=True)
class SocketPlan:
    """A checked place for the socket: bind `temporary`, then call `publish`."""

    path: Path
    temporary: Path
    mode: int
    group: int | None
    predecessor: Predecessor


@dataclass(frozen=True, slots=True)
class PublishedSocket:
    """A socket under the name Envoy knows, remembered by inode so that only ours is removed."""

    path: Path
    device: int
    inode: int

    def stands(self) -> bool:
        """Return whether the path is still our socket."""
        try:
            found = self.path.lstat()
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == (self.device, self.inode)

    def remove(self) -> bool:
        """Unlink the path if it is still our socket; return whether it was."""
        stands = self.stands()
        if stands:
            self.path.unlink(missing_ok=True)
        return stands


def plan_socket(path: str, *, mode: int, group: str, number: int = 0) -> SocketPlan:
    """Check the place and make its directory (0750) where it is missing.

    `number` tells the temporary names of one process apart (0 to 99).
    Raises SettingsError if the path cannot be used safely, OSError if the system refuses.
    """
    place = Path(path).absolute()
    group_number = _group_number(group) if group else None
    _check_directory(place.parent, group_number)
    predecessor = _predecessor(place)
    temporary = place.with_name(f".{os.getpid():x}w{number}")
    temporary.unlink(missing_ok=True)
    return SocketPlan(place, temporary, mode, group_number, predecessor)


def publish(plan: SocketPlan) -> PublishedSocket:
    """Give the socket bound at `plan.temporary` its rights and its name. Raises OSError."""
    if plan.group is not None:
        os.chown(plan.temporary, -1, plan.group, follow_symlinks=False)
    plan.temporary.chmod(plan.mode)
    bound = plan.temporary.lstat()
    plan.temporary.rename(plan.path)
    return PublishedSocket(plan.path, bound.st_dev, bound.st_ino)


def _check_directory(directory: Path, group: int | None) -> None:
    if not directory.exists():
        directory.mkdir(mode=DIRECTORY_MODE, parents=True)
        if group is not None:
            os.chown(directory, -1, group)
        return
    if not directory.is_dir():
        raise _refusal("the directory of the path is not a directory")
    found = directory.stat()
    if found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX:
        raise _refusal("anybody may write to its directory: take the right away (chmod o-w)")


def _predecessor(path: Path) -> Predecessor:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return Predecessor.NONE
    if not stat.S_ISSOCK(found.st_mode):
        raise _refusal("something that is no socket stands there: remove it or choose another path")
    if found.st_uid != os.geteuid():
        raise _refusal("a socket of another user stands there: remove it or choose another path")
    return Predecessor.ALIVE if _listens(path) else Predecessor.STALE


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(PROBE_SECONDS)
        try:
            probe.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:
            return True  # a full backlog: somebody is there
        return True


def _group_number(group: str) -> int:
    if group.isdecimal():
        return int(group)
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        problem = Problem("S06", "socket", 0, 0, "socket_group", "no group of that name exists")
        raise SettingsError([problem]) from None


def _refusal(expectation: str) -> SettingsError:
    return SettingsError([Problem("S06", "socket", 0, 0, "socket", expectation)])
