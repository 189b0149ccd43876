"""From detectors to the plan of the chain: by what each is found, so that it costs least.

First choice: a literal. A detector whose context is required is looked for where one of its words
stands, if it has no literal. Then a sequence of byte classes, where the class finder is built. What
is left runs its trigger on the engine. A trigger that an author gave counts like the expression:
whichever of the two has the rarer anchor is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from weirline.detect.class_finder import ClassSequence, Filter, class_program
from weirline.detect.detector import Context, Detector
from weirline.detect.matcher import Expression
from weirline.detect.pattern_set import trigger_of
from weirline.detect.plan import ClassPass, EnginePass, Plan, Reach
from weirline.detect.surroundings import KEY_REACH
from weirline.rulepack.anchor import LEAST_LITERAL, literal_anchor
from weirline.rulepack.class_anchor import DIGITS, class_anchor, frequency, share
from weirline.rulepack.expression import Bytes, Choice, Fence, Node, Repeat, parse_expression
from weirline.rulepack.prefix import flat
from weirline.rulepack.word_anchor import LONGEST_WORD, word_anchor

Anchor = TypeVar("Anchor", Expression, ClassSequence)

# Of a validator: what may be asked before it is, and what where no digit follows the value.
_FILTERS: Final = {
    "card": (Filter.CARD, Filter.CARD_WHOLE),
    "luhn": (Filter.LUHN, Filter.LUHN_WHOLE),
}
_LUHN_TEXT: Final = DIGITS | 1 << ord(" ") | 1 << ord("-")
_WEAK_LITERAL: Final = 4 * LEAST_LITERAL  # characters of an expression, `\x61` each
_FAR: Final = 1  # bytes; the byte before a value, which a fence takes


def scan_plan(detectors: Sequence[Detector], *, class_finder: bool) -> Plan:
    """Return the plan for `detectors`, each of them checked before (`rulepack.parse`).

    `class_finder` says whether that part is there. Costs some ms a detector.
    """
    builder = _Builder(class_finder=class_finder)
    for index, detector in enumerate(detectors):
        builder.add(index, detector)
    plan = builder.plan()
    # Sequences of more kinds than there have ever been: the engine takes them all.
    return plan if plan is not None else scan_plan(detectors, class_finder=False)


class _Builder:
    """Collects what is to be looked for; owned by one call of `scan_plan`."""

    def __init__(self, *, class_finder: bool) -> None:
        self._class_finder = class_finder
        self._literals: dict[Expression, list[Reach]] = {}
        self._others: dict[Expression, list[Reach]] = {}
        self._classes: dict[ClassSequence, list[Reach]] = {}
        self._named: dict[ClassSequence, list[Reach]] = {}
        self._words: dict[Expression, list[Reach]] = {}

    def add(self, index: int, detector: Detector) -> None:
        """Put one detector where it costs least."""
        pattern = parse_expression(detector.pattern, caseless=detector.caseless)
        given = detector.trigger
        nodes = [pattern]
        if given is not None:
            nodes.append(parse_expression(given, caseless=detector.caseless))
        reach = Reach(index, detector.width + _FAR, detector.width + _FAR)
        literals: tuple[Expression, ...] = max(map(literal_anchor, nodes), key=_rarity)
        if literals and given is not None and _rarity(literals)[0] <= _WEAK_LITERAL:
            literals = (trigger_of(detector),)  # it says more than the three letters in it
        if literals:
            _put(self._literals, literals, reach)
            return
        sequences = self._class_sequences(detector, nodes) if self._class_finder else ()
        context = detector.context
        if context is not None and context.required and context.words:
            around = _around_word(index, detector, context)
            if sequences:
                _put(self._words, _words(context), around)
                _put(self._named, sequences, reach)
            else:
                _put(self._literals, _words(context), around)
        elif sequences:
            _put(self._classes, sequences, reach)
        else:
            _put(self._others, (trigger_of(detector),), reach)

    def plan(self) -> Plan | None:
        """Return the plan, None if the class finder cannot take so many sequences."""
        classes, named = _class_pass(self._classes), _class_pass(self._named)
        if classes is None or named is None:
            return None
        for word in self._words:
            self._literals.setdefault(word, [])
        words = [[reach.detector for reach in self._words.get(one, ())] for one in self._literals]
        around = [reach for reaches in self._words.values() for reach in reaches]
        return Plan(
            literals=_engine_pass(self._literals),
            classes=classes,
            others=_engine_pass(self._others),
            named=named,
            words=tuple(map(tuple, words)),
            before_word=max((reach.before for reach in around), default=0),
            behind_word=max((reach.behind for reach in around), default=0),
        )

    def _class_sequences(
        self, detector: Detector, nodes: Sequence[Node]
    ) -> tuple[ClassSequence, ...]:
        anchors = [anchor for anchor in map(class_anchor, nodes) if anchor]
        if not anchors:
            return ()
        rarest = min(anchors, key=frequency)
        if anchors[0] != rarest or detector.validator not in _FILTERS:
            return tuple(ClassSequence(one) for one in rarest)
        follows, fenced = _luhn_filter(nodes[0], _FILTERS[detector.validator])
        return tuple(ClassSequence(one, follows, fenced) for one in rarest)


def _put(among: dict[Anchor, list[Reach]], anchors: Iterable[Anchor], reach: Reach) -> None:
    for anchor in anchors:
        among.setdefault(anchor, []).append(reach)


def _class_pass(among: dict[ClassSequence, list[Reach]]) -> ClassPass | None:
    program = class_program(tuple(among), share)
    return None if program is None else ClassPass(program, tuple(map(tuple, among.values())))


def _engine_pass(among: dict[Expression, list[Reach]]) -> EnginePass:
    return EnginePass(tuple(among), tuple(map(tuple, among.values())))


def _rarity(anchor: tuple[Expression, ...]) -> tuple[int, int]:
    return min((len(one.text) for one in anchor), default=0), -len(anchor)


def _words(context: Context) -> tuple[Expression, ...]:
    return tuple(dict.fromkeys(one for word in context.words for one in word_anchor(word)))


def _around_word(index: int, detector: Detector, context: Context) -> Reach:
    """Return the window around the end of a part of a word: the value stands on either side."""
    before = LONGEST_WORD + context.after + detector.width
    behind = LONGEST_WORD + max(context.within, KEY_REACH) + detector.width
    return Reach(index, before, behind, column=True)


def _luhn_filter(pattern: Node, filters: tuple[Filter, Filter]) -> tuple[Filter, bool]:
    """Return which of `filters` may be asked of a value of `pattern`, and whether it is fenced.

    Only of digits with blanks or dashes between them: the check skips no other sign.
    """
    parts = flat(pattern)
    fenced = bool(parts) and isinstance(parts[0], Choice) and _is_fence(parts[0])
    first = 1 if parts and _is_fence(parts[0]) else 0
    last = len(parts) - (1 if len(parts) > 1 and _is_fence(parts[-1]) else 0)
    if not all(_only(part, _LUHN_TEXT) for part in parts[first:last]):
        return Filter.NONE, False
    closed = last < len(parts) and not _takes_digit(parts[-1])
    return filters[closed], fenced


def _is_fence(node: Node) -> bool:
    if isinstance(node, Choice):
        return all(isinstance(option, Fence | Bytes) for option in node.options)
    return isinstance(node, Fence)


def _takes_digit(fence: Node) -> bool:
    """Whether a digit may stand behind a value that ends in one before this fence."""
    if isinstance(fence, Choice):
        return any(map(_takes_digit, fence.options))
    if isinstance(fence, Bytes):
        return bool(fence.mask & DIGITS)
    return fence is Fence.NOT_WORD or fence is Fence.START


def _only(node: Node, mask: int) -> bool:
    match node:
        case Bytes(own):
            return not own & ~mask
        case Fence():
            return True
        case Choice(options):
            return all(_only(option, mask) for option in options)
        case Repeat(item, _, _):
            return _only(item, mask)
        case _:
            return all(_only(part, mask) for part in flat(node))
