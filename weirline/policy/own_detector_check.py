"""Checks the detectors of a policy: first what can be said of them, then by running them.

The first costs nothing and happens wherever a policy is read. The second compiles each one and
takes some 10 ms or more, so it is asked for apart: by the command line at once, by the sidecar in
the process that compiles. Both speak of E03, with the same words as for the shipped detectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from weirline.detect.validators import VALIDATORS
from weirline.errors import Problem
from weirline.policy.fault import BAD_DETECTOR, SHAPE, UNDEFINED, Path, listed, nearest
from weirline.policy.own_detector import OWN_CATEGORY, OwnDetector, own_detectors
from weirline.rulepack.check import prove_entries
from weirline.rulepack.cost import Clock
from weirline.rulepack.entry import Entry, Place, example_bytes
from weirline.rulepack.expression import Node, UnsupportedExpression, parse_expression
from weirline.rulepack.parse import CATEGORIES, MAX_WIDTH
from weirline.rulepack.width import narrowest, widest

Wrong = tuple[str, Path, str]

_FIELDS = {"validator": "check", "trigger": "pattern", "context": "near"}  # other names here


def own_detector_faults(
    written: Mapping[str, OwnDetector], shipped: Iterable[str]
) -> Iterator[Wrong]:
    """Yield what is wrong with detectors as they are written; `shipped` are ids already taken."""
    taken = frozenset(shipped)
    for position, (name, one) in enumerate(written.items()):
        where: Path = ("detectors", position)
        if name in taken:
            yield SHAPE, where, "a shipped detector has this id: take another one"
        if one.check is not None and one.check not in VALIDATORS:
            mend = f"no check of this name{nearest(one.check, sorted(VALIDATORS))}"
            yield UNDEFINED, (*where, "check"), f"{mend}: one of {listed(sorted(VALIDATORS))}"
        if one.category not in (*CATEGORIES, OWN_CATEGORY):
            mend = f"one of {listed((*CATEGORIES, OWN_CATEGORY))}"
            yield UNDEFINED, (*where, "category"), mend + nearest(one.category, CATEGORIES)
        for mend in _pattern(one):
            yield BAD_DETECTOR, (*where, "pattern"), mend


def _pattern(one: OwnDetector) -> Iterator[str]:
    try:
        node = parse_expression(one.pattern, caseless=one.caseless)
    except UnsupportedExpression as error:
        yield f"at character {error.position + 1}, {error.expectation}"
        return
    yield from _bounds(node)


def _bounds(node: Node) -> Iterator[str]:
    if narrowest(node) == 0:
        yield "an expression that needs at least one byte to match"
    width = widest(node)
    if width is None:
        yield "an upper bound for every repetition, {n,m} in place of +, * or {n,}"
    elif width > MAX_WIDTH:
        yield f"a longest match of at most {MAX_WIDTH} bytes"


def own_entries(
    written: Mapping[str, OwnDetector], places: Mapping[Path, Place], file: str
) -> list[Entry]:
    """Return detectors that have no fault so far with what proves them, to be run."""
    return [
        Entry(
            detector=detector,
            examples=tuple(example_bytes(text) for text in one.examples),
            not_examples=tuple(example_bytes(text) for text in one.not_examples),
            file=file,
            places=_places(position, places),
        )
        for position, (detector, one) in enumerate(
            zip(own_detectors(written), written.values(), strict=True)
        )
    ]


def _places(position: int, places: Mapping[Path, Place]) -> dict[str, Place]:
    found = {"": places.get(("detectors", position))}
    for name in OwnDetector.__struct_fields__:
        found[name] = places.get(("detectors", position, name))
    return {name: place for name, place in found.items() if place is not None}


def prove(entries: Iterable[Entry], clock: Clock) -> list[Problem]:
    """Run detectors with their examples and return what is wrong, in the words of the policy.

    `clock` returns CPU seconds. Costs 10 ms and more for each.
    """
    problems: list[Problem] = []
    for position, entry in enumerate(entries):
        for found in prove_entries([entry], clock).problems:
            field = f"detectors[{position}].{_FIELDS.get(found.field, found.field)}"
            place = found.line, found.column
            problems.append(Problem(found.code, found.file, *place, field, found.expectation))
    return problems
