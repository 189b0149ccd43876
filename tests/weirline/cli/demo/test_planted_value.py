from __future__ import annotations

import pytest

from weirline.cli.demo.planted_value import EACH, KINDS, make_values


def test_every_kind_has_twenty_different_values() -> None:
    values = make_values(5)
    assert list(values) == list(KINDS)
    assert {len(set(made)) for made in values.values()} == {EACH}


def test_half_of_the_values_change_with_the_seed() -> None:
    one, other = make_values(1), make_values(2)
    for kind in KINDS:
        assert len(set(one[kind]) & set(other[kind])) == pytest.approx(EACH // 2)


def test_same_seed_gives_the_same_values() -> None:
    assert make_values(9) == make_values(9)
