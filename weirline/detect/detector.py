"""What a detector is: how to see one kind of value.

Detectors are data (rules/), so that strangers can add one without touching code. This file holds
their meaning only: it refuses no bad pattern (rulepack.check does) and reads no file.
"""

from __future__ import annotations

import enum

import msgspec


class Severity(enum.StrEnum):
    """How bad one leaked value of this kind is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class StreamUse(enum.StrEnum):
    """What a stream does with a value that may go on in the next chunk."""

    HOLD = "hold"  # bytes wait while a candidate is open
    FROM_ANCHOR = "from_anchor"  # the same, from a literal on; the value may be cut at the width
    OBSERVE = "observe"  # found and counted in streams, never held or redacted there


class Context(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that make a candidate more, or less, likely to be the real thing.

    `words` are looked for as whole words, without case: in the JSON keys the value stands under,
    in the head of its CSV column, up to `within` bytes before it and up to `after` bytes behind it
    on the same line. `confidence` is added where one stands. `required` means that the value
    counts only then. `against` are words whose presence drops the candidate.
    """

    words: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    within: int = 64
    after: int = 24
    confidence: float = 0.0
    required: bool = False


class Detector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of value and everything needed to see it.

    `pattern` is an RE2 expression over bytes that decides; the finding's span is its group named
    `v` where there is one, else the whole match. `trigger` is the Hyperscan expression that makes
    the confirm step look at all (default: `pattern`); it must match somewhere inside or at the end
    of every text `pattern` matches. `width` is the longest match of `pattern` in bytes.
    `confidence` is 0 to 1 without context. `issuer` links the specification the pattern was
    written from.
    """

    id: str
    title: str
    category: str
    severity: Severity
    pattern: str
    width: int
    confidence: float
    issuer: str
    trigger: str | None = None
    caseless: bool = False
    validator: str | None = None
    context: Context | None = None
    stream: StreamUse = StreamUse.HOLD
