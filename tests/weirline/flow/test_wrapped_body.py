"""Flows with packed bodies, and with FULL_DUPLEX: events in, effects out."""

from __future__ import annotations

import gzip

import pytest

from tests.fakes.scanner import GreedyScanner
from tests.playbook import BLOCK_BOTH, REDACT_RESPONSES
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
    modes,
    trailers,
)
from tests.weirline.flow.wrapped import message
from weirline.body.encoding import Coding, Encoder
from weirline.errors import FlowUsageError, PeerProtocolError
from weirline.flow.effects import (
    AnswerBody,
    AnswerHeaders,
    AnswerTrailers,
    HeaderChange,
    Refuse,
    Several,
    StreamBody,
)
from weirline.flow.events import BodyMode, Configured
from weirline.flow.limits import Limits
from weirline.flow.report import FlowReport, Outcome, Unscanned
from weirline.flow.wrapped_body import read_wrapped
from weirline.policy.policy import Unscannable

GZIP = (b"content-encoding", b"gzip")
TRAILER = (b"trailer", b"x-sum")
PACKED = gzip.compress(b"id " + VALUE + b".")


def test_packed_body_is_masked_and_its_length_set() -> None:
    subject = flow()
    subject.receive(ask())
    effect = subject.receive(answer(length(len(PACKED)), GZIP))
    assert modes(effect) == (BodyMode.NONE, BodyMode.BUFFERED)
    effect = subject.receive(body(PACKED))
    assert isinstance(effect, AnswerBody)
    assert effect.body is not None
    assert gzip.decompress(effect.body) == b"id " + MASKED + b"."
    assert effect.change == HeaderChange((), ((b"content-length", b"%d" % len(effect.body)),))
    assert subject.finished


def test_packed_stream_loses_its_length_and_nothing_else() -> None:
    subject = flow()
    subject.receive(ask())
    effect = subject.receive(answer(length(2 << 20), GZIP))
    assert modes(effect) == (BodyMode.NONE, BodyMode.FULL_DUPLEX)
    assert isinstance(effect, AnswerHeaders)
    assert effect.change == HeaderChange((b"content-length",), ())
    out = b""
    for part, last in ((PACKED[:20], False), (PACKED[20:], True)):
        effect = subject.receive(body(part, end=last))
        assert isinstance(effect, StreamBody)
        assert effect.end_of_stream is last
        out += effect.body
    assert gzip.decompress(out) == b"id " + MASKED + b"."
    assert subject.finished


def test_block_inside_a_packed_body_is_a_block() -> None:
    subject = flow(BLOCK_BOTH)
    subject.receive(ask())
    subject.receive(answer(length(len(PACKED)), GZIP))
    assert isinstance(subject.receive(body(PACKED)), Refuse)
    assert subject.close(faulty=False).outcome is Outcome.BLOCKED


@pytest.mark.parametrize("unscannable", list(Unscannable))
def test_broken_body_goes_as_the_policy_says(unscannable: Unscannable) -> None:
    subject = flow(defaults=f"{{unscannable: {unscannable.value}}}")
    subject.receive(ask())
    subject.receive(answer(length(4), GZIP))
    effect = subject.receive(body(b"junk"))
    if unscannable is Unscannable.BLOCK:
        assert isinstance(effect, Refuse)
    else:
        assert effect == AnswerBody(RESPONSE)
    assert subject.report.unscanned == {(RESPONSE, Unscanned.BROKEN): 1}


def test_stream_that_breaks_after_its_start_is_cut_whatever_the_policy_says() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer(GZIP))
    subject.receive(body(PACKED, end=False))
    assert isinstance(subject.receive(body(b"behind the end", end=False)), Refuse)
    assert subject.close(faulty=False).outcome is Outcome.CUT


@pytest.mark.parametrize("do", ["block", "scan_start_and_tag"])
def test_body_that_unpacks_beyond_the_limit_goes_as_the_policy_says(do: str) -> None:
    data = gzip.compress(VALUE + b" " * 5000)
    subject = flow(defaults=f"{{body_over: {{limit: 1KiB, do: {do}}}}}")
    subject.receive(ask())
    subject.receive(answer(length(len(data)), GZIP))
    effect = subject.receive(body(data))
    assert subject.report.unscanned == {(RESPONSE, Unscanned.BODY_OVER): 1}
    if do == "block":
        assert isinstance(effect, Refuse)
        assert effect.block.status == 413
    else:
        assert isinstance(effect, AnswerBody)
        assert effect.body is not None
        assert gzip.decompress(effect.body) == MASKED + b" " * 5000


# FULL_DUPLEX


def test_held_bytes_leave_before_the_trailers_that_end_the_body() -> None:
    subject = flow()
    subject.receive(ask())
    effect = subject.receive(answer(TRAILER))
    assert modes(effect) == (BodyMode.NONE, BodyMode.FULL_DUPLEX)
    assert isinstance(effect, AnswerHeaders)
    assert effect.override is not None
    assert effect.override.response_trailers
    assert subject.receive(body(b"id #12", end=False)) == StreamBody(
        RESPONSE, b"id ", end_of_stream=False, waits=True
    )
    assert subject.receive(body(b"3456", end=False)) == StreamBody(
        RESPONSE, b"", end_of_stream=False, waits=True
    )
    assert not subject.finished
    assert subject.receive(trailers((b"x-sum", VALUE))) == Several(
        (
            StreamBody(RESPONSE, MASKED, False),
            AnswerTrailers(RESPONSE, HeaderChange((), ((b"x-sum", MASKED),))),
        )
    )
    assert subject.finished


