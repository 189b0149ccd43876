"""A policy ready to be asked: facts of a message in, the rules that look at it out.

Compiled once for a policy and a set of detectors and never changed; a new policy is a new object.
It refuses a policy that was not checked against these detectors (FlowUsageError).
"""

from __future__ import annotations

from collections.abc import Sequence

from weirline.detect.detector import Detector
from weirline.policy.around import NOWHERE, Around
from weirline.policy.atom import AtomIndex, Atoms
from weirline.policy.category import CategoryIndex
from weirline.policy.compiled_rule import compile_rule
from weirline.policy.compiled_window import CompiledWindow, compile_window
from weirline.policy.defaults import Defaults, effective_defaults
from weirline.policy.facts import Direction, Facts
from weirline.policy.own_detector import with_own
from weirline.policy.policy import Mode, Policy, ScannerDown, TokenRule
from weirline.policy.rule_index import RuleIndex
from weirline.policy.scope import Scope

_RESPONSE = Direction.RESPONSE
SCOPES_MAX = 4096  # which selectors hold together; more than a policy of a hundred rules meets


class CompiledPolicy:
    """Answers, for the facts of a message, which rules look at it.

    Safe to use from several threads. The only thing that changes is a cache of scopes: keyed by the
    selectors that hold, so it is bounded by the policy and by SCOPES_MAX, not by the traffic.
    `asks_who` says that facts need `who`; `token` where the token stands.
    """

    __slots__ = (
        "_index",
        "_matcher",
        "_pairs",
        "_rules",
        "_scopes",
        "asks_who",
        "defaults",
        "every_rule",
        "fail_open",
        "mode",
        "name",
        "token",
        "windows",
    )

    def __init__(
        self, policy: Policy, detectors: Sequence[Detector], around: Around = NOWHERE
    ) -> None:
        index = AtomIndex()
        own = with_own(detectors, policy.detectors)
        categories = CategoryIndex(policy.categories, own)
        self.name: str = policy.metadata.name
        self.mode: Mode = policy.mode
        self.defaults: Defaults = effective_defaults(policy)
        self.fail_open: bool = self.defaults.scanner_down is ScannerDown.ALLOW
        self._rules = tuple(
            compile_rule(rule, policy, categories, index, around=around) for rule in policy.rules
        )
        self.windows: tuple[CompiledWindow, ...] = tuple(
            compile_window(one, policy, categories, index, around=around) for one in policy.windows
        )
        self._index = RuleIndex(self._rules)
        self.every_rule = Scope(self._rules, [one for one in self.windows if one.floors])
        self._matcher = index.freeze()
        self.token: TokenRule | None = policy.defaults.token
        self.asks_who: bool = (
            self._matcher.asks_who
            or bool(self.windows)
            or any(rule.require is not None or rule.limit is not None for rule in self._rules)
        )
        self._pairs: dict[Atoms, tuple[Scope, Scope]] = {}
        self._scopes: dict[Direction, dict[Atoms, Scope]] = {each: {} for each in Direction}

    def scope(self, facts: Facts) -> Scope:
        """Return the rules that look at a message with these facts; about 2 microseconds."""
        return self._scope(facts.direction, self._matcher.match(facts))

    def request_scopes(self, facts: Facts) -> tuple[Scope, Scope]:
        """Return the rules that look at a request, and all that could look at its response.

        Asked when only the request is known: whatever the content type of the response will be, it
        counts as one that a rule looks for and as none that an exception names.
        """
        atoms = self._matcher.match(facts)
        pair = self._pairs.get(atoms)
        if pair is not None:
            return pair
        answer = self._of_any_type(atoms)
        pair = self._scope(facts.direction, atoms), self._scope(_RESPONSE, answer)
        if len(self._pairs) < SCOPES_MAX:
            self._pairs[atoms] = pair
        return pair

    def _scope(self, direction: Direction, atoms: Atoms) -> Scope:
        scopes = self._scopes[direction]
        scope = scopes.get(atoms)
        if scope is None:
            possible = self._index.possible(direction, atoms.loose)
            rules = [rule for rule in possible if rule.looks_at(direction, atoms)]
            scope = Scope(rules, *self._windows(direction, atoms)) if self.windows else Scope(rules)
            if len(scopes) < SCOPES_MAX:
                scopes[atoms] = scope
        return scope

    def _of_any_type(self, atoms: Atoms) -> Atoms:
        """What a response may meet whose content type is not known yet."""
        any_type = self._matcher.content_type_bits
        return Atoms(atoms.loose | any_type, atoms.strict & ~any_type) if any_type else atoms

    def _windows(
        self, direction: Direction, atoms: Atoms
    ) -> tuple[list[CompiledWindow], list[CompiledWindow]]:
        """The windows that count what is found in a message, and those that may act on it.

        A window acts on each request that it counts, or whose response it may count.
        """
        counting = [one for one in self.windows if one.looks_at(direction, atoms)]
        found = [one for one in counting if one.floors]
        if direction is _RESPONSE:
            return found, []
        answer = self._of_any_type(atoms)
        return found, [
            one for one in self.windows if one in counting or one.looks_at(_RESPONSE, answer)
        ]


def compile_policy(
    policy: Policy, detectors: Sequence[Detector], around: Around = NOWHERE
) -> CompiledPolicy:
    """Compile a checked policy; `detectors` are those it was checked against."""
    return CompiledPolicy(policy, detectors, around)
