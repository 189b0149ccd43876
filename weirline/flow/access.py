"""Lets a request through the rules that look for no value, and sets the headers that rules ask for.

A header that some rule of the policy sets is taken out of every request first: a client that sends
it itself would otherwise say what was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from weirline.flow.effects import HeaderChange
from weirline.flow.events import Header
from weirline.flow.report import FlowReport
from weirline.policy.decision import Block
from weirline.policy.facts import Facts
from weirline.policy.gate import Meter, decide_gates
from weirline.policy.scope import Scope


def pass_gates(
    scope: Scope, facts: Facts, meter: Meter, report: FlowReport
) -> Block | tuple[Header, ...]:
    """Return the answer in a request's place, or the headers to set; count what rules did."""
    decision = decide_gates(scope.gates, facts, meter, scope.acting)
    for counted in decision.counted:
        report.rule_actions[counted] += 1
    return decision.tags if decision.block is None else decision.block


def tagging(scope: Scope, fields: Sequence[Header], tags: Iterable[Header]) -> HeaderChange | None:
    """Return how a request's headers change: tags in force set, others of these names removed."""
    setting: dict[bytes, bytes] = {}
    for name, text in tags:
        known = setting.get(name)
        setting[name] = text if known is None or known == text else known + b"," + text
    names = {name for name, _ in fields}
    gone = [name for name in scope.tag_names if name in names and name not in setting]
    return HeaderChange(tuple(gone), tuple(setting.items())) if gone or setting else None
