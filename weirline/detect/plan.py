"""Where the chain looks for each detector: which hit of which pass is worth a try, and how far.

A plan is made from detectors once (rulepack.scan_plan), stored beside the compiled databases, and
read at start in a millisecond. Nothing in it says what a value is: the detector does.
"""

from __future__ import annotations

import msgspec

from weirline.detect.class_finder import ClassProgram
from weirline.detect.matcher import Expression

WHOLE_TEXT = 1 << 40  # bytes; farther than any text goes


class Reach(msgspec.Struct, frozen=True, array_like=True):
    """A detector, by its index, and the window around the end of a hit in which it is tried.

    `column` is set for words that may be the head of a column: where one stands in the first line
    of a table, the whole text is the window.
    """

    detector: int
    before: int
    behind: int
    column: bool = False


Owners = tuple[tuple[Reach, ...], ...]


class EnginePass(msgspec.Struct, frozen=True, array_like=True):
    """Expressions for the engine and, for each, whose they are."""

    expressions: tuple[Expression, ...] = ()
    owners: Owners = ()


class ClassPass(msgspec.Struct, frozen=True, array_like=True):
    """The program of the class finder and, for each of its sequences, whose they are."""

    program: ClassProgram = ClassProgram()
    owners: Owners = ()


class Plan(msgspec.Struct, frozen=True):
    """What is looked for in every text.

    `literals` are literals, words of contexts and short expressions that begin with a literal;
    `classes` short sequences of byte classes; `others` the triggers of detectors with neither.
    `words` gives for each of the literals the detectors, by their index, that are looked for only
    around it, `before_word` to `behind_word` bytes from its end; `named` are their sequences.
    """

    literals: EnginePass
    classes: ClassPass
    others: EnginePass
    named: ClassPass
    words: tuple[tuple[int, ...], ...]
    before_word: int
    behind_word: int
