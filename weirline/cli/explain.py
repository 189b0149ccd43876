"""`weirline explain`: how each finding of a text came to be, and why others did not.

It prints the arithmetic (pattern, check, words nearby, confidence, floor, who won the bytes) in the
words of the detectors, and never a value: a word it names is one that a detector file lists.
"""

from __future__ import annotations

import argparse
import errno
import sys
from pathlib import Path

import msgspec

from weirline.cli.compiled_cache import cached_scanner
from weirline.cli.output import complain, say
from weirline.cli.scan.choice import Choice, add_choice, choose
from weirline.cli.scan.code_point import characters
from weirline.cli.scan.found import shown
from weirline.cli.scan.outcome import Outcome
from weirline.cli.scan.source import STDIN, unreadable
from weirline.detect.chain import DEFAULT_MAX_FINDINGS
from weirline.detect.confidence import CHECKED, LONG_CHECKS
from weirline.detect.context import Nearby
from weirline.detect.floor import Floors
from weirline.errors import DetectorError
from weirline.scan import Explained

MOST_BYTES = 16 << 20
FORMS = ("text", "json")


class Step(msgspec.Struct, frozen=True):
    """One step of the arithmetic: what was asked and what came out."""

    step: str
    result: str


class Account(msgspec.Struct, frozen=True):
    """All steps of one value; `outcome` is `found`, `context`, `floor` or `beaten`.

    `line` and `column` (in characters) count from 1, `offset` and `length` are bytes.
    """

    line: int
    column: int
    offset: int
    length: int
    type: str
    outcome: str
    confidence: float | None
    steps: tuple[Step, ...]


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb and its options."""
    parser = subparsers.add_parser(
        "explain",
        help="say why something was found, or was not",
        description="Prints, for everything that looks like a value, the steps from pattern to "
        "confidence, and what came of it. Never the value.",
    )
    parser.add_argument(
        "file", nargs="?", default=STDIN, metavar="FILE", help="- is standard input"
    )
    parser.add_argument("--format", choices=FORMS, default="text", help="default: text")
    add_choice(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Explain one text; return one of the exit codes of `Outcome`."""
    try:
        choice = choose(args)
    except DetectorError as error:
        complain(str(error))
        return Outcome.BAD_DETECTOR
    try:
        text = _read(args.file)
    except OSError as error:
        complain(str(unreadable(args.file, error)))
        return Outcome.ENVIRONMENT
    accounts = explain(text, choice)
    for each in accounts:
        say(_lines(shown(args.file), each) if args.format == "text" else _json(each))
    if not accounts and args.format == "text":
        say("nothing in it looks like a value")
    found = any(each.outcome == "found" for each in accounts)
    return Outcome.FOUND if found else Outcome.CLEAN


def explain(text: bytes, choice: Choice) -> list[Account]:
    """Return the account of everything in `text` that passed a pattern and its check."""
    floors = Floors(choice.floor)
    scanner = cached_scanner(choice.detectors, max_findings=DEFAULT_MAX_FINDINGS, floors=floors)
    return [_account(text, each, choice.floor) for each in scanner.explain(text)]


def _account(text: bytes, explained: Explained, floor: float) -> Account:
    before = text[: explained.start]
    line_start = before.rfind(b"\n") + 1
    outcome = _outcome(explained, floor)
    return Account(
        line=before.count(b"\n") + 1,
        column=characters(before[line_start:]) + 1,
        offset=explained.start,
        length=explained.end - explained.start,
        type=explained.detector.id,
        outcome=outcome,
        confidence=explained.confidence,
        steps=tuple(_steps(explained, floor, outcome)),
    )


def _outcome(explained: Explained, floor: float) -> str:
    if explained.confidence is None:
        return "context"
    if explained.confidence < floor:
        return "floor"
    return "found" if explained.found else "beaten"


def _steps(explained: Explained, floor: float, outcome: str) -> list[Step]:
    detector = explained.detector
    written = ", ".join(step.written.value for step in explained.way) or "as it stands"
    steps = [Step("written", written), Step("pattern", "matches")]
    if detector.validator is not None:
        steps.append(Step("check", f"{detector.validator}: passed"))
    if detector.context is not None:
        steps.append(Step("context", _context(explained)))
    if explained.confidence is not None:
        steps.append(Step("confidence", _sum(explained)))
        compared = "at least" if explained.confidence >= floor else "under"
        steps.append(Step("floor", f"{compared} {floor:.2f}"))
    if outcome in {"found", "beaten"}:
        winner = explained.beaten_by or "another reading of the same bytes"
        steps.append(Step("resolver", "kept" if outcome == "found" else f"{winner} took the bytes"))
    return steps


def _context(explained: Explained) -> str:
    seen, context = explained.seen, explained.detector.context
    if seen.nearby is Nearby.NOTHING:
        needed = context is not None and context.required
        return "no word of it is near" + (", and one is required" if needed else "")
    place = "" if seen.place is None else f", {seen.place.value}"
    meaning = "speaks for it" if seen.nearby is Nearby.SUPPORT else "rules it out"
    return f"«{seen.word}»{place}: {meaning}"


def _sum(explained: Explained) -> str:
    detector, context = explained.detector, explained.detector.context
    parts = f"{detector.confidence:.2f}"
    if context is not None and explained.seen.nearby is Nearby.SUPPORT:
        parts += f" + {context.confidence:.2f} for the context"
    if detector.validator in LONG_CHECKS:
        parts += f", at least {CHECKED:.2f} for its check"
    return f"{parts} = {explained.confidence:.2f}"


def _lines(name: str, account: Account) -> str:
    head = f"{name}:{account.line}:{account.column}: {account.type}, {account.length} bytes: "
    steps = (f"    {each.step:<10}  {each.result}" for each in account.steps)
    return "\n".join([head + _TOLD[account.outcome], *steps])


_TOLD = {
    "found": "found",
    "context": "dropped by its context",
    "floor": "under the floor",
    "beaten": "beaten",
}


def _json(account: Account) -> str:
    return msgspec.json.encode(account).decode()


def _read(file: str) -> bytes:
    if file == STDIN:
        text = sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        with Path(file).open("rb") as opened:
            text = opened.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise OSError(errno.EFBIG, "")
    return text
