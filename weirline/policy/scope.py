"""What the policy says about one kind of message: the rules that look at it, and their decision.

This is where findings become actions. Order of rules plays no part: of several rules on the same
value the strictest wins (block, then redact, then observe), of two masks the one that shows fewer
characters, of two blocks the one of the most severe category. A rule in shadow never changes what
is done; it is counted where it would have been stricter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from weirline.detect.finding import Finding
from weirline.policy.compiled_rule import CompiledRule
from weirline.policy.compiled_window import CompiledWindow, sightings
from weirline.policy.decision import (
    Block,
    Decision,
    KeyedHash,
    Mask,
    Operator,
    Redaction,
    Remove,
    Replace,
    Ruling,
    Tokenise,
)

OBSERVE = "observe"
ALERT = "alert"
REDACT = "redact"
BLOCK = "block"

_NOTHING = Decision()
_DISTINCT = "\0"  # before a rule's id: how many different values it has counted


class _Verdict(NamedTuple):
    """The strictest that a set of rules says about one finding."""

    rank: int  # 0 observe, 1 redact, 2 block
    rule: CompiledRule | None


_SILENT = _Verdict(0, None)
_ACTIONS = (OBSERVE, REDACT, BLOCK)


class Scope:
    """The rules for messages that meet the same selectors. Immutable; safe in several threads.

    `gates` are the rules that decide about requests alone, `tag_names` the headers that rules set.
    `reads` says that some rule looks for values in such messages, `redacts` and `blocks` that an
    enforced rule may mask or block, `enforces` that it may do either; `enforced` are the detectors
    whose values it may do it to. `windows` count what is found in such messages, `acting` are those
    that may act on them, and `gated` says that there are such or gates. `idle` says that nothing at
    all is asked of such messages.
    """

    __slots__ = (
        "_by_detector",
        "_counted",
        "_extra",
        "acting",
        "blocks",
        "enforced",
        "enforces",
        "gated",
        "gates",
        "idle",
        "reads",
        "redacts",
        "rules",
        "tag_names",
        "windows",
    )

    def __init__(
        self,
        rules: Sequence[CompiledRule],
        windows: Sequence[CompiledWindow] = (),
        acting: Sequence[CompiledWindow] = (),
    ) -> None:
        self.rules = tuple(rules)
        self.windows = tuple(windows)
        self.acting = tuple(acting)
        self.gates = tuple(rule for rule in rules if not rule.floors)
        self.gated = bool(self.gates or acting)
        self.reads = len(self.gates) < len(rules) or bool(windows)
        self.tag_names = tuple(dict.fromkeys(tag.name for rule in rules for tag in rule.tags))
        self.idle = not (rules or windows or acting)
        self.redacts = any(rule.mask is not None and not rule.shadow for rule in rules)
        self.blocks = any(
            rule.block is not None and rule.floors and not rule.shadow for rule in rules
        )
        self.enforces = self.redacts or self.blocks
        self.enforced = frozenset(
            detector
            for rule in rules
            if not rule.shadow and (rule.mask is not None or rule.block is not None)
            for detector in rule.floors
        )
        self._counted = any(rule.at_least > 1 or rule.distinct for rule in rules)
        self._extra = any(rule.alert or rule.tags for rule in rules if rule.floors)
        by_detector: dict[str, list[tuple[CompiledRule, float]]] = {}
        for rule in rules:
            for detector, floor in rule.floors.items():
                by_detector.setdefault(detector, []).append((rule, floor))
        self._by_detector = {key: tuple(value) for key, value in by_detector.items()}

    def decide(
        self,
        findings: Sequence[Finding],
        earlier: Counter[str] | None = None,
        *,
        text: bytes = b"",
    ) -> Decision:
        """Decide about the findings of one piece of `text`.

        `earlier` counts matches by rule id over the pieces of one message, so that `at_least` holds
        for a whole message seen in chunks: hand the same counter to each call, it is added to.
        Every finding gets a ruling, also where no rule looks for it. A finding that is masked or
        blocked gets a second one, in shadow, where a rule in shadow would have been stricter.
        """
        if not findings:
            return _NOTHING
        reached = self._reached(findings, earlier, text) if self._counted else None
        redactions: list[Redaction] = []
        rulings: list[Ruling] = []
        blocking: CompiledRule | None = None
        for finding in findings:
            real, shadow = self._verdicts(finding, reached)
            if shadow.rank > real.rank:
                if real.rank:
                    rulings.append(_ruling(finding, real, shadow=False))
                rulings.append(_ruling(finding, shadow, shadow=True))
            else:
                # A rule in shadow that only observes does what it would do in force.
                said = real if real.rule is not None else shadow
                rulings.append(_ruling(finding, said, shadow=False))
            rule = real.rule
            if rule is None or not real.rank:
                continue
            if real.rank == _ACTIONS.index(BLOCK):
                blocking = rule if blocking is None else _harder_block(blocking, rule)
            elif rule.mask is not None:
                redactions.append(Redaction(finding, rule.mask))
        block: Block | None = None if blocking is None else blocking.block
        tags: tuple[tuple[bytes, bytes], ...] = ()
        if self._extra:
            tags = self._alerts_and_tags(findings, reached, rulings)
        seen = sightings(self.windows, findings, text) if self.windows else ()
        return Decision(tuple(redactions), block, tuple(rulings), tags, seen)

    def observe(self, findings: Sequence[Finding]) -> Decision:
        """Count findings that no rule may touch, such as a credential in its own header."""
        return Decision(rulings=tuple(Ruling(finding, OBSERVE, "", False) for finding in findings))

    def _alerts_and_tags(
        self, findings: Sequence[Finding], reached: set[str] | None, rulings: list[Ruling]
    ) -> tuple[tuple[bytes, bytes], ...]:
        """Add a ruling for each alert, once a rule; return the headers that rules in force set."""
        kinds: dict[str, dict[str, Finding]] = {}
        for finding in findings:
            for rule, floor in self._by_detector.get(finding.detector, ()):
                if finding.confidence >= floor and (reached is None or rule.id in reached):
                    kinds.setdefault(rule.id, {}).setdefault(finding.category, finding)
        tags: list[tuple[bytes, bytes]] = []
        for rule in self.rules:
            found = kinds.get(rule.id)
            if found is None:
                continue
            if rule.alert:
                first = next(iter(found.values()))
                rulings.append(Ruling(first, ALERT, rule.id, rule.shadow))
            if not rule.shadow:
                tags += [tag.fill(rule.id, found) for tag in rule.tags]
        return tuple(tags)

    def _reached(
        self, findings: Sequence[Finding], earlier: Counter[str] | None, text: bytes
    ) -> set[str]:
        """The ids of rules whose `at_least` and `distinct` are met."""
        counts: Counter[str] = Counter() if earlier is None else earlier
        for finding in findings:
            for rule, floor in self._by_detector.get(finding.detector, ()):
                if finding.confidence < floor:
                    continue
                counts[rule.id] += 1
                if rule.distinct and counts[_DISTINCT + rule.id] < rule.distinct:
                    mark = value_mark(rule.id, text[finding.start : finding.end])
                    if mark not in counts:
                        counts[mark] = 1
                        counts[_DISTINCT + rule.id] += 1
        return {
            rule.id
            for rule in self.rules
            if counts[rule.id] >= rule.at_least
            and (not rule.distinct or counts[_DISTINCT + rule.id] >= rule.distinct)
        }

    def _verdicts(self, finding: Finding, reached: set[str] | None) -> tuple[_Verdict, _Verdict]:
        """The strictest enforced verdict on a finding, and the strictest in shadow."""
        real = shadow = _SILENT
        for rule, floor in self._by_detector.get(finding.detector, ()):
            if finding.confidence < floor or (reached is not None and rule.id not in reached):
                continue
            verdict = _Verdict(_rank(rule), rule)
            if rule.shadow:
                shadow = _stricter(shadow, verdict)
            else:
                real = _stricter(real, verdict)
        return real, shadow


def _ruling(finding: Finding, verdict: _Verdict, *, shadow: bool) -> Ruling:
    rule = "" if verdict.rule is None else verdict.rule.id
    return Ruling(finding, _ACTIONS[verdict.rank], rule, shadow)


def value_mark(rule: str, value: bytes) -> str:
    """Return what stands for a value among those a rule has counted; separators play no part."""
    plain = value.translate(None, b" -./\t").lower()
    return f"{rule}\0{blake2b(plain, digest_size=16).hexdigest()}"


def _rank(rule: CompiledRule) -> int:
    if rule.block is not None:
        return 2
    return 0 if rule.mask is None else 1


def _stricter(one: _Verdict, other: _Verdict) -> _Verdict:
    if one.rule is None or other.rule is None:
        return one if other.rule is None else other
    if one.rank != other.rank:
        return one if one.rank > other.rank else other
    if one.rank == 1 and one.rule.mask is not None and other.rule.mask is not None:
        first = (_shown(one.rule.mask), one.rule.id)
        return one if first <= (_shown(other.rule.mask), other.rule.id) else other
    rule = _harder_block(one.rule, other.rule)
    return one if rule is one.rule else other


def _shown(operator: Operator) -> tuple[int, int]:
    """How much an operator leaves of a value: less sorts first."""
    match operator:
        case Tokenise():
            return (-4, 0)  # somebody downstream counts on its form
        case Remove():
            return (-3, 0)
        case Replace():
            return (-2, 0)
        case KeyedHash():
            return (0, 1)  # a mask that keeps nothing says less: equal values look alike here
        case Mask():
            return (operator.keep_first + operator.keep_last, operator.keep_last)


def _harder_block(one: CompiledRule, other: CompiledRule) -> CompiledRule:
    """The rule of the more severe category; of two alike the one whose id sorts first."""
    return min(one, other, key=lambda rule: (-rule.severity_rank, rule.id))
