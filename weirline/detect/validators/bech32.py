"""Addresses in Bech32 and Bech32m: Bitcoin's segregated witness, Litecoin's, Cardano's.

Six letters of checksum over a code that finds any four wrong letters. Version 0 of a witness uses
Bech32, later ones Bech32m; a Cardano address is longer than BIP 173 allows and uses the same sum.
Source: BIP 173, BIP 350, CIP 19.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

ALPHABET: Final = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BECH32: Final = 1
BECH32M: Final = 0x2BC830A3
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_WITNESS: Final = frozenset({b"bc", b"tb", b"ltc", b"tltc"})
_OTHERS: Final = frozenset({b"addr", b"addr_test", b"stake"})
_SUM: Final = 6  # letters


def is_valid(value: bytes) -> bool:
    """Return whether `value` is an address of a known network with the right checksum."""
    if value != value.lower() and value != value.upper():
        return False
    prefix, _, letters = value.lower().rpartition(b"1")
    data = [ALPHABET.find(byte) for byte in letters]
    if len(data) <= _SUM or min(data) < 0:
        return False
    remainder = polymod((*expand(prefix), *data))
    if prefix in _WITNESS:
        return remainder == (BECH32M if data[0] else BECH32) and data[0] <= 16
    return prefix in _OTHERS and remainder == BECH32


def checksum(prefix: bytes, data: Sequence[int], constant: int) -> list[int]:
    """Return the six values that follow `data`, 5 bits each; `constant` is BECH32 or BECH32M."""
    rest = polymod((*expand(prefix), *data, *([0] * _SUM))) ^ constant
    return [rest >> 5 * (_SUM - 1 - place) & 31 for place in range(_SUM)]


def expand(prefix: bytes) -> tuple[int, ...]:
    """Return what `prefix` adds to the sum."""
    return (*(byte >> 5 for byte in prefix), 0, *(byte & 31 for byte in prefix))


def polymod(values: Iterable[int]) -> int:
    """Return the remainder of BIP 173 of `values`, 5 bits each."""
    total = 1
    for value in values:
        top = total >> 25
        total = (total & 0x1FFFFFF) << 5 ^ value
        for place, term in enumerate(_GENERATOR):
            if top >> place & 1:
                total ^= term
    return total
