from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.weirline.detect.sample import ARMOUR, CARD, KEY, MAIL
from weirline.detect.matcher import Expression
from weirline.detect.re_matcher import ReMatcher
from weirline.rulepack.compiled_chain import build_chain

DETECTORS = (CARD, KEY, ARMOUR, MAIL)
FAST = build_chain(DETECTORS)
SLOW = build_chain(DETECTORS, ReMatcher, with_class_finder=False)
PIECES = st.sampled_from(
    [b"4111 1111 1111 1111", b"4111", b" ", b"1", b"key_", b"0123456789abcdef", b"a.b@c.de", b"@",
     b"-----BEGIN KEY-----", b"AAAA", b"\n", b".", b"\xff"]
)  # fmt: skip


def test_hits_come_in_order_and_stop_at_the_limit() -> None:
    matcher = ReMatcher([Expression("b", caseless=True), Expression("a.", caseless=False)])
    assert matcher.hits(b"aBb", 10).ends == [(0, 2), (1, 2), (0, 3)]
    assert matcher.hits(b"aBb", 2).ends == [(0, 2), (1, 2)]
    assert matcher.hits(b"aBb", 2).capped


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_fast_matcher_leads_to_what_the_oracle_leads_to(text: bytes) -> None:
    assert FAST.scan(text) == SLOW.scan(text)
