"""Keeps the last policy that came into force beside the state, with its hash.

Whoever broke a policy and has to restart finds the one that ran: an ordinary file, to be given as
`policy`. A state directory that cannot be written costs the copy and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

FOLDER = "policy"
TEXT_FILE = "last-good.yaml"
HASH_FILE = "last-good.sha256"


def keep_last_good(state_dir: str, text: str) -> None:
    """Write a policy's text and its SHA-256 (as sha256sum -c reads it) in place of the last."""
    if not state_dir:
        return
    content = text.encode()
    digest = hashlib.sha256(content).hexdigest()
    with contextlib.suppress(OSError):
        folder = Path(state_dir) / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        _replace(folder / TEXT_FILE, content)
        _replace(folder / HASH_FILE, f"{digest}  {TEXT_FILE}\n".encode())


def _replace(path: Path, content: bytes) -> None:
    new = path.with_name(path.name + ".new")
    new.write_bytes(content)
    new.chmod(0o600)
    new.replace(path)
