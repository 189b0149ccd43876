"""What a flow does not look at, and what it does with peers that are set up or act otherwise."""

from __future__ import annotations

import pytest

from tests.playbook import (
    BLOCK_REQUESTS,
)
from tests.weirline.flow.exchange import (
    MASKED,
    REQUEST,
    RESPONSE,
    VALUE,
    answer,
    ask,
    body,
    flow,
    length,
    trailers,
)
from weirline.errors import PeerProtocolError
from weirline.flow.effects import (
    AnswerBody,
    AnswerHeaders,
    Refuse,
)
from weirline.flow.events import Body, BodyMode, Configured, Header, Headers, Trailers
from weirline.flow.report import Outcome, Unscanned

# What is not scanned, and what is out of scope


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        ([(b"content-encoding", b"dcb")], b"200", Unscanned.ENCODING),
        ([(b"content-type", b"image/png")], b"200", Unscanned.MEDIA),
        ([(b"connection", b"upgrade"), (b"upgrade", b"x")], b"101", Unscanned.UPGRADE),
    ],
)
def test_body_that_is_not_scanned_passes_and_is_counted(
    fields: list[Header], status: bytes, reason: Unscanned
) -> None:
    subject = flow()
    subject.receive(ask())
    headers = Headers(RESPONSE, [(b":status", status), *fields], end_of_stream=False, attributes={})
    effect = subject.receive(headers)
    assert isinstance(effect, AnswerHeaders)
    assert subject.report.unscanned == {(RESPONSE, reason): 1}
    assert subject.finished


def test_unscannable_body_is_refused_where_the_policy_says_so() -> None:
    subject = flow(defaults="{unscannable: block}")
    subject.receive(ask())
    assert isinstance(subject.receive(answer((b"content-encoding", b"dcb"))), Refuse)


@pytest.mark.parametrize("status", [b"204", b"304"])
def test_answer_without_a_body_waits_for_none(status: bytes) -> None:
    subject = flow()
    subject.receive(ask())
    effect = subject.receive(answer(length(5), status=status))
    assert isinstance(effect, AnswerHeaders)
    assert subject.finished
    assert not subject.report.unscanned


def test_answer_to_head_waits_for_no_body() -> None:
    subject = flow()
    subject.receive(ask(method=b"HEAD"))
    subject.receive(answer(length(5)))
    assert subject.finished


def test_message_no_rule_looks_at_is_let_through_unread() -> None:
    subject = flow(BLOCK_REQUESTS)
    subject.receive(ask())
    assert subject.receive(answer(length(5))) == AnswerHeaders(RESPONSE)
    assert subject.finished
    assert not subject.report.unscanned


# Envoys set up otherwise, and peers that break the rules


def test_body_that_comes_although_none_was_asked_for_is_passed_or_scanned() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer((b"content-encoding", b"dcb")))
    assert subject.receive(body(VALUE)) == AnswerBody(RESPONSE)
    streamed = flow(configured=Configured(BodyMode.NONE, BodyMode.STREAMED))
    assert streamed.receive(body(VALUE + b".", end=False)) == AnswerBody(RESPONSE, MASKED + b".")


def test_body_that_is_neither_asked_for_nor_set_up_is_an_error() -> None:
    subject = flow(configured=Configured(BodyMode.NONE, BodyMode.NONE))
    subject.receive(ask())
    subject.receive(answer((b"content-encoding", b"dcb")))
    with pytest.raises(PeerProtocolError):
        subject.receive(body(VALUE))


def test_override_that_is_not_heeded_is_not_sent() -> None:
    configured = Configured(BodyMode.NONE, BodyMode.STREAMED, heeds_overrides=False)
    subject = flow(configured=configured)
    effect = subject.receive(answer(length(7)))
    assert isinstance(effect, AnswerHeaders)
    assert effect.override is None
    assert subject.receive(body(VALUE)) == AnswerBody(RESPONSE, MASKED)


@pytest.mark.parametrize(
    "events",
    [
        [ask(), ask()],
        [answer(end=True), body(b"x")],
        [answer(length(1)), body(b"x"), body(b"x")],
        [answer(end=True), trailers()],
        [answer(length(1)), body(b"x", end=False), body(b"x")],
    ],
)
def test_event_its_state_does_not_allow_is_an_error_that_names_both(
    events: list[Headers | Body | Trailers],
) -> None:
    subject = flow()
    *allowed, last = events
    for event in allowed:
        subject.receive(event)
    with pytest.raises(PeerProtocolError, match=r"(request|response) \w+ in state \w+"):
        subject.receive(last)


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_flow_cut_short_is_not_finished(steps: int) -> None:
    subject = flow()
    events: list[Headers | Body] = [
        ask(method=b"POST", end=False),
        body(b"x", direction=REQUEST),
        answer(),
        body(b"x", end=False),
    ]
    for event in events[: steps + 1]:
        subject.receive(event)
    assert not subject.finished
    assert subject.close(faulty=False).outcome is Outcome.ABANDONED


def test_fault_is_reported_as_one() -> None:
    assert flow().close(faulty=True).outcome is Outcome.FAULT
