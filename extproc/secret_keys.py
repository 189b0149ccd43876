"""The secret keys of this sidecar: one root, and one key for each use, derived apart.

The root is a file of the operator's (`key_file`, so that several sidecars hash alike), else one
made at first start under the state directory (0600), else one for this process alone. Whoever
learns one derived key learns no other. Source: RFC 5869 (HKDF, one block of SHA-256).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from weirline.errors import Problem, SettingsError

ROOT_BYTES = 32
LARGEST_KEY_BYTES = 4096
STATE_FILE = "root.key"
_SALT = b"weirline/keys/v1"


class SecretKeys:
    """Derives keys from one root; the root is never shown."""

    __slots__ = ("_extracted",)

    def __init__(self, root: bytes) -> None:
        self._extracted = hmac.digest(_SALT, root, hashlib.sha256)

    def derive(self, purpose: str) -> bytes:
        """Return the 32 bytes for one purpose; the same for the same root."""
        return hmac.digest(self._extracted, purpose.encode() + b"\x01", hashlib.sha256)


def load_keys(key_file: str, state_dir: str) -> SecretKeys:
    """Return the keys. Raises SettingsError where `key_file` cannot be used."""
    if key_file:
        return SecretKeys(_operators(key_file))
    if state_dir:
        with contextlib.suppress(OSError):
            return SecretKeys(_ours(Path(state_dir) / STATE_FILE))
    return SecretKeys(secrets.token_bytes(ROOT_BYTES))


def _operators(key_file: str) -> bytes:
    try:
        with Path(key_file).open("rb") as file:
            content = file.read(LARGEST_KEY_BYTES)
    except OSError:
        content = b""
    if len(content.strip()) < ROOT_BYTES:
        expectation = f"a readable file with at least {ROOT_BYTES} secret bytes"
        raise SettingsError([Problem("S05", "settings", 0, 0, "key_file", expectation)])
    return content


def _ours(path: Path) -> bytes:
    """Read the root of this sidecar, made now if there is none; raise OSError where neither."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        content = path.read_bytes()
        if len(content) < ROOT_BYTES:
            raise OSError("a key that was not written whole") from None
        return content
    root = secrets.token_bytes(ROOT_BYTES)
    with os.fdopen(handle, "wb") as file:
        file.write(root)
    return root
