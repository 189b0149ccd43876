"""What one flow amounts to when it is over: counts only, no text, no path, no header.

The shell turns it into metrics. Every member of the enums below is a metric label, so these are
closed sets.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import msgspec

from weirline.policy.facts import Direction
from weirline.policy.gate import Counted
from weirline.redact.headers import BrokenSignature


class Place(enum.StrEnum):
    """Where in a message a value stood."""

    HEADER = "header"
    QUERY = "query"
    PATH = "path"
    BODY = "body"
    TRAILER = "trailer"


class Unscanned(enum.StrEnum):
    """Why a body in scope was not scanned, or not to its end."""

    UPGRADE = "upgrade"  # a tunnel: WebSocket, CONNECT
    ENCODING = "encoding"  # a content-encoding that is not known
    BROKEN = "broken"  # not what its headers say: a broken encoding, frames that are none
    INFLATED = "inflated"  # unpacks to more than max_inflate_ratio allows
    FRAME = "frame"  # one message, event or frame is too large to be held
    MEDIA = "media"  # pictures, sound, film, fonts
    TRAILERS = "trailers"  # trailers came where held bytes could no longer be sent
    BODY_OVER = "body_over"  # larger than the policy's body_over.limit
    PARTIAL = "partial"  # Envoy handed over only the first part of the body
    HOLD_BACK = "hold_back"  # an open candidate outgrew the hold-back limit
    NESTED = "nested"  # escapes within escapes, more than are followed
    CHARSET = "charset"  # a charset that is not known
    IN_PLACE = "in_place"  # a value that nothing of its length can take the place of
    MATCHES = "matches"  # more findings than the limit; the rest was not looked at


class Outcome(enum.StrEnum):
    """How the flow ended."""

    PASSED = "passed"  # nothing was changed
    REDACTED = "redacted"
    BLOCKED = "blocked"  # the client got our answer and none of the message
    CUT = "cut"  # blocked after part of the message had left
    ABANDONED = "abandoned"  # Envoy ended the stream before both directions were done
    FAULT = "fault"  # protocol error or fault of ours; the fail mode took over


class FindingKey(NamedTuple):
    """One series of findings."""

    detector: str
    category: str
    direction: Direction
    place: Place
    action: str  # observe, redact, block or alert
    shadow: bool
    rule: str  # id of the rule, empty where none matched


# Makes a counter without a Python frame: a flow needs five.
_counts: Callable[[], defaultdict[Any, int]] = partial(defaultdict, int)


class FlowReport(msgspec.Struct, gc=False):
    """Counts of one flow, filled while it runs by its one owner, the flow."""

    findings: defaultdict[FindingKey, int] = msgspec.field(default_factory=_counts)
    unscanned: defaultdict[tuple[Direction, Unscanned], int] = msgspec.field(
        default_factory=_counts
    )
    broken_signatures: defaultdict[tuple[Direction, BrokenSignature], int] = msgspec.field(
        default_factory=_counts
    )
    scanned_bytes: defaultdict[Direction, int] = msgspec.field(default_factory=_counts)
    rule_actions: defaultdict[Counted, int] = msgspec.field(default_factory=_counts)
    messages: int = 0
    outcome: Outcome = Outcome.PASSED
