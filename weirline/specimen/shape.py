"""Secrets that are a mark and a run of letters: most providers issue these.

A shape says what the issuer publishes: fixed text and runs of an alphabet. From it follow values
that must be found, and values broken in the ways that matter: cut, too long, a foreign letter, a
wrong mark. Check digits are beyond it; kinds that have some write their own maker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from weirline.specimen.randomness import Randomness, letters, one_of

_FOREIGN: Final = b"!"  # in no alphabet of any token
_WRONG: Final = b"z"  # no mark begins with it, but for those of the next letter
_WRONG_TOO: Final = b"q"


@dataclass(frozen=True, slots=True)
class Run:
    """`least` to `most` letters of `alphabet`."""

    alphabet: bytes
    least: int
    most: int = 0  # 0: exactly `least`


@dataclass(frozen=True, slots=True)
class Shape:
    """Fixed text and runs in order.

    `marks` are the texts it may begin with; `tails` may follow it. Without a `floor`, one letter
    more or less makes it something else. Where the issuer leaves the length open, `floor` is the
    fewest letters of the longest run that still count.
    """

    marks: tuple[bytes, ...]
    parts: tuple[bytes | Run, ...]
    tails: tuple[bytes, ...] = (b"",)
    floor: int | None = None

    def valid(self, rng: Randomness) -> bytes:
        """Return a value as the issuer makes them."""
        return one_of(rng, self.marks) + self._body(rng, self.parts) + one_of(rng, self.tails)

    def broken(self, rng: Randomness) -> bytes:
        """Return a value that is none of this shape, though near to one."""
        mark = one_of(rng, self.marks)
        match rng.randrange(4 if self.floor is None else 3):
            case 0:
                wrong = _WRONG_TOO if mark.startswith(_WRONG) else _WRONG
                return wrong + mark[1:] + self._body(rng, self.parts)
            case 1:
                return mark + self._body(rng, self._cut())
            case 2:
                return mark + self._body(rng, self._cut()) + _FOREIGN + letters(rng, b"ab", 3)
            case _:
                last = self.parts[self._longest()]
                extra = letters(rng, last.alphabet, 1) if isinstance(last, Run) else b""
                return mark + self._body(rng, self.parts) + extra + one_of(rng, self.tails)

    def _body(self, rng: Randomness, parts: tuple[bytes | Run, ...]) -> bytes:
        return b"".join(part if isinstance(part, bytes) else _draw(rng, part) for part in parts)

    def _cut(self) -> tuple[bytes | Run, ...]:
        """Return the parts with the longest run one letter too short."""
        index = self._longest()
        run = self.parts[index]
        if not isinstance(run, Run):
            return self.parts
        fewest = run.least if self.floor is None else self.floor
        return (*self.parts[:index], Run(run.alphabet, fewest - 1), *self.parts[index + 1 :])

    def _longest(self) -> int:
        sizes = [part.least if isinstance(part, Run) else 0 for part in self.parts]
        return sizes.index(max(sizes))


def _draw(rng: Randomness, run: Run) -> bytes:
    return letters(rng, run.alphabet, rng.randrange(run.least, max(run.least, run.most) + 1))
