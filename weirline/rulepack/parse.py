"""Detector files into entries, with every fault at once.

What can be said of a detector without running it is said here: fields and their types, names, the
expression's subset and bounds. What needs the engines is `check`. No message quotes a value: a
detector file may hold an example that is somebody's secret.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from weirline.detect.detector import StreamUse
from weirline.detect.validators import VALIDATORS
from weirline.errors import DetectorError, Problem
from weirline.rulepack.entry import Entry, EntryForm, Place, detector_of, example_bytes
from weirline.rulepack.expression import Node, UnsupportedExpression, parse_expression
from weirline.rulepack.prefix import leading_literal_width
from weirline.rulepack.width import narrowest, widest
from weirline.rulepack.word_group import GROUPS, unknown_groups
from weirline.rulepack.yaml_tree import Branch, read_yaml

CATEGORIES: Final = (
    "payment",
    "identity",
    "health",
    "contact",
    "network",
    "secrets",
    "server_internals",
)
MAX_WIDTH: Final = 65_536  # bytes; the most a stream may ever hold back
_LITERAL_FLOOR: Final = 3  # bytes; a shorter anchor would hold ordinary text

_EXPECTED: Final = {
    "id": "a name of small letters, digits and _, 2 to 64 long, that begins with a letter",
    "title": "a text",
    "category": "a text, one of " + ", ".join(CATEGORIES),
    "severity": "one of low, medium, high, critical",
    "pattern": "a text; put it in single quotes",
    "confidence": "a number from 0 to 1",
    "issuer": "the https:// address of the specification the pattern was written from",
    "examples": "a list of at least one text, or of lists of parts of a text; quote numbers",
    "not_examples": "a list of at least one text, or of lists of parts of a text; quote numbers",
    "width": f"a number of bytes from 1 to {MAX_WIDTH}, or leave it out",
    "trigger": "a text; put it in single quotes",
    "caseless": "true or false",
    "validator": "a text, one of " + ", ".join(sorted(VALIDATORS)),
    "context": "a map of words, against (lists of texts), within (1 to 200), after (0 to 200), "
    "confidence (0 to 1) and required (true or false), no other field",
    "stream": "one of hold, from_anchor, observe",
}
_NO_ANCHOR: Final = (
    "a literal of three bytes or more in front (a fence may stand before it), because the bytes of "
    "a stream wait from there on with `stream: from_anchor`"
)
_NO_BOUND: Final = (
    "an upper bound for every repetition, {n,m} in place of +, * or {n,}; only `stream: "
    "from_anchor` with a `width` may go without"
)
_FIELDS: Final = {field.name: field for field in msgspec.structs.fields(EntryForm)}


def parse_files(files: Iterable[tuple[str, str]]) -> tuple[Entry, ...]:
    """Return the entries of (name, YAML text) pairs, in order; ids are unique among all of them.

    Raises DetectorError with everything found in all the files.
    """
    problems: list[Problem] = []
    entries: list[Entry] = []
    for file, text in files:
        try:
            entries += _entries(read_yaml(text, file), file, problems)
        except DetectorError as error:
            problems += error.problems
    problems += _repeated_ids(entries)
    if problems:
        raise DetectorError(problems)
    return tuple(entries)


def _entries(root: Branch, file: str, problems: list[Problem]) -> list[Entry]:
    top = root.value
    items = top["detectors"].value if isinstance(top, dict) and "detectors" in top else None
    if not isinstance(top, dict) or len(top) != 1 or not isinstance(items, list) or not items:
        expectation = "one field, `detectors`, with a list of at least one detector"
        problems.append(Problem("E01", file, 1, 1, "file", expectation))
        return []
    read = (_EntryReader(file, item).entry(problems) for item in items)
    return [entry for entry in read if entry is not None]


def _repeated_ids(entries: Sequence[Entry]) -> list[Problem]:
    problems: list[Problem] = []
    seen: dict[str, Entry] = {}
    for entry in entries:
        first = seen.setdefault(entry.detector.id, entry)
        if first is not entry:
            place = entry.place("id")
            expectation = f"an id of its own; {first.file}:{first.place('id').line} has this one"
            problems.append(Problem("E01", entry.file, place.line, place.column, "id", expectation))
    return problems


class _EntryReader:
    """Reads one item of the list; owns the problems it finds until it hands them over."""

    def __init__(self, file: str, item: Branch) -> None:
        self._file = file
        self._item = item
        self._fields = item.value if isinstance(item.value, dict) else {}
        self._problems: list[Problem] = []

    def entry(self, problems: list[Problem]) -> Entry | None:
        if not isinstance(self._item.value, dict):
            self._refuse("E01", "detectors", "a map of fields")
        else:
            self._check_names()
        values = self._values()
        width = self._checked_meaning(values)
        problems += self._problems
        if self._problems:
            return None
        return self._built(msgspec.convert(values, EntryForm), width)

    def _check_names(self) -> None:
        for name, branch in self._fields.items():
            if name not in _FIELDS:
                near = difflib.get_close_matches(name, _FIELDS, n=1)
                hint = f"; did you mean `{near[0]}`?" if near else "; remove it"
                self._add("E01", "unknown field", f"a field of rules/README.md{hint}", branch.place)
        for name, field in _FIELDS.items():
            if field.required and name not in self._fields:
                self._refuse("E01", name, f"{_EXPECTED[name]}; the field is missing")

    def _values(self) -> dict[str, object]:
        values: dict[str, object] = {}
        for name, branch in self._fields.items():
            if name not in _FIELDS:
                continue
            try:
                msgspec.convert(branch.plain(), _FIELDS[name].type)
            except msgspec.ValidationError:
                self._refuse("E01", name, _EXPECTED[name])
                continue
            values[name] = branch.plain()
        return values

    def _checked_meaning(self, values: dict[str, object]) -> int:
        """Check what the fields mean; return the width, 0 if there is none to be had."""
        self._known(values, "category", CATEGORIES)
        self._known(values, "validator", sorted(VALIDATORS))
        self._check_word_groups(values)
        caseless = values.get("caseless") is True
        self._expression(values, "trigger", caseless=caseless)
        node = self._expression(values, "pattern", caseless=caseless)
        if node is None:
            return 0
        width = values.get("width")
        stream = StreamUse(str(values.get("stream", StreamUse.HOLD)))
        return self._width(node, width if isinstance(width, int) else None, stream)

    def _known(self, values: dict[str, object], field: str, names: Sequence[str]) -> None:
        name = values.get(field)
        if isinstance(name, str) and name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            self._refuse("E02", field, "one of " + ", ".join(names) + hint)

    def _check_word_groups(self, values: dict[str, object]) -> None:
        context = values.get("context")
        if isinstance(context, dict):
            words = [*context.get("words", ()), *context.get("against", ())]
            if unknown_groups(words):
                groups = ", ".join(f"@{name}" for name in GROUPS)
                self._refuse("E02", "context", f"words and the groups {groups}")

    def _expression(self, values: dict[str, object], name: str, *, caseless: bool) -> Node | None:
        text = values.get(name)
        if not isinstance(text, str):
            return None
        try:
            node = parse_expression(text, caseless=caseless)
        except UnsupportedExpression as error:
            self._refuse("E03", name, f"at character {error.position + 1}, {error.expectation}")
            return None
        if narrowest(node) == 0:
            self._refuse("E03", name, "an expression that needs at least one byte to match")
        return node

    def _width(self, node: Node, given: int | None, stream: StreamUse) -> int:
        computed = widest(node)
        if stream is StreamUse.FROM_ANCHOR:
            if leading_literal_width(node) < _LITERAL_FLOOR:
                self._refuse("E03", "pattern", _NO_ANCHOR)
            if computed is None and given is None:
                self._refuse("E03", "width", "a number of bytes, as the pattern has no bound")
        elif computed is None:
            self._refuse("E03", "pattern", _NO_BOUND)
        if computed is not None and given is not None and given < computed:
            expectation = f"at least {computed}, the longest match of the pattern; or leave it out"
            self._refuse("E03", "width", expectation)
        width = given or computed or 0
        if width > MAX_WIDTH:
            self._refuse("E03", "pattern", f"a longest match of at most {MAX_WIDTH} bytes")
        return width

    def _built(self, form: EntryForm, width: int) -> Entry:
        places = {name: branch.place for name, branch in self._fields.items()}
        return Entry(
            detector=detector_of(form, width=width),
            examples=tuple(example_bytes(text) for text in form.examples),
            not_examples=tuple(example_bytes(text) for text in form.not_examples),
            file=self._file,
            places=places | {"": self._item.place},
        )

    def _refuse(self, code: str, field: str, expectation: str) -> None:
        branch = self._fields.get(field)
        self._add(code, field, expectation, self._item.place if branch is None else branch.place)

    def _add(self, code: str, field: str, expectation: str, place: Place) -> None:
        self._problems.append(
            Problem(code, self._file, place.line, place.column, field, expectation)
        )
