"""The forms a scan's result is written in: text, JSON, JSON lines, CSV; SARIF has its own file.

Each writes as it goes, so that a result of any size needs no memory. None has a field for a value.
Sources: RFC 8259, RFC 4180, https://github.com/ndjson/ndjson-spec.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Protocol

import msgspec

from weirline.cli.scan.found import Found, shown


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """One finding in JSON, JSON lines and CSV; `offset` and `length` are bytes."""

    file: str
    line: int
    column: int
    offset: int
    length: int
    type: str
    category: str
    confidence: float
    part: str = ""


class Totals(msgspec.Struct):
    """What a whole scan came to; owned by that scan."""

    files: int = 0
    bytes: int = 0
    findings: int = 0
    kinds: Counter[str] = msgspec.field(default_factory=Counter)
    incomplete: list[str] = msgspec.field(default_factory=list)


class Form(Protocol):
    """One way to write a result. Each call returns text to write, with its line break."""

    def begin(self) -> str:
        """Return what stands before the first finding."""
        ...

    def found(self, found: Found) -> str:
        """Return one finding."""
        ...

    def end(self, totals: Totals) -> str:
        """Return what stands after the last finding."""
        ...


class TextForm:
    """For people: a line a finding, then how many of each kind."""

    def begin(self) -> str:
        """Nothing."""
        return ""

    def found(self, found: Found) -> str:
        """`name:line:column: detector category, N bytes, confidence`."""
        name = shown(found.name) + (f" {found.part}" if found.part else "")
        finding = found.finding
        place = f"{name}:{found.line}:{found.column}"
        kind = f"{finding.detector} {finding.category}"
        return f"{place}: {kind}, {found.size} bytes, {finding.confidence:.2f}\n"

    def end(self, totals: Totals) -> str:
        """The counts, and what was not looked at to its end."""
        lines = [f"{count:>8}  {kind}" for kind, count in sorted(totals.kinds.items())]
        lines.append(f"{totals.findings:>8}  in all, {totals.files} files")
        return "\n".join(lines) + "\n"


class JsonForm:
    """One JSON document: `findings`, then the totals."""

    def __init__(self) -> None:
        self._first = True

    def begin(self) -> str:
        """The head of the document."""
        return '{"version":1,"findings":['

    def found(self, found: Found) -> str:
        """One object of the array."""
        comma = "\n" if self._first else ",\n"
        self._first = False
        return comma + _encoded(record(found))

    def end(self, totals: Totals) -> str:
        """The totals."""
        return '\n],"totals":' + _encoded(totals) + "}\n"


class NdjsonForm:
    """One JSON object a line and finding, no totals."""

    def begin(self) -> str:
        """Nothing."""
        return ""

    def found(self, found: Found) -> str:
        """One line."""
        return _encoded(record(found)) + "\n"

    def end(self, _totals: Totals) -> str:
        """Nothing."""
        return ""


class CsvForm:
    """A table with a heading."""

    def begin(self) -> str:
        """The heading."""
        return _row(Record.__struct_fields__)

    def found(self, found: Found) -> str:
        """One row."""
        return _row(msgspec.structs.astuple(record(found)))

    def end(self, _totals: Totals) -> str:
        """Nothing."""
        return ""


def record(found: Found) -> Record:
    """Return a finding as the machine-readable forms hold it."""
    finding = found.finding
    return Record(
        file=shown(found.name),
        line=found.line,
        column=found.column,
        offset=found.offset,
        length=found.size,
        type=finding.detector,
        category=finding.category,
        confidence=round(finding.confidence, 4),
        part=found.part,
    )


def _encoded(item: object) -> str:
    return msgspec.json.encode(item).decode()


def _row(cells: tuple[object, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
