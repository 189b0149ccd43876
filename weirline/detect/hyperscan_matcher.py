"""The matcher of production: one Hyperscan (Vectorscan) database, block mode, ends only.

It refuses stored databases of another engine, of other expressions or with a changed byte, because
the engine trusts what it is given. No start-of-match, no UTF8 (needs valid input); SINGLEMATCH only
where a first hit is all that is asked for. Source: Hyperscan's developer reference; the binding's C
code: a scan without a scratch of its own takes the database's, and a second thread then fails.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, Self

import hyperscan
from hyperscan._version import __version__ as engine_version

from weirline.detect.matcher import Expression, Hits
from weirline.errors import WeirlineError

_MAGIC: Final = b"weirline-database-1\n"
_DIGEST_SIZE: Final = 32
_NO_HITS: Final = Hits([], capped=False)


class MatcherRefused(WeirlineError):
    """Hyperscan does not take an expression; it does not say which, so try each alone."""

    def __init__(self) -> None:
        super().__init__("Hyperscan refuses an expression")


class HyperscanMatcher:
    """A compiled set of expressions; owns its scratches, one for each scan that runs at once."""

    __slots__ = ("_database", "_fingerprint", "_first_scratch", "_free")

    def __init__(self, database: hyperscan.Database, fingerprint: bytes) -> None:
        self._database = database
        self._fingerprint = fingerprint
        self._first_scratch = hyperscan.Scratch(database)  # only ever cloned: never busy
        self._free = [self._first_scratch.clone()]  # append and pop are atomic: no lock needed

    @classmethod
    def compile(cls, expressions: Sequence[Expression], *, once: bool = False) -> Self:
        """Compile `expressions`; a hit names them by their index. Takes tenths of a second.

        With `once` each gives its first hit in a text and no other. Raises MatcherRefused if
        Hyperscan refuses one, or if there is none.
        """
        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        try:
            database.compile(
                expressions=[expression.text.encode("ascii") for expression in expressions],
                ids=list(range(len(expressions))),
                elements=len(expressions),
                flags=[_flags(expression, once=once) for expression in expressions],
            )
        except (hyperscan.error, UnicodeEncodeError):
            raise MatcherRefused from None
        return cls(database, _fingerprint(expressions, once=once))

    @classmethod
    def load(
        cls, stored: bytes, expressions: Sequence[Expression], *, once: bool = False
    ) -> Self | None:
        """Return the matcher that `dump` stored, or None unless it is of these expressions.

        None also for another version of the engine, another kind of processor, damaged data.
        """
        fingerprint = _fingerprint(expressions, once=once)
        head = len(_MAGIC) + _DIGEST_SIZE
        payload = stored[head + _DIGEST_SIZE :]
        if (
            stored[:head] != _MAGIC + fingerprint
            or stored[head : head + _DIGEST_SIZE] != hashlib.sha256(payload).digest()
        ):
            return None
        try:
            database = hyperscan.loadb(payload, hyperscan.HS_MODE_BLOCK)
            matcher = cls(database, fingerprint)
            matcher.hits(b"", 1)
        except hyperscan.error:
            return None
        return matcher

    def dump(self) -> bytes:
        """Return the database with the marks `load` checks; fit for a file only we can write."""
        payload = hyperscan.dumpb(self._database)
        return _MAGIC + self._fingerprint + hashlib.sha256(payload).digest() + payload

    def hits(self, data: bytes, limit: int) -> Hits:
        """Return at most `limit` hits in `data`, up to 4 GiB. Lets other threads run meanwhile."""
        ends: list[tuple[int, int]] = []
        append = ends.append

        def note(index: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            append((index, end))
            return len(ends) >= limit  # true ends the scan

        try:
            scratch = self._free.pop()
        except IndexError:
            scratch = self._first_scratch.clone()
        try:
            self._database.scan(data, note, scratch=scratch)
        except hyperscan.ScanTerminated:
            return Hits(ends, capped=True)
        finally:
            self._free.append(scratch)
        return Hits(ends, capped=False) if ends else _NO_HITS


def _flags(expression: Expression, *, once: bool) -> int:
    flags = hyperscan.HS_FLAG_DOTALL
    if once:
        flags |= hyperscan.HS_FLAG_SINGLEMATCH
    return flags | hyperscan.HS_FLAG_CASELESS if expression.caseless else flags


def _fingerprint(expressions: Sequence[Expression], *, once: bool) -> bytes:
    digest = hashlib.sha256(engine_version.encode() + (b" once\n" if once else b"\n"))
    for text, caseless in expressions:
        digest.update(b"%d %d %s\n" % (len(text), caseless, text.encode("ascii", "replace")))
    return digest.digest()
