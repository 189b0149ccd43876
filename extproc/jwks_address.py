"""Which addresses key sets may be fetched from, and by whom: what a sidecar knows of fetching.

The fetching itself stands apart, in the child that does it: what it needs takes 70 ms to load.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from extproc.settings_rules import is_loopback

MODULE = "extproc.jwks_fetch"
FETCH_SECONDS = 10.0


def is_fetchable(address: str) -> bool:
    """Say whether an address is one that keys may be fetched from."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    return secure and bool(host)
