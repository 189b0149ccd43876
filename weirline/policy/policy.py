"""A policy as it is written: the shape of a `weirline/v1` file, each field with its type.

The JSON Schema and the reference page are made from these classes, so they are the one place where
a field is added. What a shape cannot say (names that must exist, selectors that can never match)
is checked in `check`; order of rules never matters.
"""

from __future__ import annotations

import enum
from typing import Annotated, Literal

import msgspec

from weirline.detect.detector import Severity
from weirline.policy.action import Action, Duration
from weirline.policy.own_detector import DetectorName, OwnDetector
from weirline.policy.selector import Condition, FieldName, Selector

Name = Annotated[
    str,
    msgspec.Meta(
        pattern="^[a-z][a-z0-9_-]{0,62}$",
        description="1 to 63 of a-z, 0-9, _ and -, a letter first.",
    ),
]
Size = Annotated[
    str,
    msgspec.Meta(
        pattern="^[1-9][0-9]{0,8}(B|KiB|MiB|GiB)$",
        description="Bytes: a whole number and B, KiB, MiB or GiB.",
        examples=["512KiB", "8MiB"],
    ),
]


Names = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Mode(enum.StrEnum):
    """Whether what is decided is carried out."""

    ENFORCE = "enforce"
    SHADOW = "shadow"  # decide and count everything, change nothing


class ScannerDown(enum.StrEnum):
    """What happens to traffic while the scanner is absent or at fault."""

    BLOCK = "block"
    ALLOW = "allow"


class BodyOverDo(enum.StrEnum):
    """What happens to a body larger than the limit."""

    SCAN_START_AND_TAG = "scan_start_and_tag"  # scan up to the limit, let the rest go, count it
    BLOCK = "block"
    PASS = "pass"  # noqa: S105 - not a password; the body is not looked at, and counted


class Unscannable(enum.StrEnum):
    """What happens to a body that cannot be read."""

    PASS = "pass"  # noqa: S105 - a word, not a password
    BLOCK = "block"


class AlreadySent(enum.StrEnum):
    """What happens when a message is to be blocked after part of it has left."""

    CUT = "cut"
    REDACT_REST = "redact_rest"


class HeldTooLong(enum.StrEnum):
    """What happens to bytes that wait for the rest of a value when they may wait no longer."""

    SEND = "send"
    MASK = "mask"
    CUT = "cut"


