"""Short words for the events of an exchange, and a flow to play them to."""

from __future__ import annotations

from tests.fakes.scanner import HashScanner
from tests.playbook import REDACT_BOTH, policy
from weirline.flow.effects import AnswerHeaders, Effect, ModeOverride
from weirline.flow.events import Body, BodyMode, Configured, Header, Headers, Trailers
from weirline.flow.flow import Flow
from weirline.flow.limits import Limits
from weirline.flow.report import Place
from weirline.policy.facts import Direction
from weirline.scan import FlowScanner

VALUE = b"#123456"
MASKED = b"*******"
ENFORCE = Configured(BodyMode.NONE, BodyMode.BUFFERED)
REQUEST, RESPONSE = Direction.REQUEST, Direction.RESPONSE


def flow(
    rules: str = REDACT_BOTH,
    *,
    defaults: str = "{}",
    mode: str = "enforce",
    scanner: FlowScanner | None = None,
    limits: Limits | None = None,
    configured: Configured = ENFORCE,
) -> Flow:
    compiled = policy(rules, defaults=defaults, mode=mode)
    return Flow(compiled, scanner or HashScanner(), limits or Limits(), configured)


def ask(*extra: Header, method: bytes = b"GET", end: bool = True) -> Headers:
    fields = [(b":method", method), (b":path", b"/a"), (b":authority", b"api.test"), *extra]
    return Headers(REQUEST, fields, end, {})


def answer(*extra: Header, status: bytes = b"200", end: bool = False) -> Headers:
    fields = [(b":status", status), (b"content-type", b"application/json"), *extra]
    return Headers(RESPONSE, fields, end, {})


def length(size: int) -> Header:
    return (b"content-length", b"%d" % size)


def body(data: bytes, *, end: bool = True, direction: Direction = RESPONSE) -> Body:
    return Body(direction, data, end, {})


def trailers(*fields: Header, direction: Direction = RESPONSE) -> Trailers:
    return Trailers(direction, fields, {})


def modes(effect: Effect | None) -> tuple[BodyMode, BodyMode]:
    assert isinstance(effect, AnswerHeaders)
    assert isinstance(effect.override, ModeOverride)
    return effect.override.request_body, effect.override.response_body


def findings(subject: Flow) -> dict[tuple[Direction, Place, str, bool], int]:
    counted: dict[tuple[Direction, Place, str, bool], int] = {}
    for key, number in subject.report.findings.items():
        counted[(key.direction, key.place, key.action, key.shadow)] = number
    return counted