def test_trailers_with_nothing_held_are_one_answer() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer(TRAILER))
    subject.receive(body(b"plain", end=False))
    assert subject.receive(trailers()) == AnswerTrailers(RESPONSE)


def test_block_in_what_trailers_release_cuts_the_stream() -> None:
    subject = flow(BLOCK_BOTH)
    subject.receive(ask())
    subject.receive(answer(TRAILER))
    subject.receive(body(VALUE, end=False))
    assert isinstance(subject.receive(trailers()), Refuse)


def test_second_last_chunk_is_not_answered() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer(TRAILER))
    subject.receive(body(b"x", end=True))
    assert subject.receive(body(b"", end=True)) is None
    assert subject.finished


def test_second_last_chunk_in_another_mode_is_an_error() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer())
    subject.receive(body(b"x", end=True))
    with pytest.raises(PeerProtocolError):
        subject.receive(body(b"", end=True))


def test_body_no_rule_looks_at_is_sent_back_as_it_came() -> None:
    modes_ = Configured(BodyMode.FULL_DUPLEX, BodyMode.FULL_DUPLEX, heeds_overrides=False)
    subject = flow(REDACT_RESPONSES, configured=modes_)
    effect = subject.receive(ask(method=b"POST", end=False))
    assert effect == AnswerHeaders(REQUEST)
    assert subject.receive(body(VALUE, direction=REQUEST)) == StreamBody(REQUEST, VALUE, True)


def test_what_waits_too_long_is_let_go_unasked_and_counted() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer(TRAILER))
    assert subject.receive(body(b"id #12", end=False)) == StreamBody(
        RESPONSE, b"id ", end_of_stream=False, waits=True
    )
    assert subject.overdue() == StreamBody(RESPONSE, b"#12", end_of_stream=False)
    assert subject.overdue() is None
    assert subject.report.unscanned == {(RESPONSE, Unscanned.HOLD_BACK): 1}
    assert subject.receive(body(b" end", end=True)) == StreamBody(RESPONSE, b" end", True)


def test_what_waits_too_long_is_masked_where_the_policy_says_so() -> None:
    subject = flow(defaults="{held_too_long: mask}")
    subject.receive(ask())
    subject.receive(answer(TRAILER))
    subject.receive(body(b"id #12", end=False))
    assert subject.overdue() == StreamBody(RESPONSE, b"***", end_of_stream=False)
    assert subject.receive(body(b"3456 end", end=True)) == StreamBody(RESPONSE, b"**** end", True)


def test_what_waits_too_long_ends_the_stream_where_the_policy_says_so() -> None:
    subject = flow(defaults="{held_too_long: cut}")
    subject.receive(ask())
    subject.receive(answer(TRAILER))
    subject.receive(body(b"id #12", end=False))
    assert isinstance(subject.overdue(), Refuse)
    assert subject.report.outcome is Outcome.CUT


@pytest.mark.parametrize(("held", "leaves"), [("send", b"no #"), ("mask", b"** *")])
def test_chunk_over_the_limit_leaves_as_the_policy_says(held: str, leaves: bytes) -> None:
    subject = flow(
        defaults=f"{{held_too_long: {held}}}",
        scanner=GreedyScanner(),
        limits=Limits(hold_back_bytes=4),
    )
    subject.receive(ask())
    subject.receive(answer())
    assert subject.receive(body(b"no #1234", end=False)) == AnswerBody(RESPONSE, leaves)


def test_packed_bytes_that_wait_too_long_are_let_go_packed() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer(GZIP))
    assert subject.unpacks
    packer = Encoder((Coding.GZIP,))
    effects = [subject.receive(body(packer.feed(b"id #12"), end=False)), subject.overdue()]
    effects.append(subject.receive(body(packer.finish(b"3456 end"), end=True)))
    out = b"".join(effect.body for effect in effects if isinstance(effect, StreamBody))
    assert gzip.decompress(out) == b"id #12**** end"


def test_block_in_what_waits_too_long_cuts_the_stream() -> None:
    subject = flow(BLOCK_BOTH)
    subject.receive(ask())
    subject.receive(answer(TRAILER))
    subject.receive(body(VALUE, end=False))
    assert isinstance(subject.overdue(), Refuse)
    assert subject.overdue() is None


def test_nothing_is_sent_unasked_in_another_mode() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer())
    subject.receive(body(b"id #12", end=False))
    assert subject.overdue() is None
    assert not subject.unpacks


def test_message_without_a_reader_is_a_fault_of_ours() -> None:
    defaults = flow()._policy.defaults
    with pytest.raises(FlowUsageError):
        read_wrapped(message(), b"", last=True, report=FlowReport(), defaults=defaults)
