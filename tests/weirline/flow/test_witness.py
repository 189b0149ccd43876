from __future__ import annotations

from tests.weirline.flow.exchange import ask, body
from weirline.flow.witness import NO_WITNESS
from weirline.policy.action import Per
from weirline.policy.limit import RateLimit


def test_without_a_witness_nobody_is_known_and_nothing_is_limited() -> None:
    who = NO_WITNESS.who(ask((b"x-a", b"1")), None)
    assert (who.caller, who.address, who.actor, who.verified) == ("", "", "", False)
    assert (b"x-a", b"1") in who.headers
    assert NO_WITNESS.who(body(b""), None).headers == ()
    assert NO_WITNESS.take("a", "k", RateLimit(1, 1, Per.TOKEN)) == 0
