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
        self._index = RuleIndex(self._rules)
        self.every_rule = Scope(self._rules)
        self._matcher = index.freeze()
        self.token: TokenRule | None = policy.defaults.token
        self.asks_who: bool = self._matcher.asks_who or any(
            rule.require is not None or rule.limit is not None for rule in self._rules
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
        atoms = answer = self._matcher.match(facts)
        pair = self._pairs.get(atoms)
        if pair is not None:
            return pair
        if any_type := self._matcher.content_type_bits:
            answer = Atoms(atoms.loose | any_type, atoms.strict & ~any_type)
        pair = self._scope(facts.direction, atoms), self._scope(_RESPONSE, answer)
        if len(self._pairs) < SCOPES_MAX:
            self._pairs[atoms] = pair
        return pair

    def _scope(self, direction: Direction, atoms: Atoms) -> Scope:
        scopes = self._scopes[direction]
        scope = scopes.get(atoms)
        if scope is None:
            possible = self._index.possible(direction, atoms.loose)
            scope = Scope([rule for rule in possible if rule.looks_at(direction, atoms)])
            if len(scopes) < SCOPES_MAX:
                scopes[atoms] = scope
        return scope


def compile_policy(
    policy: Policy, detectors: Sequence[Detector], around: Around = NOWHERE
) -> CompiledPolicy:
    """Compile a checked policy; `detectors` are those it was checked against."""
    return CompiledPolicy(policy, detectors, around)
