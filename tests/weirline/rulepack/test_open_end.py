from __future__ import annotations

import pytest

from tests.weirline.detect.sample import ARMOUR, CARD, KEY, MAIL, detector
from weirline.detect.detector import StreamUse
from weirline.rulepack.open_end import OpenEnd

OPEN = OpenEnd((CARD, KEY, ARMOUR, MAIL))


@pytest.mark.parametrize(
    ("text", "waiting"),
    [
        (b"The quick brown fox ", b""),
        (b"The quick brown fox!", b""),
        (b"The quick brown fox", b"fox"),
        (b"pan: 4111 1111 ", b"4111 1111 "),
        (b"pan: 4111 1111 1111 1111", b"4111 1111 1111 1111"),
        (b"pan: 4111 1111 1111 1111,", b""),
        (b"id 12345", b"12345"),
        (b"mail a.b@c.", b"a.b@c."),
        (b"x key_01", b"key_01"),
        (b"x -----BEG", b"-----BEG"),
        (b"-----BEGIN KEY-----\nAAAA\nBB", b"-----BEGIN KEY-----\nAAAA\nBB"),
        (b"-----BEGIN KEY-----\nAAAA\nBB!", b""),
        (b"", b""),
    ],
)
def test_only_what_may_become_a_value_waits(text: bytes, waiting: bytes) -> None:
    assert text[OPEN.offset(text) :] == waiting


@pytest.mark.parametrize(
    ("pattern", "text", "waiting"),
    [
        (r"(?:^|[^0-9A-Za-z])(?P<v>[0-9]{4})\b", b"data: one\n\n", b""),
        (r"(?:^|[^0-9A-Za-z])(?P<v>[0-9]{4})\b", b'"n":12', b"12"),
        (r"(?:^|[^0-9a-z.]|[^0-9a-z]/)(?P<v>[0-9]{4})\b", b"data: one\n\n", b""),
        (r"(?:^|[^0-9a-z.]|[^0-9a-z]/)(?P<v>[0-9]{4})\b", b"a/12", b"12"),
        (r"(?:^|[^0-9A-Za-z])(?P<v>[A-F][0-9]{4})\b", b"xA", b""),
        (r"(?:^|[^0-9A-Za-z])(?P<v>[A-F][0-9]{4})\b", b"_A12", b"_A12"),
        (r"(?:(?:^|[^A-Z])PIN|Pin)[ :]{1,3}(?P<v>[0-9]{4})\b", b"a. ", b""),
        (r"(?:(?:^|[^A-Z])PIN|Pin)[ :]{1,3}(?P<v>[0-9]{4})\b", b"a PIN: 1", b"PIN: 1"),
    ],
)
def test_byte_before_a_value_never_waits(pattern: str, text: bytes, waiting: bytes) -> None:
    opened = OpenEnd((detector(pattern, 20),))
    assert text[opened.offset(text) :] == waiting


def test_run_longer_than_any_value_does_not_wait() -> None:
    text = b"A" * 5000
    assert len(text) - OPEN.offset(text) <= 64
    text = b"-----BEGIN KEY-----" + b"A" * 381
    assert OPEN.offset(text) == 0
    assert OPEN.offset(text + b"A") >= 400 - 64


def test_word_at_the_edge_of_the_window_is_seen_to_go_on() -> None:
    lone = OpenEnd((KEY,))
    assert lone.reach == 20
    text = b"xkey_0123456789abcdef"
    assert lone.offset(text) == len(text)
    assert lone.offset(b" " + text[1:]) == 1


def test_observed_detectors_never_wait() -> None:
    seen = detector(KEY.pattern, 20, trigger=KEY.trigger, stream=StreamUse.OBSERVE)
    assert OpenEnd((seen,)).offset(b"key_01") == 6
    assert OpenEnd((seen,)).reach == 0
    assert OpenEnd((seen, MAIL)).offset(b"key:") == 4


def test_no_detectors_hold_nothing() -> None:
    assert OpenEnd(()).offset(b"abc") == 3
