"""Reads the key sets that verify tokens: every NAME.json of one folder, each a JWKS.

Fetching keys is left to what the platform has for it (a mounted secret, a cron job): the sidecar
opens no connection of its own. A file that is no JWKS refuses the start.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from weirline.errors import Problem, SettingsError

if TYPE_CHECKING:
    from weirline.policy.jwt import VerifyKey

LARGEST_JWKS_BYTES = 1 << 20


def load_key_sets(jwks_dir: str) -> dict[str, tuple[VerifyKey, ...]]:
    """Return the keys by the name of their set. Raises SettingsError for what cannot be used."""
    if not jwks_dir:
        return {}
    # Loaded only where tokens are verified: it brings a library of several MB.
    from weirline.policy.jwt import read_keys

    sets: dict[str, tuple[VerifyKey, ...]] = {}
    try:
        for path in sorted(Path(jwks_dir).glob("*.json")):
            with path.open("rb") as file:
                keys = read_keys(file.read(LARGEST_JWKS_BYTES))
            sets[path.stem] = keys
    except (OSError, ValueError):
        sets = {"": ()}
    if not all(sets.values()):
        expectation = "a folder of JWKS files (RFC 7517), each with a key that verifies signatures"
        raise SettingsError([Problem("S05", "settings", 0, 0, "jwks_dir", expectation)])
    return sets
