"""Accepted findings: values, forms of values and places that an operator has looked at and passed.

An entry says why and since when, and may say until when: an exception that nobody can explain later
must not live on. Exact values are kept as keyed hashes, so that the list gives none away. Whoever
owns the key and the clock hands both in.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from datetime import date
from typing import Final

import msgspec

from weirline.detect.linear_regex import LinearRegex

LEAST_KEY_BYTES: Final = 16
_PATTERN_MEM_BYTES: Final = 1 << 20


class Allowed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry; exactly one of `value_hash`, `pattern` and `path` is given.

    `value_hash` is what `hash_of` returned for the value; `pattern` an RE2 expression the whole
    value matches; `path` the place, or its beginning where it ends in `*`. `detector` narrows the
    entry to one kind. From `until` on (a day) it no longer holds.
    """

    reason: str
    since: date
    value_hash: str | None = None
    pattern: str | None = None
    path: str | None = None
    detector: str | None = None
    until: date | None = None


class AllowList:
    """Entries made ready. Immutable; safe to use from several threads at once."""

    __slots__ = ("_by_hash", "_key", "_paths", "_patterns")

    def __init__(self, entries: Iterable[Allowed], key: bytes) -> None:
        """`key` is the one the hashes were made with, at least 16 bytes.

        Raises ValueError for an entry of none or several sorts, or without a reason, and for a
        short key; ExpressionRefused for a pattern RE2 does not take.
        """
        if len(key) < LEAST_KEY_BYTES:
            raise ValueError("the key of an allow-list has at least 16 bytes")
        self._key = key
        self._by_hash: dict[str, list[Allowed]] = {}
        self._patterns: list[tuple[LinearRegex, Allowed]] = []
        self._paths: list[Allowed] = []
        for entry in entries:
            self._add(entry)

    def allows(self, detector: str, value: bytes, path: str, today: date) -> Allowed | None:
        """Return the entry that accepts `value` of `detector` at `path`, None if there is none."""
        for entry in self._candidates(value, path):
            named = entry.detector is None or entry.detector == detector
            if named and entry.since <= today and (entry.until is None or today < entry.until):
                return entry
        return None

    def _add(self, entry: Allowed) -> None:
        sorts = [one for one in (entry.value_hash, entry.pattern, entry.path) if one is not None]
        if len(sorts) != 1 or not entry.reason.strip():
            raise ValueError("an entry names one of value_hash, pattern, path, and its reason")
        if entry.value_hash is not None:
            self._by_hash.setdefault(entry.value_hash, []).append(entry)
        elif entry.pattern is not None:
            compiled = LinearRegex(
                rf"\A(?:{entry.pattern})\z", caseless=False, max_mem_bytes=_PATTERN_MEM_BYTES
            )
            self._patterns.append((compiled, entry))
        else:
            self._paths.append(entry)

    def _candidates(self, value: bytes, path: str) -> Iterable[Allowed]:
        if self._by_hash:
            yield from self._by_hash.get(hash_of(value, self._key), ())
        for compiled, entry in self._patterns:
            if compiled.find(value, 0, len(value)) is not None:
                yield entry
        for entry in self._paths:
            place = entry.path or ""
            if path == place or (place.endswith("*") and path.startswith(place[:-1])):
                yield entry


def hash_of(value: bytes, key: bytes) -> str:
    """Return the hash under which a value stands in an allow-list: HMAC-SHA-256, in hex."""
    return hmac.new(key, value, hashlib.sha256).hexdigest()
