r"""Numbers that are printed in a form and carry a check: most national numbers are.

A form says how a number is printed; what it says is filled by chance until the check of its kind
passes. A broken number is a valid one with a wrong digit, cut short or with a digit too many, and
its check must fail. In a form

- `9` is a digit, `8` one that is not 0, `A` a capital, `X` either;
- `#`, `@`, `*` are a digit, a capital, either that follow from the rest: they are tried in full
  before the rest is drawn anew;
- `{ymd}`, `{dmy}`, `{Ymd}` are a day, `{ymdot}` one with dots, `{dmY3}` one whose year has three
  digits, `{yy}` a year; `{one|two}` is one of several texts;
- what stands between `'` stands for itself, and so do blanks and signs. They are printed half the
  time, unless the form begins with `=`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from weirline.detect.validators import VALIDATORS
from weirline.specimen.randomness import CAPITALS, DIGITS, UPPER, Randomness, letters, one_of
from weirline.specimen.specimen import Specimen

_PIECE: Final = re.compile(r"'(?P<text>[^']*)'|\{(?P<options>[^}]*)\}|(?P<sign>.)", re.DOTALL)
_SEPARATORS: Final = b" -./+"
_DRAWN: Final = {"9": DIGITS, "8": DIGITS[1:], "A": UPPER, "X": CAPITALS}
_CHECKED: Final = {"#": DIGITS, "@": UPPER, "*": DIGITS + UPPER}
_DAYS: Final = {
    "ymd": "{2:02}{1:02}{0:02}",
    "dmy": "{0:02}{1:02}{2:02}",
    "Ymd": "19{2:02}{1:02}{0:02}",
    "ymdot": "{2:02}.{1:02}.{0:02}",
    "dmY3": "{0:02}{1:02}9{2:02}",
    "yy": "{2:02}",
}
_DRAWS: Final = 4000
_BREAKS: Final = 200
_SPINS: Final = 1000  # check characters tried before the rest is drawn anew

Check = Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class NumberForm:
    """The forms of one number and its check; without a check its form alone decides."""

    forms: tuple[str, ...]
    check: Check | None

    def valid(self, rng: Randomness) -> bytes:
        """Return a number whose check passes, printed or compact."""
        form = one_of(rng, self.forms)
        fixed = form.startswith("=")
        form = form.removeprefix("=")
        compact = not fixed and rng.randrange(2) == 0
        for _ in range(_DRAWS):
            drawn = _draw(rng, form)
            for value in _completed(rng, drawn):
                number = value.translate(None, _SEPARATORS) if compact else value
                if self.check is None or self.check(number):
                    return number
        raise ValueError(f"no number of the form {form} passes its check")

    def broken(self, rng: Randomness) -> bytes:
        """Return what a valid number is not: a digit wrong, the end cut, or a digit too many."""
        value = self.valid(rng)
        for _ in range(_BREAKS):
            match rng.randrange(4):
                case 0 | 1 if self.check is not None:
                    other = _with_wrong_digit(rng, value)
                case 2:
                    other = value[:-1].rstrip(_SEPARATORS)
                case _:
                    other = value + letters(rng, DIGITS, 1)
            if not self._fits(other):
                return other
            value = self.valid(rng)
        return value[:1] + b"Q" + value[1:]  # its check lets almost any digits pass

    def _fits(self, value: bytes) -> bool:
        if self.check is not None:
            return self.check(value)
        sizes = {_size(bytes(_draw(_First(), form.removeprefix("=")))) for form in self.forms}
        return _size(value) in sizes


class _First:
    """No chance at all: always the least number, so that each form has one example."""

    def randrange(self, start: int, stop: int | None = None, /) -> int:
        """Return the least number there is."""
        return 0 if stop is None else start


def numbered(kind: str, validator: str | None, *forms: str) -> Specimen:
    """Return the specimen of a number; `validator` is that of its detector, whose id is its key."""
    form = NumberForm(forms, None if validator is None else VALIDATORS[validator])
    return Specimen(kind, kind, form.valid, form.broken, needs_key=True)


def unkeyed(kind: str, validator: str, *forms: str) -> Specimen:
    """Return the specimen of a number that is found without its name, too."""
    form = NumberForm(forms, VALIDATORS[validator])
    return Specimen(kind, kind, form.valid, form.broken)


def _draw(rng: Randomness, form: str) -> bytearray:
    """Fill everything but the check characters, which stay as their signs."""
    drawn = bytearray()
    for piece in _PIECE.finditer(form):
        if (text := piece["text"]) is not None:
            drawn += text.encode()
        elif (options := piece["options"]) is not None:
            drawn += _option(rng, options)
        else:
            sign = piece["sign"]
            drawn += letters(rng, _DRAWN[sign], 1) if sign in _DRAWN else sign.encode()
    return drawn


def _option(rng: Randomness, options: str) -> bytes:
    if options in _DAYS:
        day, month, year = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(50, 100)
        return _DAYS[options].format(day, month, year).encode()
    return one_of(rng, options.split("|")).encode()


def _completed(rng: Randomness, drawn: bytearray) -> Iterator[bytes]:
    """Yield `drawn` with its check characters filled in every way, in no order."""
    places = [at for at, byte in enumerate(drawn) if chr(byte) in _CHECKED]
    alphabets = [_CHECKED[chr(drawn[at])] for at in places]
    total = 1
    for alphabet in alphabets:
        total *= len(alphabet)
    first = rng.randrange(total)
    for turn in range(min(total, _SPINS)):
        yield _spun(drawn, places, alphabets, first + turn)


def _spun(drawn: bytearray, places: list[int], alphabets: list[bytes], count: int) -> bytes:
    filled = bytearray(drawn)
    for place, alphabet in zip(places, alphabets, strict=True):
        count, rest = divmod(count, len(alphabet))
        filled[place] = alphabet[rest]
    return bytes(filled)


def _with_wrong_digit(rng: Randomness, value: bytes) -> bytes:
    places = [at for at, byte in enumerate(value) if byte in DIGITS]
    place = one_of(rng, places)
    wrong = (value[place] - 48 + rng.randrange(1, 10)) % 10 + 48
    return value[:place] + bytes((wrong,)) + value[place + 1 :]


def _size(value: bytes) -> int:
    return len(value.translate(None, _SEPARATORS))
