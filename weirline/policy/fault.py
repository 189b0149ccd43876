"""Collects everything wrong with one policy, each with its place and the way to mend it.

`field` is a path such as `rules[2].do[0].block.status`. Entries whose name the author chose are
counted, not named (`categories[1]`), and no text quotes what was written: a policy may hold secrets
in places nobody expects.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from weirline.errors import Problem
from weirline.rulepack.entry import Place

Path = tuple[str | int, ...]

SHAPE = "E01"
UNDEFINED = "E02"
BAD_DETECTOR = "E03"
NEVER_MATCHES = "E04"
CONFLICT = "E05"
IMPOSSIBLE = "E06"
NO_ACTOR = "E07"
BAD_EXCEPTION = "E09"
UNRESTRICTED_BLOCK = "E10"
UNVERIFIED = "E12"

_NAMES_SHOWN = 12


class Faults:
    """The problems of one policy text; owned by the one call that reads it."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._problems: list[Problem] = []

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self._problems)

    def add(self, code: str, path: Path, place: Place | None, mend: str) -> None:
        """Note one problem; `place` None means that it has none (a policy made by code)."""
        line, column = (place.line, place.column) if place is not None else (0, 0)
        self._problems.append(Problem(code, self._file, line, column, field_name(path), mend))

    def sorted(self) -> list[Problem]:
        """Return all problems in the order of the text."""
        return sorted(self._problems, key=lambda one: (one.line, one.column, one.code))


def field_name(path: Path) -> str:
    """Return a path as people write it."""
    name = ""
    for part in path:
        if isinstance(part, int):
            name += f"[{part}]"
        else:
            name += f".{part}" if name else part
    return name or "policy"


def nearest(written: str, names: Sequence[str]) -> str:
    """Return ` (did you mean `x`?)` for the name most like what was written, or nothing."""
    close = difflib.get_close_matches(written[:80], names, n=1, cutoff=0.6)
    return f" (did you mean `{close[0]}`?)" if close else ""


def listed(names: Iterable[str]) -> str:
    """Return names joined for a sentence, cut where there are many."""
    every = list(names)
    shown = ", ".join(f"`{name}`" for name in every[:_NAMES_SHOWN])
    more = len(every) - _NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
