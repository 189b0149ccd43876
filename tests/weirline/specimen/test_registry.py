"""All makers together: one for each kind, repeatable, varied, plain text."""

from __future__ import annotations

import random

import pytest

from weirline.specimen import SPECIMENS

KINDS = sorted(SPECIMENS)


def test_every_specimen_stands_under_its_own_kind() -> None:
    assert len(SPECIMENS) > 51
    assert all(kind == specimen.kind for kind, specimen in SPECIMENS.items())


@pytest.mark.parametrize("kind", KINDS)
def test_same_seed_makes_the_same_values(kind: str) -> None:
    first, second = random.Random(11), random.Random(11)
    specimen = SPECIMENS[kind]
    assert [specimen.valid(first) for _ in range(3)] == [specimen.valid(second) for _ in range(3)]
    assert specimen.broken(first) == specimen.broken(second)


@pytest.mark.parametrize("kind", KINDS)
def test_values_differ_and_are_plain_text(kind: str, rng: random.Random) -> None:
    values = [SPECIMENS[kind].valid(rng) for _ in range(50)]
    assert len(set(values)) > 25
    assert all(value.isascii() and value.decode().strip() == value.decode() for value in values)


@pytest.mark.parametrize("kind", KINDS)
def test_key_is_a_name_and_no_value(kind: str) -> None:
    key = SPECIMENS[kind].key
    assert key.isidentifier()
    assert len(key) < 32
