"""One case of a policy's test: an exchange, and what the policy must make of it.

The exchange is played to the same core that runs in the sidecar, bodies whole, so a case proves
what traffic would see. Values are never written in a case: `${payment_card}` becomes a valid one of
that kind when the case runs (`${payment_card:2}` another one), so no file holds a real-looking one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from weirline.errors import Problem
from weirline.flow.effects import AnswerBody, Effect, Refuse
from weirline.flow.events import Body, BodyMode, Configured, Header, Headers, Trailers
from weirline.flow.flow import Flow
from weirline.flow.limits import Limits
from weirline.flow.report import FlowReport, Outcome
from weirline.policy.compiled_window import CompiledWindow, Sighting
from weirline.policy.evaluate import CompiledPolicy
from weirline.policy.facts import Direction, Facts
from weirline.policy.limit import RateLimit
from weirline.policy.policy import TokenRule
from weirline.policy.who import Who
from weirline.scan import FlowScanner
from weirline.specimen import SPECIMENS
from weirline.window.sliding import Standing

SEED = 20260101
_WHOLE = Configured(BodyMode.BUFFERED, BodyMode.BUFFERED, heeds_overrides=False)
_VALUE = re.compile(r"\$\{([a-z0-9_]+)(?::([0-9]{1,6}))?\}")
_QUIET = ("observe", "alert")


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message of the exchange; fields of the other direction are left alone."""

    method: str = "GET"
    host: str = "api.example"
    path: str = "/"
    status: int = 200
    headers: dict[str, str] = {}
    body: str = ""


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the message that goes on must hold and lack, in its body."""

    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What must come of it; what is not given is not asked.

    `rules` are all rules that acted, in shadow too; `kinds` all detectors that found something.
    `sent` is of the last message that went on.
    """

    decision: Outcome | None = None
    status: int | None = None
    rules: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    sent: Sent | None = None


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An exchange and what is expected; `claims` are those of a verified token."""

    id: str
    expect: Expected
    why: str = ""
    caller: str = ""
    callee: str = ""
    address: str = ""
    claims: dict[str, str | tuple[str, ...]] = {}
    used_up: bool = False
    request: Message = Message()
    response: Message | None = None


class Cases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole file of cases."""

    cases: tuple[Case, ...]


@dataclass(slots=True)
class Played:
    """What came of a case: the report of its flow, and what went on or was answered."""

    report: FlowReport
    status: int = 0
    body: bytes = b""
    wrong: list[str] = field(default_factory=list)

    @property
    def acted(self) -> set[str]:
        """Rules that did more than observe."""
        found = {key.rule for key in self.report.findings if key.action not in _QUIET and key.rule}
        found |= {key.rule for key in self.report.findings if key.action == "alert"}
        return found | {counted.rule for counted in self.report.rule_actions}

    @property
    def matched(self) -> set[str]:
        """Rules that selected something, observing ones too."""
        return self.acted | {key.rule for key in self.report.findings if key.rule}


class _CaseWitness:
    """Says what the case says, as proven."""

    def __init__(self, case: Case, query: str) -> None:
        self._case = case
        self._query = query

    def who(self, event: Headers | Body | Trailers, token: TokenRule | None) -> Who:
        del token
        case = self._case
        claims = {
            name: (value,) if isinstance(value, str) else value
            for name, value in case.claims.items()
        }
        return Who(
            caller=case.caller,
            callee=case.callee,
            address=case.address,
            query=self._query,
            headers=tuple(event.headers) if isinstance(event, Headers) else (),
            claims=claims,
            verified=True,
            actor=repr(sorted(claims.items())) if claims else "",
        )

    def take(self, rule: str, key: str, limit: RateLimit) -> int:
        del rule, key
        return limit.period_s if self._case.used_up else 0

    def saw(self, sighting: Sighting, facts: Facts) -> bool:
        del sighting, facts
        return False

    def standing(self, window: CompiledWindow, facts: Facts) -> Standing:
        del window, facts
        return Standing(over=self._case.used_up, shared=False)


