"""`weirline scan --jsonl`: many short texts in one run, for scoring against labelled sets.

Each input line `{"id", "text"}` gives one output line `{"id", "findings"}`, in order; other fields,
such as labels, are passed over. Offsets count code points, as JSON readers do: a lone surrogate is
one, a character beyond the BMP is one. A line that cannot be read is told with its number and gives
no output line; the others are still scanned.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

import msgspec

from weirline.cli.output import complain, emit
from weirline.cli.scan.code_point import CONTINUATION, characters
from weirline.cli.scan.outcome import Outcome
from weirline.cli.scan.source import Source, unreadable
from weirline.detect.finding import Finding
from weirline.errors import Problem

BAD_LINE = "L04"
SCORE_DIGITS = 4
LINES_A_WRITE = 256
_NO_FINDINGS = b'"findings":[]}\n'
_SHAPE = 'one JSON object a line: {"id": anything, "text": "text"}'


class Row(msgspec.Struct, frozen=True):
    """One input line; `id` is any JSON value and comes back as it was written."""

    id: msgspec.Raw
    text: str


class Hit(msgspec.Struct, frozen=True):
    """One finding: detector id, half-open span in code points, confidence."""

    type: str
    start: int
    end: int
    score: float


class Answer(msgspec.Struct, frozen=True):
    """One output line."""

    id: msgspec.Raw
    findings: list[Hit]


def run_batch(
    found_sources: Iterable[Source | Problem], find: Callable[[bytes], Iterable[Finding]]
) -> Outcome:
    """Answer the lines of every source on standard output, and say how it went.

    Faults go to standard error; a source that cannot be read does not stop the others.
    """
    refused: list[Problem] = []
    outcome = Outcome.CLEAN

    def refuse(problem: Problem) -> None:
        refused.append(problem)
        complain(str(problem))

    for source in found_sources:
        if isinstance(source, Problem):
            complain(str(source))
            outcome = Outcome.ENVIRONMENT
            continue
        try:
            with source.opened() as lines:
                answers = scan_lines(lines, find, file=source.name, refuse=refuse)
                if _write(answers):
                    outcome = max(outcome, Outcome.FOUND)
        except OSError as error:
            complain(str(unreadable(source.name, error)))
            outcome = Outcome.ENVIRONMENT
    return max(outcome, Outcome.USAGE) if refused else outcome


def _write(answers: Iterable[bytes]) -> bool:
    """Write all answers; tell whether any has a finding."""
    found = False
    waiting: list[bytes] = []
    for answer in answers:
        found = found or not answer.endswith(_NO_FINDINGS)
        waiting.append(answer)
        if len(waiting) == LINES_A_WRITE:
            emit(b"".join(waiting))
            waiting.clear()
    emit(b"".join(waiting))
    return found


def scan_lines(
    lines: Iterable[bytes],
    find: Callable[[bytes], Iterable[Finding]],
    *,
    file: str,
    refuse: Callable[[Problem], None],
) -> Iterator[bytes]:
    """Yield the output line of each of `lines`, with its line break; empty ones are passed over.

    A line that is no such object goes to `refuse`, by the name `file` and its number.
    """
    encode = msgspec.json.Encoder().encode
    decode = msgspec.json.Decoder(Row).decode
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            loose = _loosely_read(line)
            if loose is None:
                mend = f"cannot be read; expected {_SHAPE}"
                refuse(Problem(BAD_LINE, file, number, 1, "line", mend))
                continue
            row = loose
        text = row.text.encode("utf-8", "surrogatepass")
        yield encode(Answer(row.id, list(hits(text, find(text))))) + b"\n"


def hits(text: bytes, findings: Iterable[Finding]) -> Iterator[Hit]:
    """Yield `findings`, which come in order of start, with offsets in code points.

    A character of which a span covers a part is taken whole.
    """
    if text.isascii():
        for finding in findings:
            yield _hit(finding, finding.start, finding.end)
        return
    seen, count = 0, 0  # bytes walked, characters that begin in them
    for finding in findings:
        start, end = finding.start, finding.end
        count += characters(text[seen:start])
        seen = start
        cut = start > 0 and text[start] in CONTINUATION
        yield _hit(finding, count - cut, count + characters(text[start:end]))


def _hit(finding: Finding, start: int, end: int) -> Hit:
    return Hit(finding.detector, start, end, round(finding.confidence, SCORE_DIGITS))


def _loosely_read(line: bytes) -> Row | None:
    """Read a line with lone surrogates, which the fast reader refuses; None if it is no row."""
    try:
        read = json.loads(line)
    except ValueError:
        return None
    if not isinstance(read, dict) or "id" not in read or not isinstance(read.get("text"), str):
        return None
    return Row(msgspec.Raw(json.dumps(read["id"]).encode()), read["text"])
