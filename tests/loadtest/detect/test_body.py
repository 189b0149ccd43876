from __future__ import annotations

import json

import pytest

from loadtest.detect.body import HOSTILE, clean, dense
from weirline.detect.validators import card

KIB = 1 << 10


def test_dense_body_holds_two_values_a_kib_in_the_shares_that_are_promised() -> None:
    records = json.loads(dense(400 * KIB))
    kinds = [
        next(key for key in record if key not in {"id", "text", "price"}) for record in records
    ]
    assert 780 <= len(records) <= 820
    shares = {key: kinds.count(key) / len(kinds) for key in ("card", "email", "phone")}
    assert shares == pytest.approx({"card": 0.4, "email": 0.3, "phone": 0.2}, abs=0.05)
    assert all(card.is_valid(record["card"].encode()) for record in records if "card" in record)


def test_clean_body_is_json_of_the_size_asked_for() -> None:
    assert len(clean(10 * KIB)) == 10 * KIB
    assert json.loads(clean(10 * KIB))["items"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_body_has_its_size_and_grows_by_going_on(name: str) -> None:
    once, twice = HOSTILE[name](5000), HOSTILE[name](10_000)
    assert (len(once), len(twice)) == (5000, 10_000)
    assert twice.startswith(once)
