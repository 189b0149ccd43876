"""Where makers of test values take chance from, and the alphabets they draw.

The core knows no chance of its own: a caller hands in a seeded source and prints the seed, so that
each value can be made again. `random.Random` fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

_T = TypeVar("_T")

DIGITS: Final = b"0123456789"
UPPER: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LOWER: Final = b"abcdefghijklmnopqrstuvwxyz"
HEX: Final = DIGITS + b"abcdef"
ALNUM: Final = DIGITS + UPPER + LOWER
CAPITALS: Final = UPPER + DIGITS
BASE32: Final = UPPER + b"234567"  # RFC 4648 section 6
BASE64: Final = UPPER + LOWER + DIGITS + b"+/"  # RFC 4648 section 4
BASE64_URL: Final = UPPER + LOWER + DIGITS + b"-_"  # RFC 4648 section 5


class Randomness(Protocol):
    """A source of whole numbers, all equally likely."""

    def randrange(self, start: int, stop: int | None = None, /) -> int:
        """Return a number from 0 to below `start`, or from `start` to below `stop`."""
        ...


def one_of(rng: Randomness, items: Sequence[_T]) -> _T:
    """Return one of `items`, which are not empty."""
    return items[rng.randrange(len(items))]


def letters(rng: Randomness, alphabet: bytes, count: int) -> bytes:
    """Return `count` bytes of `alphabet`."""
    return bytes(one_of(rng, alphabet) for _ in range(count))


def digits(rng: Randomness, count: int) -> bytes:
    """Return `count` digits of which the first is not 0."""
    return letters(rng, DIGITS[1:], 1) + letters(rng, DIGITS, count - 1)
