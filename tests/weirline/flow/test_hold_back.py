"""What a stream lets go, and when."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.scanner import GreedyScanner, HashScanner
from weirline.flow.hold_back import HoldBack, Release
from weirline.flow.limits import Limits


def leaving(release: Release) -> bytes:
    return release.text[release.start : release.end]


def masked(release: Release) -> bytes:
    text = bytearray(release.text)
    for finding in release.findings:
        text[finding.start : finding.end] = b"*" * (finding.end - finding.start)
    return bytes(text[release.start : release.end])


def test_text_without_an_open_value_leaves_at_once() -> None:
    hold_back = HoldBack(HashScanner(), Limits())
    assert leaving(hold_back.feed(b"nothing here")) == b"nothing here"
    assert hold_back.held_bytes == 0


def test_only_the_open_value_waits() -> None:
    hold_back = HoldBack(HashScanner(), Limits())
    assert leaving(hold_back.feed(b"id #123")) == b"id "
    assert hold_back.held_bytes == 4


def test_a_value_over_two_chunks_is_masked_whole() -> None:
    hold_back = HoldBack(HashScanner(), Limits())
    first = hold_back.feed(b"id #123")
    last = hold_back.finish(b"456.")
    assert masked(first) + masked(last) == b"id *******."


def test_an_open_value_that_turns_out_to_be_none_leaves_as_it_was() -> None:
    hold_back = HoldBack(HashScanner(), Limits())
    first = hold_back.feed(b"id #123")
    second = hold_back.feed(b" end")
    assert leaving(first) + leaving(second) == b"id #123 end"
    assert not second.findings


def test_a_value_that_ends_with_the_chunk_waits_for_its_neighbour() -> None:
    hold_back = HoldBack(HashScanner(), Limits())
    first = hold_back.feed(b"#123456")
    second = hold_back.feed(b"7")
    assert leaving(first) == b""
    assert leaving(second) == b"#1234567"
    assert not second.findings


def test_bytes_over_the_limit_are_forced_out_and_said_to_be() -> None:
    hold_back = HoldBack(GreedyScanner(), Limits(hold_back_bytes=8))
    assert not hold_back.feed(b"12345678").forced
    release = hold_back.feed(b"9")
    assert release.forced
    assert release.forced_from == release.start
    assert leaving(release) == b"1"
    assert hold_back.held_bytes == 8


def test_only_what_is_open_counts_as_forced_when_all_that_waits_is_let_go() -> None:
    hold_back = HoldBack(HashScanner(), Limits())
    assert not hold_back.let_go().forced
    assert leaving(hold_back.feed(b"id #12")) == b"id "
    release = hold_back.let_go()
    assert release.forced
    assert release.text[release.forced_from : release.end] == b"#12"


def test_a_value_at_the_limit_leaves_whole_and_listed() -> None:
    hold_back = HoldBack(GreedyScanner(), Limits(hold_back_bytes=4))
    release = hold_back.feed(b"ab#123456 c")
    assert masked(release) == b"ab*******"


def test_a_value_known_from_released_text_is_not_listed_again() -> None:
    hold_back = HoldBack(HashScanner(), Limits())
    first = hold_back.feed(b"#123456 and ")
    second = hold_back.feed(b"more")
    assert len(first.findings) == 1
    assert not second.findings


def test_rest_of_a_value_that_was_let_go_in_part_is_masked() -> None:
    hold_back = HoldBack(HashScanner(), Limits())
    out = masked(hold_back.feed(b"id #12")) + masked(hold_back.let_go())
    assert out == b"id #12"
    assert masked(hold_back.feed(b"3456 #")) + masked(hold_back.finish(b"1")) == b"**** #1"


def test_rest_of_a_value_that_outgrew_the_limit_is_masked() -> None:
    hold_back = HoldBack(HashScanner(), Limits(hold_back_bytes=2))
    assert masked(hold_back.feed(b"#1234")) == b"#12"
    assert masked(hold_back.finish(b"56.")) == b"****."


@given(
    parts=st.lists(
        st.sampled_from([b"#", b"1", b"23", b"456", b" ", b"x", b"#123456", b"##"]), max_size=30
    ),
    cuts=st.lists(st.integers(0, 120), max_size=12),
)
def test_any_cut_gives_the_bytes_of_the_whole(parts: list[bytes], cuts: list[int]) -> None:
    text = b"".join(parts)
    expected = bytearray(text)
    for finding in HashScanner().scan(text).findings:
        expected[finding.start : finding.end] = b"*" * (finding.end - finding.start)
    edges = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    hold_back = HoldBack(HashScanner(), Limits())
    out = b""
    for begin, end in itertools.pairwise(edges):
        out += masked(hold_back.feed(text[begin:end]))
        assert bytes(expected).startswith(out)
    out += masked(hold_back.finish(b""))
    assert out == bytes(expected)
