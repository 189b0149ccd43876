"""Keeps the compiled pattern database between starts, so that a start takes no compile.

A serialised database is as good as code: the engine runs it without checking. It is therefore only
taken from a directory of ours that nobody else may write (0700), and after its HMAC under a key
made there at first start (0600) was found right. Everything else costs the cache, never the start:
a read-only or foreign directory means that the database is compiled each time.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from extproc.metrics import CacheOutcome

FOLDER = "patterns"
KEY_FILE = "cache.key"
KEY_BYTES = 32
MAC_BYTES = 32
MOST_DATABASES = 4
LARGEST_DATABASE_BYTES = 256 << 20

_DIRECTORY_MODE = 0o700
_FILE_MODE = 0o600


class PatternCache:
    """Databases by fingerprint under one state directory.

    `fingerprint` must name everything that the database depends on: patterns, flags, engine
    version and processor. `outcome` says what the last `load` or `store` came to.
    """

    def __init__(self, state_dir: str) -> None:
        self._folder = Path(state_dir).absolute() / FOLDER if state_dir else None
        self.outcome = CacheOutcome.UNUSABLE

    def load(self, fingerprint: bytes) -> bytes | None:
        """Return the database stored for `fingerprint`, None if there is none to be trusted."""
        try:
            key = self._key()
            if key is None or self._folder is None:
                return None
            stored = _read_ours(self._folder / _name(fingerprint), LARGEST_DATABASE_BYTES)
        except OSError:
            return None
        if stored is None:
            return None
        mac, database = stored[:MAC_BYTES], stored[MAC_BYTES:]
        if not hmac.compare_digest(mac, _mac(key, fingerprint, database)):
            self.outcome = CacheOutcome.REJECTED
            return None
        self.outcome = CacheOutcome.HIT
        return database

    def store(self, fingerprint: bytes, database: bytes) -> None:
        """Write `database` for `fingerprint`, whole or not at all; never raises OSError."""
        rejected = self.outcome is CacheOutcome.REJECTED
        try:
            key = self._key()
            if key is None or self._folder is None:
                return
            target = self._folder / _name(fingerprint)
            _write_whole(target, _mac(key, fingerprint, database) + database)
            _forget_oldest(self._folder)
        except OSError:
            self.outcome = CacheOutcome.UNUSABLE
            return
        self.outcome = CacheOutcome.REJECTED if rejected else CacheOutcome.STORED

    def _key(self) -> bytes | None:
        """Return the key, made here at first use; None where the directory is not ours alone."""
        if self._folder is None or not _make_private(self._folder):
            return None
        place = self._folder / KEY_FILE
        key = _read_ours(place, KEY_BYTES)
        if key is None:
            _write_whole(place, secrets.token_bytes(KEY_BYTES))
            key = _read_ours(place, KEY_BYTES)  # what is there now: another start may have won
        return key if key is not None and len(key) == KEY_BYTES else None


def _forget_oldest(folder: Path) -> None:
    databases = sorted(folder.glob("*.db"), key=lambda path: path.stat().st_mtime)
    for path in databases[:-MOST_DATABASES]:
        path.unlink(missing_ok=True)


def _name(fingerprint: bytes) -> str:
    return hashlib.sha256(fingerprint).hexdigest()[:32] + ".db"


def _mac(key: bytes, fingerprint: bytes, database: bytes) -> bytes:
    mac = hmac.new(key, hashlib.sha256(fingerprint).digest(), hashlib.sha256)
    mac.update(database)
    return mac.digest()


def _make_private(folder: Path) -> bool:
    """Make the folder where it is missing; return whether it and its parent are safe to use."""
    folder.parent.mkdir(mode=_DIRECTORY_MODE, parents=True, exist_ok=True)
    folder.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
    ours, parent = folder.lstat(), folder.parent.stat()
    if not stat.S_ISDIR(ours.st_mode) or ours.st_uid != os.geteuid():
        return False
    if stat.S_IMODE(ours.st_mode) & 0o077:
        return False
    # Who may rename in the parent can put another folder, with another key, in our place.
    foreign = parent.st_uid not in (os.geteuid(), 0)
    shared = parent.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not parent.st_mode & stat.S_ISVTX
    return not foreign and not shared


def _read_ours(path: Path, most_bytes: int) -> bytes | None:
    """Return the content of a regular file of ours that only we may read, None if absent.

    Raises OSError for a file that is not so.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        private = not stat.S_IMODE(found.st_mode) & 0o077
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or not private:
            raise PermissionError("not a private file of ours")
        if found.st_size > most_bytes + MAC_BYTES:
            raise PermissionError("larger than anything stored here")
        return file.read()


def _write_whole(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, _FILE_MODE
    )
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
