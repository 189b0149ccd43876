"""Puts a stand-in of the same form in a value's place: digits for digits, letters for letters.

Equal values get equal stand-ins under one key, and whoever has the key can turn them back. What
separates the parts of a value stays. Refuses (None) values too short to hide in: see `ff1`.
"""

from __future__ import annotations

from collections.abc import Callable

from weirline.redact.ff1 import Ff1

_DIGITS = b"0123456789"
_LOWER = _DIGITS + b"abcdefghijklmnopqrstuvwxyz"
_EVERY = _LOWER + b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_Turn = Callable[[Ff1, list[int]], list[int]]
_WALKS_MAX = 100  # a stand-in may not begin with 0 where a number stood; one in ten does


def surrogate(value: bytes, key: bytes, *, as_number: bool) -> bytes | None:
    """Return the stand-in of a plain value, as long as it; None where none can be made.

    `as_number` says that the digits are a JSON number, which begins with no zero.
    """
    return _walked(value, key, as_number=as_number, turn=Ff1.encrypt)


def original(stand_in: bytes, key: bytes, *, as_number: bool) -> bytes | None:
    """Return the value that `surrogate` made `stand_in` from, with the same key."""
    return _walked(stand_in, key, as_number=as_number, turn=Ff1.decrypt)


def _walked(value: bytes, key: bytes, *, as_number: bool, turn: _Turn) -> bytes | None:
    alphabet = _alphabet(value)
    places = [at for at, code in enumerate(value) if code in alphabet]
    cipher = Ff1(key, len(alphabet))
    if not cipher.fits(len(places)) or (as_number and value[:1] == b"0"):
        return None
    numerals = [alphabet.index(value[at]) for at in places]
    for _ in range(_WALKS_MAX):
        # Walking on until the result fits keeps the map one to one (SP 800-38G, cycle walking).
        numerals = turn(cipher, numerals)
        if not (as_number and numerals[0] == 0):
            break
    else:
        return None
    made = bytearray(value)
    for at, numeral in zip(places, numerals, strict=True):
        made[at] = alphabet[numeral]
    return bytes(made)


def _alphabet(value: bytes) -> bytes:
    """The smallest alphabet that all letters and digits of a value belong to."""
    letters = value.translate(None, _DIGITS)
    if any(code in _EVERY[36:] for code in letters):
        return _EVERY
    return _LOWER if any(code in _LOWER for code in letters) else _DIGITS
