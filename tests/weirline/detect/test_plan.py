from __future__ import annotations

import msgspec

from tests.weirline.detect.sample import CARD, KEY, MAIL
from weirline.detect.plan import Plan
from weirline.rulepack.scan_plan import scan_plan


def test_plan_is_the_same_after_it_was_stored() -> None:
    plan = scan_plan((KEY, CARD, MAIL), class_finder=True)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(plan), type=Plan) == plan
