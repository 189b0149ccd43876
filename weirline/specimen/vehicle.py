"""Vehicle identification numbers: 17 letters and digits without I, O and Q. Source: ISO 3779."""

from __future__ import annotations

from typing import Final

from weirline.specimen.randomness import Randomness, digits, letters, one_of
from weirline.specimen.specimen import Specimen

_IN_USE: Final = b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_MAKERS: Final = (b"WVW", b"1FT", b"JHM", b"VF1", b"ZFA", b"KMH", b"YV1")


def valid(rng: Randomness) -> bytes:
    """Return a number of some maker."""
    return one_of(rng, _MAKERS) + letters(rng, _IN_USE, 10) + digits(rng, 4)


def broken(rng: Randomness) -> bytes:
    """Return a number with a letter that is not used, or one a digit short or long."""
    number = valid(rng)
    match rng.randrange(3):
        case 0:
            return number[:8] + one_of(rng, (b"I", b"O", b"Q")) + number[9:]
        case 1:
            return number[:-1]
        case _:
            return number + b"7"


VIN: Final = Specimen("vin", "vin", valid, broken, needs_key=True)
