"""Each shipped kind, in each format, cut anywhere: what leaves is the masked whole, always.

As the output is that of the whole body, which holds no raw value, no prefix that was released on
the way can hold one either. A fixed sample runs each time; with the mark `long` every kind of the
default pack that streams are held back for: at every offset, in three pieces, by single bytes, with
empty chunks, and at random.
"""

from __future__ import annotations

import itertools
import random

import pytest

from tests.weirline.flow.splits import WRAPPINGS, Place, every_split, place, random_splits
from weirline.detect.detector import StreamUse
from weirline.rulepack.shipped import shipped_detectors
from weirline.specimen import SPECIMENS

SAMPLE = ("payment_card", "us_ssn", "email", "iban", "github_personal_token", "jwt", "private_key")
SAMPLED_SPLITS = 6
LEAST_RUNS = 100_000
LEAST_RANDOM = 10_000


@pytest.fixture(scope="module")
def there() -> Place:
    return place()


def body_of(kind: str, wrapping: str, rng: random.Random) -> tuple[bytes, bytes]:
    """A body with one value of a kind, and the value."""
    value = SPECIMENS[kind].valid(rng)
    return WRAPPINGS[wrapping].write(SPECIMENS[kind].key, value), value


def check(there: Place, wrapping: str, body: bytes, splits: list[list[bytes]]) -> bytes:
    """Assert that every split comes to what the whole comes to, and return that."""
    expected = there.whole(WRAPPINGS[wrapping], body)
    for split in splits:
        got = there.stream(WRAPPINGS[wrapping], split)
        assert got == expected, f"cut into {[len(part) for part in split]}"
    return expected


@pytest.mark.slow
@pytest.mark.parametrize("wrapping", sorted(WRAPPINGS))
@pytest.mark.parametrize("kind", SAMPLE)
def test_value_in_a_wrapping_is_masked_at_some_cuts(
    kind: str, wrapping: str, there: Place, rng: random.Random
) -> None:
    body, value = body_of(kind, wrapping, rng)
    splits = rng.sample(list(every_split(body, rng)), SAMPLED_SPLITS)
    assert value not in check(there, wrapping, body, splits)


@pytest.mark.full
@pytest.mark.long
def test_value_of_every_kind_is_masked_in_every_wrapping_at_every_cut(
    there: Place, rng: random.Random
) -> None:
    runs, failures, unseen = 0, [], []
    kinds = sorted(each.id for each in shipped_detectors() if each.stream is not StreamUse.OBSERVE)
    for kind, wrapping in itertools.product(kinds, sorted(WRAPPINGS)):
        body, _ = body_of(kind, wrapping, rng)
        splits = list(every_split(body, rng))
        try:
            expected = check(there, wrapping, body, splits)
        except AssertionError as error:
            failures.append(f"{kind} in {wrapping}: {str(error).splitlines()[0]}")
            continue
        runs += len(splits)
        if expected == WRAPPINGS[wrapping].unwrap(body):
            unseen.append(f"{kind} in {wrapping}")
    print(f"{runs} runs; not found in the whole either: {', '.join(unseen)}")
    assert not failures, "\n".join(failures)
    assert runs >= LEAST_RUNS


@pytest.mark.full
@pytest.mark.long
def test_ten_thousand_random_cuts_of_long_bodies_are_masked(
    there: Place, rng: random.Random
) -> None:
    runs = 0
    while runs < LEAST_RANDOM:
        wrapping = rng.choice(sorted(WRAPPINGS))
        values = [SPECIMENS[kind].valid(rng) for kind in rng.choices(SAMPLE, k=3)]
        filler = b" and the river goes on; " * rng.randrange(1, 40)
        body = WRAPPINGS[wrapping].write("note", filler.join(values))
        splits = list(random_splits(body, rng, 20))
        check(there, wrapping, body, splits)
        runs += len(splits)
