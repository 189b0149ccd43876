from __future__ import annotations

from weirline.detect.validators.card_track import is_valid

GOOD = b"4" + b"1" * 15


def test_stripe_with_a_card_is_valid() -> None:
    assert is_valid(b"%B" + GOOD + b"^LOVELACE/ADA^29121010000000000?")
    assert is_valid(b";" + GOOD + b"=29121010000012300000?")


def test_stripe_without_a_card_is_not() -> None:
    assert not is_valid(b";" + GOOD[:-1] + b"2=29121010000012300000?")
    assert not is_valid(b";=?")