def play(case: Case, policy: CompiledPolicy, scanner: FlowScanner) -> Played:
    """Play a case and return what came of it, with every expectation that was not met."""
    request = case.request
    path = filled(request.path)
    witness = _CaseWitness(case, path.partition("?")[2])
    flow = Flow(policy, scanner, Limits(), _WHOLE, witness=witness)
    start = [(b":method", request.method), (b":path", path), (b":authority", request.host)]
    played = Played(flow.report)
    answered = _send(flow, played, Direction.REQUEST, start, request)
    if not answered and case.response is not None:
        first = [(b":status", str(case.response.status))]
        _send(flow, played, Direction.RESPONSE, first, case.response)
    played.wrong = list(_wrong(case.expect, played))
    return played


def filled(text: str) -> str:
    """Return a text with a value in each place that asks for one; KeyError is an unknown kind."""

    def value(found: re.Match[str]) -> str:
        seed = SEED + int(found[2] or 0)
        rng = random.Random(seed)  # noqa: S311 - test values, the same at each run
        return SPECIMENS[found[1]].valid(rng).decode("latin-1")

    return _VALUE.sub(value, text)


def case_faults(cases: Cases, file: str) -> list[Problem]:
    """Return what is wrong with cases beyond their shape: kinds that no value is made of, ids."""
    problems: list[Problem] = []
    seen: set[str] = set()
    for position, case in enumerate(cases.cases):
        if case.id in seen:
            mend = "another case has this id: ids are unique"
            problems.append(Problem("E01", file, 0, 0, f"cases[{position}].id", mend))
        seen.add(case.id)
        for found in _VALUE.finditer(msgspec.json.encode(case).decode()):
            if found[1] not in SPECIMENS:
                mend = "no value is made of this kind: `weirline kinds` lists them"
                problems.append(Problem("E02", file, 0, 0, f"cases[{position}]", mend))
    return problems


def _send(
    flow: Flow, played: Played, direction: Direction, start: list[tuple[bytes, str]], said: Message
) -> bool:
    """Send one message; return whether the client was answered by us."""
    body = filled(said.body).encode("latin-1", "replace")
    fields: list[Header] = [(name, value.encode("latin-1", "replace")) for name, value in start]
    fields += [
        (name.lower().encode(), filled(value).encode("latin-1", "replace"))
        for name, value in said.headers.items()
    ]
    if body:
        fields.append((b"content-length", b"%d" % len(body)))
    names: Mapping[bytes, bytes] = dict(fields)
    if body and b"content-type" not in names:
        fields.append((b"content-type", b"application/json"))
    effect = flow.receive(Headers(direction, fields, not body, {}))
    if not isinstance(effect, Refuse) and body:
        effect = flow.receive(Body(direction, body, True, {}))
    return _note(played, effect, said, body)


def _note(played: Played, effect: Effect | None, said: Message, body: bytes) -> bool:
    if isinstance(effect, Refuse):
        played.status, played.body = effect.block.status, effect.block.body
        return True
    changed = effect.body if isinstance(effect, AnswerBody) else None
    played.status = said.status
    played.body = body if changed is None else changed
    return False


def _wrong(expected: Expected, played: Played) -> list[str]:
    """Say of each expectation that was not met what came instead; never a value."""
    wrong: list[str] = []
    outcome = played.report.outcome
    if expected.decision is not None and expected.decision is not outcome:
        wrong.append(f"decision: expected {expected.decision.value}, was {outcome.value}")
    if expected.status is not None and expected.status != played.status:
        wrong.append(f"status: expected {expected.status}, was {played.status}")
    kinds = {key.detector for key in played.report.findings}
    for name, wanted, found in (
        ("rules", expected.rules, played.acted),
        ("kinds", expected.kinds, kinds),
    ):
        if wanted is not None and set(wanted) != found:
            wrong.append(f"{name}: expected {_listed(wanted)}, were {_listed(found)}")
    if expected.sent is not None:
        text = played.body.decode("latin-1")
        for position, part in enumerate(expected.sent.holds):
            if filled(part) not in text:
                wrong.append(f"sent.holds[{position}]: is not in what was sent")
        for position, part in enumerate(expected.sent.lacks):
            if filled(part) in text:
                wrong.append(f"sent.lacks[{position}]: is in what was sent")
    return wrong


def _listed(names: object) -> str:
    return ", ".join(sorted(names)) or "none" if isinstance(names, set | tuple) else "none"
