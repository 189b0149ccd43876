from __future__ import annotations

from tests.weirline.detect.sample import KEY
from weirline.detect.floor import DEFAULT_FLOOR, Floors
from weirline.rulepack.compiled_chain import build_chain

TEXT = b"key_0123456789abcdef"


def test_floor_of_a_kind_goes_before_the_one_for_all() -> None:
    floors = Floors(0.6, {"key": 0.9})
    assert (floors.of("key"), floors.of("card"), Floors().of("card")) == (0.9, 0.6, DEFAULT_FLOOR)


def test_value_under_its_floor_is_not_found() -> None:
    assert build_chain((KEY,), floors=Floors(0.9)).scan(TEXT)[0]
    assert not build_chain((KEY,), floors=Floors(0.5, {"key": 0.91})).scan(TEXT)[0]