class Metadata(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who this policy is: `name` is a metric label, `owner` whom to ask."""

    name: Name
    owner: Annotated[str, msgspec.Meta(max_length=200)] | None = None


class BodyOverRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The largest body that is scanned whole, and what happens to larger ones."""

    limit: Size = "8MiB"
    do: BodyOverDo = BodyOverDo.SCAN_START_AND_TAG


class JwtRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The token is a JWT: which claims say whom it stands for, and whose keys verify it.

    `verify` names a set of keys of the sidecar's setting `jwks_dir`. Without it claims are what the
    client says, and can only tighten.
    """

    identify_by: Annotated[tuple[FieldName, ...], msgspec.Meta(min_length=1)] = ("sub",)
    verify: Name | None = None


class TokenRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where the token of a request stands: in a header or a cookie, exactly one of them."""

    header: FieldName | None = None
    cookie: FieldName | None = None
    jwt: JwtRule | None = None


class DefaultsRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What holds where no rule says otherwise.

    Without `scanner_down` an enforcing policy blocks and a shadow policy allows.
    """

    scanner_down: ScannerDown | None = None
    body_over: BodyOverRule = BodyOverRule()
    unscannable: Unscannable = Unscannable.PASS
    already_sent: AlreadySent = AlreadySent.CUT
    held_too_long: HeldTooLong = HeldTooLong.SEND
    token: TokenRule | None = None


class Report(enum.StrEnum):
    """What is kept of a value beyond its exchange."""

    KEYED_HASH = "keyed_hash"  # so that different values can be told apart over many exchanges
    COUNT = "count"  # nothing but that there was one


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Detectors under one name: `detect` lists detector ids or categories.

    `min_confidence` (0 to 1) leaves out findings below it. `severity` decides which of several
    blocks answers the client: the one of the most severe category. Values of a category whose
    `report` is `count` are never kept, not even as a hash: windows cannot tell them apart.
    """

    detect: Names
    severity: Severity = Severity.MEDIUM
    min_confidence: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    report: Report = Report.KEYED_HASH


class Distinct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How many different values the message must hold; the same one again counts once."""

    at_least: Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class Find(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a rule looks for: values of one of the categories, at least so many in one message."""

    category: str | Names
    at_least: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 1
    distinct: Distinct | None = None


class Require(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What must hold, or the rule acts: one value of the request, and what it must equal.

    Exactly one of `path_param`, `query_param`, `header` and `claim` says which value, exactly one
    of `equals_claim` (a claim of a verified token) and `equals` what it must be.
    """

    path_param: FieldName | None = None
    query_param: FieldName | None = None
    header: FieldName | None = None
    claim: FieldName | None = None
    equals_claim: FieldName | None = None
    equals: str | tuple[str, ...] | None = None


class ExceptionRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Messages that a rule leaves alone until a date: why, who answers for it, and how long.

    `until` is the last day, in UTC, as YYYY-MM-DD; the day after, the exception stops applying.
    """

    rule: str
    when: str | Condition
    reason: Annotated[str, msgspec.Meta(max_length=500)] | None = None
    owner: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    until: Annotated[str, msgspec.Meta(max_length=32)] | None = None


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is done with values of some categories in some messages.

    `when` and `unless` are the name of a selector or one written in place; without `when` the rule
    looks at every message. Without `find` the rule decides about requests alone, before their
    bodies come: it acts on each that it selects, or, with `require`, on each that does not meet it.
    `mode: shadow` decides and counts this rule only.
    """

    id: Name
    do: Annotated[tuple[Action, ...], msgspec.Meta(min_length=1)]
    find: Find | None = None
    when: str | Condition | None = None
    unless: str | Condition | None = None
    require: Require | None = None
    mode: Mode | None = None


class Measure(enum.StrEnum):
    """What a window counts."""

    MATCHES = "matches"
    REQUESTS = "requests"
    DISTINCT_VALUES = "distinct_values"
    DISTINCT_KINDS = "distinct_kinds"


WindowPer = Annotated[
    str,
    msgspec.Meta(
        pattern="^(token|address|caller|callee|endpoint|claim:[A-Za-z0-9_.-]{1,100})$",
        description="`token`, `address`, `caller`, `callee`, `endpoint` or `claim:NAME`.",
        examples=["token"],
    ),
]


class WindowFind(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a window counts: values of one of the categories."""

    category: str | Names


class WindowRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is done with an actor that did more than so much in the last so much time.

    It counts in the messages that `when` selects and `unless` does not, for each value of `per`
    apart, and acts on later requests of that actor for the time of `for`, which begins anew as long
    as the actor stays above. Without `find` it counts requests.
    """

    id: Name
    per: Annotated[tuple[WindowPer, ...], msgspec.Meta(min_length=1)]
    count: Measure
    over: Duration
    more_than: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    do: Annotated[tuple[Action, ...], msgspec.Meta(min_length=1)]
    find: WindowFind | None = None
    when: str | Condition | None = None
    unless: str | Condition | None = None
    hold: Duration | None = msgspec.field(name="for", default=None)
    mode: Mode | None = None


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A whole policy file."""

    api_version: Literal["weirline/v1"] = msgspec.field(name="apiVersion")
    kind: Literal["Policy"]
    metadata: Metadata
    mode: Mode
    rules: Annotated[tuple[Rule, ...], msgspec.Meta(min_length=1)]
    defaults: DefaultsRule = DefaultsRule()
    detectors: dict[DetectorName, OwnDetector] = {}
    categories: dict[Name, Category] = {}
    selectors: dict[Name, Selector] = {}
    windows: tuple[WindowRule, ...] = ()
    exceptions: tuple[ExceptionRule, ...] = ()
