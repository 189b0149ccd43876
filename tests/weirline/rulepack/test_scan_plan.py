from __future__ import annotations

from random import Random

import pytest

from tests.weirline.detect.sample import ARMOUR, CARD, KEY, MAIL, detector
from weirline.detect.detector import Context
from weirline.rulepack.compiled_chain import build_chain
from weirline.rulepack.scan_plan import scan_plan

NAMED = detector(r"\b\d{9}\b", 9, name="named", context=Context(words=("ssn",), required=True))
LOOSE = detector(r"\b[a-z]{3}(?:\d+x)?\b", 20, name="loose", trigger=r"[a-z]{3}\d")
SAMPLES = (CARD, KEY, ARMOUR, MAIL, NAMED, LOOSE)


def test_each_detector_is_looked_for_where_it_costs_least() -> None:
    plan = scan_plan(SAMPLES, class_finder=True)
    literals = {reach.detector for owners in plan.literals.owners for reach in owners}
    classes = {reach.detector for owners in plan.classes.owners for reach in owners}
    named = {reach.detector for owners in plan.named.owners for reach in owners}
    others = {reach.detector for owners in plan.others.owners for reach in owners}
    assert (literals, classes, named, others) == ({1, 2}, {0, 3}, {4}, {5})
    assert {index for indices in plan.words for index in indices} == {4}


def test_without_the_class_finder_the_triggers_run() -> None:
    plan = scan_plan(SAMPLES, class_finder=False)
    assert not plan.classes.owners
    assert {reach.detector for owners in plan.others.owners for reach in owners} == {0, 3, 5}


def test_weak_literal_gives_way_to_the_trigger_its_author_gave() -> None:
    weak = detector(r"[a-z]{1,9}lan\d\b", 13, trigger=r"lan\d")
    assert scan_plan((weak,), class_finder=True).literals.expressions[0].text == r"lan\d"


@pytest.mark.slow
def test_chain_finds_what_each_detector_finds_alone_and_without_the_class_finder() -> None:
    rng = Random(20261125)
    together = build_chain(SAMPLES)
    engine = build_chain(SAMPLES, with_class_finder=False)
    alone = [build_chain((one,)) for one in SAMPLES]
    parts = [
        *(
            b"4111 1111 1111 1111",
            b"4111111111111112",
            b"5500-0000-0000-0004",
            b"key_0123456789abcdef",
        ),
        *(
            b"key_01234567",
            b"a.b@c.de",
            b"@",
            b"ssn",
            b"536904399",
            b"abc12x",
            b" ",
            b"\n",
            b"1",
            b"-",
        ),
        *(b"-----BEGIN KEY-----", b"AAAA", b'{"ssn":"', b'"}', b",", b"card"),
    ]
    for _ in range(2000):
        text = b"".join(rng.choices(parts, k=rng.randrange(14)))
        claimed = sorted(item.finding for item in together.candidates(text).items)
        assert claimed == sorted(item.finding for item in engine.candidates(text).items), text
        each = sorted(item.finding for one in alone for item in one.candidates(text).items)
        assert claimed == each, text
