"""Whole flows as playbooks: events in, effects out."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.scanner import GreedyScanner, HashScanner
from tests.playbook import (
    BLOCK_BOTH,
    BLOCK_REQUESTS,
    OBSERVE_BOTH,
    REDACT_BOTH,
    REDACT_RESPONSES,
)
from tests.weirline.flow.exchange import (
    MASKED,
    REQUEST,
    RESPONSE,
    VALUE,
    answer,
    ask,
    body,
    findings,
    flow,
    length,
    modes,
    trailers,
)
from weirline.flow.effects import (
    AnswerBody,
    AnswerHeaders,
    AnswerTrailers,
    HeaderChange,
    Refuse,
)
from weirline.flow.events import BodyMode, Headers
from weirline.flow.limits import Limits
from weirline.flow.report import Outcome, Place, Unscanned
from weirline.scan import ScanResult

# A body asked for whole


def test_whole_response_body_is_masked() -> None:
    subject = flow()
    subject.receive(ask())
    assert modes(subject.receive(answer(length(12)))) == (BodyMode.NONE, BodyMode.BUFFERED)
    assert subject.receive(body(b'{"a":"' + VALUE + b'"}')) == AnswerBody(
        RESPONSE, b'{"a":"' + MASKED + b'"}', None
    )
    assert subject.finished
    report = subject.close(faulty=False)
    assert report.outcome is Outcome.REDACTED
    assert findings(subject) == {(RESPONSE, Place.BODY, "redact", False): 1}


def test_clean_body_goes_on_as_it_is() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer(length(2)))
    assert subject.receive(body(b"{}")) == AnswerBody(RESPONSE)
    assert subject.close(faulty=False).outcome is Outcome.PASSED


def test_masked_body_takes_its_digest_along() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer(length(7), (b"content-digest", b"sha-256=:x:"), (b"etag", b'"1"')))
    effect = subject.receive(body(VALUE))
    assert isinstance(effect, AnswerBody)
    assert effect.change == HeaderChange((b"content-digest",), ((b"etag", b'W/"1"'),))


def test_broken_signature_is_counted() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer(length(7), (b"signature", b"x")))
    subject.receive(body(VALUE))
    assert sum(subject.report.broken_signatures.values()) == 1


def test_blocked_response_gives_nothing_of_itself() -> None:
    subject = flow(BLOCK_BOTH)
    subject.receive(ask())
    subject.receive(answer(length(7)))
    effect = subject.receive(body(VALUE))
    assert isinstance(effect, Refuse)
    assert (effect.block.status, effect.grpc_status) == (403, None)
    assert subject.close(faulty=False).outcome is Outcome.BLOCKED


def test_request_body_is_blocked_before_the_upstream() -> None:
    subject = flow(BLOCK_REQUESTS)
    effect = subject.receive(ask(length(7), method=b"POST", end=False))
    assert modes(effect) == (BodyMode.BUFFERED, BodyMode.NONE)
    assert isinstance(subject.receive(body(VALUE, direction=REQUEST)), Refuse)
    assert subject.close(faulty=False).outcome is Outcome.BLOCKED


def test_shadow_changes_nothing_and_counts() -> None:
    for rules in (REDACT_BOTH, BLOCK_BOTH):
        subject = flow(rules, mode="shadow")
        subject.receive(ask())
        subject.receive(answer(length(7)))
        assert subject.receive(body(VALUE)) == AnswerBody(RESPONSE)
        ((key, _),) = findings(subject).items()
        assert key[3] is True
        assert subject.close(faulty=False).outcome is Outcome.PASSED


def test_more_values_than_are_listed_block_rather_than_mask_some() -> None:
    subject = flow(scanner=HashScanner(max_findings=1))
    subject.receive(ask())
    subject.receive(answer(length(15)))
    assert isinstance(subject.receive(body(VALUE + b" " + VALUE)), Refuse)
    assert subject.report.unscanned[(RESPONSE, Unscanned.MATCHES)] == 1


class BlindScanner(HashScanner):
    """One that gave up before it found anything; `blind_to` are the detectors it owes."""

    def __init__(self, *blind_to: str) -> None:
        super().__init__()
        self._blind_to = frozenset(blind_to)

    def scan(self, data: bytes) -> ScanResult:
        return ScanResult((), self._blind_to if VALUE in data else frozenset())


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("rules", [REDACT_BOTH, BLOCK_BOTH])
def test_flood_that_hides_values_is_blocked_though_nothing_was_found(
    rules: str, *, whole: bool
) -> None:
    subject = flow(rules, scanner=BlindScanner("hash_id"))
    subject.receive(ask())
    subject.receive(answer(length(len(VALUE))) if whole else answer())
    assert isinstance(subject.receive(body(VALUE)), Refuse)
    assert subject.report.unscanned == {(RESPONSE, Unscanned.MATCHES): 1}


def test_flood_of_values_no_rule_acts_on_passes_and_is_counted() -> None:
    subject = flow(scanner=BlindScanner("another"))
    subject.receive(ask())
    subject.receive(answer(length(len(VALUE))))
    assert subject.receive(body(VALUE)) == AnswerBody(RESPONSE)
    assert subject.report.unscanned == {(RESPONSE, Unscanned.MATCHES): 1}


def test_answer_to_connect_opens_a_tunnel() -> None:
    subject = flow()
    subject.receive(ask(method=b"CONNECT", end=False))
    subject.receive(answer())
    assert subject.report.unscanned[(RESPONSE, Unscanned.UPGRADE)] == 1


def test_response_that_offers_an_upgrade_is_scanned() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer(length(7), (b"connection", b"Upgrade"), (b"upgrade", b"h2c")))
    assert subject.receive(body(VALUE)) == AnswerBody(RESPONSE, MASKED)


def test_more_values_than_are_listed_pass_where_nothing_is_enforced() -> None:
    subject = flow(OBSERVE_BOTH, scanner=HashScanner(max_findings=1))
    subject.receive(ask())
    subject.receive(answer(length(15)))
    assert subject.receive(body(VALUE + b" " + VALUE)) == AnswerBody(RESPONSE)


# A body in chunks


def test_value_split_over_two_chunks_is_masked_in_both() -> None:
    subject = flow()
    subject.receive(ask())
    effect = subject.receive(answer((b"etag", b'"1"')))
    assert modes(effect) == (BodyMode.NONE, BodyMode.STREAMED)
    assert isinstance(effect, AnswerHeaders)
    assert effect.change == HeaderChange((b"etag",), ())
    assert subject.receive(body(b"id #12", end=False)) == AnswerBody(RESPONSE, b"id ")
    assert not subject.finished
    assert subject.receive(body(b"3456.", end=True)) == AnswerBody(RESPONSE, MASKED + b".")
    assert subject.finished


def test_chunk_without_values_goes_on_as_it_is() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer())
    assert subject.receive(body(b"plain", end=False)) == AnswerBody(RESPONSE)
    assert subject.receive(body(b"", end=True)) == AnswerBody(RESPONSE)


@given(cuts=st.lists(st.integers(0, 24), max_size=6))
def test_any_cut_gives_the_same_bytes_and_never_the_value(cuts: list[int]) -> None:
    text = b"a " + VALUE + b" b " + VALUE + b"7 #1"
    subject = flow()
    subject.receive(ask())
    subject.receive(answer())
    out = b""
    edges = [0, *sorted(cuts), len(text)]
    for begin, end in itertools.pairwise(edges):
        effect = subject.receive(body(text[begin:end], end=False))
        assert isinstance(effect, AnswerBody)
        out += text[begin:end] if effect.body is None else effect.body
    effect = subject.receive(body(b"", end=True))
    assert isinstance(effect, AnswerBody)
    out += b"" if effect.body is None else effect.body
    assert out == b"a " + MASKED + b" b " + VALUE + b"7 #1"


def test_late_block_cuts_the_stream() -> None:
    subject = flow(BLOCK_BOTH)
    subject.receive(ask())
    subject.receive(answer())
    subject.receive(body(b"first ", end=False))
    assert isinstance(subject.receive(body(VALUE + b".", end=False)), Refuse)
    assert subject.close(faulty=False).outcome is Outcome.CUT


def test_late_block_masks_the_rest_where_the_policy_says_so() -> None:
    subject = flow(BLOCK_BOTH, defaults="{already_sent: redact_rest}")
    subject.receive(ask())
    subject.receive(answer())
    subject.receive(body(b"first ", end=False))
    effect = subject.receive(body(VALUE + b".", end=False))
    assert effect == AnswerBody(RESPONSE, MASKED + b".")


def test_rule_for_several_matches_counts_over_chunks() -> None:
    rules = """
    - id: bulk
      find: {category: identity, at_least: 3}
      do: [{block: {}}]
    """
    subject = flow(rules)
    subject.receive(ask())
    subject.receive(answer())
    for _ in range(2):
        effect = subject.receive(body(VALUE + b".", end=False))
        assert isinstance(effect, AnswerBody)
    assert isinstance(subject.receive(body(VALUE + b".", end=False)), Refuse)


def test_stream_over_the_limit_passes_its_rest_and_is_counted() -> None:
    subject = flow(defaults="{body_over: {limit: 20B}}")
    subject.receive(ask())
    subject.receive(answer())
    assert subject.receive(body(b"x" * 19 + b" " + VALUE, end=False)) == AnswerBody(
        RESPONSE, b"x" * 19 + b" " + MASKED
    )
    assert subject.receive(body(VALUE, end=True)) == AnswerBody(RESPONSE)
    assert subject.report.unscanned == {(RESPONSE, Unscanned.BODY_OVER): 1}


def test_stream_over_the_limit_is_cut_where_the_policy_says_so() -> None:
    subject = flow(defaults="{body_over: {limit: 20B, do: block}}")
    subject.receive(ask())
    subject.receive(answer())
    effect = subject.receive(body(b"x" * 21, end=False))
    assert isinstance(effect, Refuse)
    assert effect.block.status == 413


def test_request_known_to_be_over_the_limit_is_refused_at_its_headers() -> None:
    subject = flow(defaults="{body_over: {limit: 20B, do: block}}")
    effect = subject.receive(ask(length(21), method=b"POST", end=False))
    assert isinstance(effect, Refuse)
    assert effect.block.status == 413
    assert subject.close(faulty=False).outcome is Outcome.BLOCKED


def test_hold_back_over_its_limit_is_counted() -> None:
    subject = flow(scanner=GreedyScanner(), limits=Limits(hold_back_bytes=4))
    subject.receive(ask())
    subject.receive(answer())
    assert subject.receive(body(b"123456", end=False)) == AnswerBody(RESPONSE, b"12")
    assert subject.report.unscanned == {(RESPONSE, Unscanned.HOLD_BACK): 1}


# Fields


def test_card_in_each_place_of_a_request_is_found_and_named() -> None:
    subject = flow(OBSERVE_BOTH)
    fields = [(b":method", b"POST"), (b":path", b"/u/" + VALUE + b"?q=" + VALUE)]
    note = (b"x-note", VALUE)
    subject.receive(
        Headers(REQUEST, [*fields, note, length(7)], end_of_stream=False, attributes={})
    )
    subject.receive(body(VALUE, end=False, direction=REQUEST))
    subject.receive(trailers((b"x-sum", VALUE), direction=REQUEST))
    assert {place for _, place, _, _ in findings(subject)} == set(Place)


def test_block_in_the_fields_ends_the_flow() -> None:
    subject = flow(BLOCK_BOTH)
    assert isinstance(subject.receive(ask((b"x-note", VALUE))), Refuse)
    assert subject.receive(answer()) is None
    assert subject.finished


def test_grpc_call_is_refused_with_a_grpc_status() -> None:
    subject = flow(BLOCK_BOTH)
    effect = subject.receive(ask((b"content-type", b"application/grpc"), (b"x", VALUE)))
    assert isinstance(effect, Refuse)
    assert effect.grpc_status == 7


def test_protected_response_is_asked_for_whole_and_in_known_codings() -> None:
    fields = ((b"accept-encoding", b"gzip, *"), (b"range", b"bytes=0-"))
    effect = flow(REDACT_RESPONSES).receive(ask(*fields))
    assert isinstance(effect, AnswerHeaders)
    assert effect.change == HeaderChange((b"range",), ((b"accept-encoding", b"gzip"),))
    untouched = flow(OBSERVE_BOTH).receive(ask(*fields))
    assert isinstance(untouched, AnswerHeaders)
    assert untouched.change is None


def test_trailers_after_a_whole_body_are_scanned() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer(length(2)))
    subject.receive(body(b"{}", end=False))
    effect = subject.receive(trailers((b"x-sum", VALUE)))
    assert effect == AnswerTrailers(RESPONSE, HeaderChange((), ((b"x-sum", MASKED),)))
    assert subject.finished


def test_digest_in_trailers_of_a_masked_body_goes() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer(length(7)))
    subject.receive(body(VALUE, end=False))
    effect = subject.receive(trailers((b"repr-digest", b"sha-256=:x:"), (b"x", b"y")))
    assert effect == AnswerTrailers(RESPONSE, HeaderChange((b"repr-digest",), ()))


def test_trailers_that_would_lose_held_bytes_end_the_stream() -> None:
    subject = flow()
    subject.receive(ask())
    subject.receive(answer())
    subject.receive(body(b"id #12", end=False))
    assert isinstance(subject.receive(trailers((b"x", b"y"))), Refuse)
    assert subject.report.unscanned == {(RESPONSE, Unscanned.TRAILERS): 1}
    assert subject.close(faulty=False).outcome is Outcome.CUT
