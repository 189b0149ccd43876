"""Packed bodies: whole and in streams, masked and left alone, broken and too large."""

from __future__ import annotations

import gzip

import pytest

from tests.playbook import OBSERVE_BOTH, REDACT_BOTH
from tests.weirline.flow.wrapped import LIMITS, SCANNER, cut, fed, judge, stepped
from weirline.body.encoding import Coding, Decoder, Encoder
from weirline.errors import Unreadable
from weirline.flow.body_reader import PlainBody
from weirline.flow.encoded_body import EncodedBody, Handling
from weirline.flow.report import FlowReport, Unscanned
from weirline.policy.facts import Direction

TEXT = b'{"id": "#123456", "next": "#7"}' + b" " * 300
MASKED = TEXT.replace(b"#123456", b"*******")
STACKS = [*((coding,) for coding in Coding), (Coding.GZIP, Coding.BR)]


def encoded(
    *codings: Coding,
    rules: str = REDACT_BOTH,
    text_limit: int = 1 << 20,
    report: FlowReport | None = None,
) -> EncodedBody:
    one = judge(rules, report=report)
    return EncodedBody(
        codings,
        PlainBody(SCANNER, LIMITS, one),
        one,
        handling=Handling.READ if rules == OBSERVE_BOTH else Handling.REPACK,
        text_limit=text_limit,
        max_ratio=100,
    )


def packed(text: bytes, *codings: Coding) -> bytes:
    return Encoder(codings).finish(text)


def unpacked(data: bytes, *codings: Coding) -> bytes:
    decoder = Decoder(codings, max_ratio=1000)
    out = b"".join(decoder.pieces(data))
    decoder.end()
    return out


@pytest.mark.parametrize("codings", STACKS)
def test_whole_body_is_masked_and_packed_again(codings: tuple[Coding, ...]) -> None:
    out = encoded(*codings).feed(packed(TEXT, *codings), last=True)
    assert out is not None
    assert unpacked(out, *codings) == MASKED


@pytest.mark.parametrize("codings", STACKS)
def test_whole_clean_body_is_left_as_it_is(codings: tuple[Coding, ...]) -> None:
    assert encoded(*codings).feed(packed(b"clean" * 100, *codings), last=True) is None


@pytest.mark.parametrize("codings", STACKS)
def test_stream_cut_anywhere_is_masked_and_no_part_shows_the_value(
    codings: tuple[Coding, ...],
) -> None:
    data = packed(TEXT, *codings)
    for edge in range(len(data)):
        assert unpacked(fed(encoded(*codings), cut(data, edge)), *codings) == MASKED
    assert unpacked(fed(encoded(*codings), stepped(data, 1)), *codings) == MASKED


def test_stream_no_rule_may_change_is_read_and_left_as_it_is() -> None:
    report = FlowReport()
    subject = encoded(Coding.GZIP, rules=OBSERVE_BOTH, report=report)
    for chunk in stepped(packed(TEXT, Coding.GZIP), 10):
        assert subject.feed(chunk, last=False) is None
    assert subject.feed(b"", last=True) is None
    assert sum(report.findings.values()) == 1
    assert not subject.changes_length


def test_broken_whole_body_can_be_sent_on_as_it_came() -> None:
    subject = encoded(Coding.GZIP)
    with pytest.raises(Unreadable):
        subject.feed(b"not packed at all", last=True)
    assert subject.salvage() == b"not packed at all"


def test_stream_broken_after_its_start_cannot_be_sent_on() -> None:
    subject = encoded(Coding.GZIP)
    subject.feed(gzip.compress(TEXT), last=False)
    with pytest.raises(Unreadable):
        subject.feed(b"behind the end", last=False)
    assert subject.salvage() is None


def test_body_without_its_end_leaves_masked_as_far_as_it_can_be_read() -> None:
    report = FlowReport()
    data = gzip.compress(TEXT)[:-8]
    out = encoded(Coding.GZIP, report=report).feed(data, last=True)
    assert out is not None
    assert unpacked(out, Coding.GZIP) == MASKED
    assert report.unscanned == {(Direction.RESPONSE, Unscanned.BROKEN): 1}
    with pytest.raises(Unreadable):
        encoded(Coding.GZIP).feed(gzip.compress(b"clean" * 50)[:-8], last=True)


def test_stream_without_its_end_is_ended_well_and_counted() -> None:
    report = FlowReport()
    data = gzip.compress(TEXT)[:-8]
    assert unpacked(fed(encoded(Coding.GZIP, report=report), [data]), Coding.GZIP) == MASKED
    assert report.unscanned == {(Direction.RESPONSE, Unscanned.BROKEN): 1}


def test_whole_body_is_read_up_to_the_limit_and_the_rest_goes_along() -> None:
    text = b"#123456 " + bytes(200_000) + b"#123456"
    subject = encoded(Coding.GZIP, text_limit=1000)
    out = subject.feed(packed(text, Coding.GZIP), last=True)
    assert out is not None
    assert unpacked(out, Coding.GZIP) == b"******* " + text[8:]
    assert subject.text_bytes > 1000


def test_stream_that_is_not_looked_at_any_more_stays_readable() -> None:
    subject = encoded(Coding.GZIP)
    first, second = cut(packed(TEXT + TEXT, Coding.GZIP), 20)
    out = subject.feed(first, last=False) or b""
    subject.let_pass()
    out += subject.feed(second, last=False) or b""
    out += subject.feed(b"", last=True) or b""
    assert len(unpacked(out, Coding.GZIP)) == 2 * len(TEXT)


def test_end_of_the_packed_stream_is_owed_from_its_first_chunk_on() -> None:
    subject = encoded(Coding.GZIP)
    assert subject.held_bytes == 0
    subject.feed(packed(b"clean", Coding.GZIP)[:8], last=False)
    assert subject.held_bytes == 1
