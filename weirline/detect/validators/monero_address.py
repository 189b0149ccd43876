"""Addresses of Monero: base 58 in blocks of eight bytes, with four bytes of Keccak-256 at the end.

Source: getmonero.org, "Standard address", "Subaddress", "Integrated address".
"""

from __future__ import annotations

from typing import Final

from weirline.detect.validators.base58check import decode
from weirline.detect.validators.keccak import keccak_256

NETWORKS: Final = frozenset({18, 19, 42})  # standard, integrated, subaddress of the main network
_BLOCK: Final = 11  # letters for eight bytes
_SIZES: Final = {11: 8, 7: 5, 9: 6}  # letters of a block to its bytes


def is_valid(value: bytes) -> bool:
    """Return whether `value` is an address of the main network with the right checksum."""
    data = bytearray()
    for at in range(0, len(value), _BLOCK):
        block = value[at : at + _BLOCK]
        plain, size = decode(block), _SIZES.get(len(block))
        if plain is None or size is None:
            return False
        number = int.from_bytes(plain, "big")
        if number >> 8 * size:
            return False
        data += number.to_bytes(size, "big")
    return data[:1] != b"" and data[0] in NETWORKS and keccak_256(bytes(data[:-4]))[:4] == data[-4:]
