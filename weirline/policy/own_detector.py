"""Detectors of a policy's own: a kind of value that only this company has, as it is written.

A shorter form than the files of rules/ have, for what most people need: a pattern, a check digit,
words nearby, and the texts that prove it. The bounds are the same: an expression of the linear
subset with an upper length, at least one example and one counter-example.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec

from weirline.detect.detector import Context, Detector, Severity
from weirline.rulepack.entry import ExampleText
from weirline.rulepack.expression import UnsupportedExpression, parse_expression
from weirline.rulepack.width import widest

OWN_CATEGORY = "own"
NEAR_CONFIDENCE = 0.3  # what a word nearby adds
_CHECKS = {"luhn": "luhn_digits"}  # of a value that may have letters beside its digits
ISSUER = "policy"  # in place of the address of a specification

DetectorName = Annotated[
    str,
    msgspec.Meta(
        pattern="^[a-z][a-z0-9_]{1,63}$",
        description="2 to 64 of a-z, 0-9 and _, a letter first.",
    ),
]
Texts = Annotated[tuple[ExampleText, ...], msgspec.Meta(min_length=1)]


class OwnDetector(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How to see a kind of value of your own.

    `pattern` is an RE2 expression with an upper length; of a group named `v` only that is the
    value. `check` is a check digit (`luhn` and others). A value counts from a confidence of 0.5 on:
    `confidence` (0 to 1) is what it has by itself, words of `near` beside it add 0.3, words of
    `not_near` rule it out. In each of `examples` it must be found, in each of `not_examples` not;
    a list there is parts of one text, so that no secret stands unbroken in the file. `category` is
    what findings are told under: a built-in one, or without it `own`.
    """

    pattern: Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]
    examples: Texts
    not_examples: Texts
    check: str | None = None
    near: tuple[str, ...] = ()
    not_near: tuple[str, ...] = ()
    confidence: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.6
    caseless: bool = False
    category: str = OWN_CATEGORY
    severity: Severity = Severity.MEDIUM
    title: Annotated[str, msgspec.Meta(max_length=200)] | None = None


def own_detectors(written: Mapping[str, OwnDetector]) -> tuple[Detector, ...]:
    """Return the detectors a policy brings, in the order of the file.

    One whose expression cannot be read has a width of 0; `own_detector_check` refuses it.
    """
    return tuple(_detector(name, one) for name, one in written.items())


def with_own(
    shipped: Sequence[Detector], written: Mapping[str, OwnDetector]
) -> tuple[Detector, ...]:
    """Return the shipped detectors, then those a policy brings."""
    return (*shipped, *own_detectors(written))


def _detector(name: str, written: OwnDetector) -> Detector:
    try:
        width = widest(parse_expression(written.pattern, caseless=written.caseless)) or 0
    except UnsupportedExpression:
        width = 0
    context = Context(
        words=tuple(word.lower() for word in written.near),
        against=tuple(word.lower() for word in written.not_near),
        confidence=NEAR_CONFIDENCE,
    )
    return Detector(
        id=name,
        title=written.title or name.replace("_", " "),
        category=written.category,
        severity=written.severity,
        pattern=written.pattern,
        width=width,
        confidence=written.confidence,
        issuer=ISSUER,
        caseless=written.caseless,
        validator=None if written.check is None else _CHECKS.get(written.check, written.check),
        context=context if written.near or written.not_near else None,
    )
