"""Checks what the shape of a policy cannot say: names, selectors, actions that make no sense.

Every check adds to the faults and none stops the others. The rule behind all of them: what can do
nothing is an error, because whoever wrote it believes that it protects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from weirline.detect.detector import Detector
from weirline.policy.action import (
    BLOCK_BODY_MAX_BYTES,
    KEEP_FIRST_MAX,
    KEEP_LAST_MAX,
    STATUS_MAX,
    STATUS_MIN,
    BlockAction,
    Change,
    MaskAction,
)
from weirline.policy.category import CategoryIndex
from weirline.policy.fault import (
    CONFLICT,
    IMPOSSIBLE,
    NEVER_MATCHES,
    SHAPE,
    UNDEFINED,
    UNRESTRICTED_BLOCK,
    Faults,
    Path,
    listed,
    nearest,
)
from weirline.policy.meet import can_hold
from weirline.policy.own_detector import with_own
from weirline.policy.policy import Find, Mode, Policy, Rule, WindowFind
from weirline.policy.rule_check import Wrong, exception_faults, rule_faults, token_faults
from weirline.policy.selector import Condition, Selector
from weirline.policy.selector_check import selector_faults
from weirline.policy.window_check import window_faults
from weirline.rulepack.entry import Place


class PolicyCheck:
    """One pass over one policy; `places` says where each part stands, as far as it is known."""

    def __init__(
        self,
        policy: Policy,
        detectors: Sequence[Detector],
        places: Mapping[Path, Place],
        faults: Faults,
        *,
        today: str = "",
    ) -> None:
        self._today = today
        self._policy = policy
        self._shipped = {detector.id for detector in detectors}
        own = with_own(detectors, policy.detectors)
        self._categories = CategoryIndex(policy.categories, own)
        self._places = places
        self._faults = faults

    def check(self) -> None:
        """Add every fault of the policy."""
        if self._policy.detectors:
            from weirline.policy.own_detector_check import own_detector_faults  # 50 ms to load

            self._all(own_detector_faults(self._policy.detectors, self._shipped), ())
        for position in range(len(self._policy.categories)):
            self._category(position)
        for position, selector in enumerate(self._policy.selectors.values()):
            self._selector(selector, ("selectors", position))
        seen: dict[str, int] = {}
        for position, rule in enumerate(self._policy.rules):
            if seen.setdefault(rule.id, position) != position:
                mend = f"rule {seen[rule.id] + 1} has this id already: ids are unique"
                self._fault(SHAPE, ("rules", position, "id"), mend)
            self._rule(rule, ("rules", position))
        for position, exception in enumerate(self._policy.exceptions):
            self._condition(exception.when, ("exceptions", position, "when"))
            wrong = exception_faults(exception, self._policy, today=self._today)
            self._all(wrong, ("exceptions", position))
        self._windows(seen)
        self._all(token_faults(self._policy.defaults.token), ())
        self._conflicts()

    def _all(self, wrong: Iterable[Wrong], path: Path) -> None:
        for code, where, mend in wrong:
            self._fault(code, (*path, *where), mend)

    def _fault(self, code: str, path: Path, mend: str) -> None:
        place_path = path
        while place_path and place_path not in self._places:
            place_path = place_path[:-1]
        self._faults.add(code, path, self._places.get(place_path), mend)

    def _category(self, position: int) -> None:
        name = list(self._policy.categories)[position]
        resolved = self._categories.resolve(name)
        if resolved is None:
            return
        detect = self._policy.categories[name].detect
        for index in resolved.undefined:
            names = [one for one in self._categories.detect_names if one != name]
            mend = f"no detector or category of this name{nearest(detect[index], names)}"
            self._fault(UNDEFINED, ("categories", position, "detect", index), mend)
        for index in resolved.circular:
            mend = "this leads back to the category itself: name detectors instead"
            self._fault(UNDEFINED, ("categories", position, "detect", index), mend)

    def _selector(self, selector: Selector, path: Path) -> None:
        for field, index, mend in selector_faults(selector):
            where = (*path, field) if index is None else (*path, field, index)
            self._fault(NEVER_MATCHES, where, mend)

    def _rule(self, rule: Rule, path: Path) -> None:
        if rule.find is not None:
            self._find(rule.find, (*path, "find", "category"))
        self._all(rule_faults(rule, self._policy), path)
        if rule.when is not None:
            self._condition(rule.when, (*path, "when"))
            if not can_hold(rule.when, self._policy.selectors):
                mend = "no message can meet all of this at once: remove what excludes the rest"
                self._fault(NEVER_MATCHES, (*path, "when"), mend)
        if rule.unless is not None:
            self._exemption(rule, rule.unless, (*path, "unless"))
        self._actions(rule, path)

    def _windows(self, seen: dict[str, int]) -> None:
        """`seen` are the ids that are taken."""
        for position, window in enumerate(self._policy.windows):
            path = ("windows", position)
            if seen.setdefault(window.id, -1 - position) != -1 - position:
                self._fault(SHAPE, (*path, "id"), "a rule or window has this id: ids are unique")
            if window.find is not None:
                self._find(window.find, (*path, "find", "category"))
            for field, written in (("when", window.when), ("unless", window.unless)):
                if written is not None:
                    self._condition(written, (*path, field))
            self._all(window_faults(window, self._policy), path)

    def _exemption(self, rule: Rule, unless: str | Condition, path: Path) -> None:
        self._condition(unless, path)
        selectors = self._policy.selectors
        selected: tuple[str | Condition, ...] = () if rule.when is None else (rule.when,)
        if isinstance(rule.when, Condition):
            selected += rule.when.all or ()
        if unless in selected or not self._restricts(unless):
            mend = "this exempts every message the rule looks at: narrow it or drop the rule"
            self._fault(NEVER_MATCHES, path, mend)
        elif (
            rule.when is not None
            and can_hold(rule.when, selectors)
            and not can_hold(Condition(all=(rule.when, unless)), selectors)
        ):
            mend = "this never meets a message the rule looks at: remove it or mend `when`"
            self._fault(NEVER_MATCHES, path, mend)

    def _find(self, find: Find | WindowFind, path: Path) -> None:
        written = find.category
        named = (written,) if isinstance(written, str) else written
        found = False
        faulty = False
        for index, name in enumerate(named):
            resolved = self._categories.resolve(name)
            if resolved is None:
                mend = f"no category of this name{nearest(name, self._categories.names)}"
                mend += f": define it under `categories` or use {listed(self._categories.names)}"
                self._fault(UNDEFINED, path if isinstance(written, str) else (*path, index), mend)
                faulty = True
            else:
                found = found or bool(resolved.floors)
                faulty = faulty or bool(resolved.undefined or resolved.circular)
        if not found and not faulty:
            self._fault(
                UNDEFINED, path, "this version has no detector for what this rule looks for"
            )

    def _condition(self, written: str | Condition, path: Path) -> None:
        if isinstance(written, str):
            names = list(self._policy.selectors)
            if written not in names:
                mend = f"no selector of this name{nearest(written, names)}: "
                mend += "define it under `selectors` or write it here in braces"
                self._fault(UNDEFINED, path, mend)
            return
        self._selector(written, path)
        for field, parts in (("all", written.all), ("any", written.any)):
            if parts is not None and not parts:
                self._fault(NEVER_MATCHES, (*path, field), "an empty list: remove the field")
            for index, part in enumerate(parts or ()):
                self._condition(part, (*path, field, index))

    def _restricts(self, written: str | Condition | None) -> bool:
        """Whether a condition leaves any message out."""
        if written is None:
            return False
        if isinstance(written, str):
            return self._policy.selectors.get(written) != Selector()
        own = any(getattr(written, field) is not None for field in Selector.__struct_fields__)
        every = any(self._restricts(part) for part in written.all or ())
        some = bool(written.any) and all(self._restricts(part) for part in written.any or ())
        return own or every or some

    def _actions(self, rule: Rule, path: Path) -> None:
        first: dict[str, int] = {}
        for index, action in enumerate(rule.do):
            where = (*path, "do", index)
            kinds = [action] if isinstance(action, str) else _kinds(action)
            if len(kinds) != 1:
                mend = f"exactly one of {listed(Change.__struct_fields__)} for each entry"
                self._fault(SHAPE, where, mend)
                continue
            kind = kinds[0]
            if first.setdefault(kind, index) != index:
                self._fault(CONFLICT, where, f"this rule has an action `{kind}` already: keep one")
            if isinstance(action, Change) and action.redact is not None and action.redact.mask:
                self._mask(action.redact.mask, (*where, "redact", "mask"))
            if isinstance(action, Change) and action.block is not None:
                self._block(action.block, (*where, "block"))
        shadow = Mode.SHADOW in (self._policy.mode, rule.mode)
        stops = "block" in first and rule.require is None
        if stops and not shadow and not self._restricts(rule.when):
            mend = "a block without a selector stops all traffic that holds such a value: "
            mend += "add `when`, or try the rule with `mode: shadow` first"
            self._fault(UNRESTRICTED_BLOCK, path, mend)

    def _mask(self, mask: MaskAction, path: Path) -> None:
        for field, value, most in (
            ("keep_first", mask.keep_first, KEEP_FIRST_MAX),
            ("keep_last", mask.keep_last, KEEP_LAST_MAX),
        ):
            if not 0 <= value <= most:
                self._fault(IMPOSSIBLE, (*path, field), f"a whole number from 0 to {most}")

    def _block(self, block: BlockAction, path: Path) -> None:
        if not STATUS_MIN <= block.status <= STATUS_MAX:
            mend = f"a status from {STATUS_MIN} to {STATUS_MAX}, such as 403"
            self._fault(IMPOSSIBLE, (*path, "status"), mend)
        if block.body is not None and len(block.body.encode()) > BLOCK_BODY_MAX_BYTES:
            mend = f"at most {BLOCK_BODY_MAX_BYTES} bytes"
            self._fault(IMPOSSIBLE, (*path, "body"), mend)

    def _conflicts(self) -> None:
        """Two rules that meet the same values in the same messages and answer differently."""
        answers: dict[bytes, list[BlockAction]] = {}
        for index, rule in enumerate(self._policy.rules):
            answer = _answer(rule)
            if answer is None:
                continue
            known = answers.setdefault(_reach(rule), [])
            if any(other != answer for other in known):
                mend = "another rule blocks the same values in the same messages with another "
                mend += "answer: keep one"
                self._fault(CONFLICT, ("rules", index, "do"), mend)
            if answer not in known:
                known.append(answer)


def _kinds(action: Change) -> list[str]:
    return [name for name in Change.__struct_fields__ if getattr(action, name) is not None]


def _answer(rule: Rule) -> BlockAction | None:
    for action in rule.do:
        if isinstance(action, Change) and action.block is not None:
            return action.block
    return None


def _reach(rule: Rule) -> bytes:
    """What a rule looks at, as a key: the same for rules that meet the same values."""
    return msgspec.json.encode((rule.when, rule.unless, rule.find, rule.require, rule.mode))
