"""Addresses in base 58 with four bytes of checksum: Bitcoin and those that took its form.

The first byte (or two) names the network and the kind; the last four are the beginning of SHA-256
twice. One text in four thousand million passes by chance.
Source: Bitcoin developer reference, "Base58Check encoding"; chainparams of each network; XRP Ledger
documentation, "Base58 encodings"; TRON protocol, "address format".
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

BITCOIN_ALPHABET: Final = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE_ALPHABET: Final = b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_PAYLOAD: Final = 20  # bytes of a key's or script's hash
_CHECKSUM: Final = 4

# What stands before the hash: the network and the kind of address.
VERSIONS: Final[Mapping[str, tuple[bytes, ...]]] = MappingProxyType(
    {
        "bitcoin": (b"\x00", b"\x05", b"\x6f", b"\xc4"),
        "litecoin": (b"\x30", b"\x32"),
        "dogecoin": (b"\x1e", b"\x16"),
        "dash": (b"\x4c", b"\x10"),
        "zcash": (b"\x1c\xb8", b"\x1c\xbd"),
        "tron": (b"\x41",),
        "ripple": (b"\x00",),
    }
)


def decode(value: bytes, alphabet: bytes = BITCOIN_ALPHABET) -> bytes | None:
    """Return the bytes `value` stands for in base 58, None if it holds another letter."""
    number = 0
    for byte in value:
        digit = alphabet.find(byte)
        if digit < 0:
            return None
        number = number * 58 + digit
    zeros = len(value) - len(value.lstrip(alphabet[:1]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def encode(data: bytes, alphabet: bytes = BITCOIN_ALPHABET) -> bytes:
    """Return `data` in base 58."""
    number = int.from_bytes(data, "big")
    letters = bytearray()
    while number:
        number, digit = divmod(number, 58)
        letters.append(alphabet[digit])
    zeros = len(data) - len(data.lstrip(b"\x00"))
    return alphabet[:1] * zeros + bytes(reversed(letters))


def checksum(payload: bytes) -> bytes:
    """Return the four bytes that follow `payload`."""
    return hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:_CHECKSUM]


def is_address(value: bytes, network: str) -> bool:
    """Return whether `value` is an address of `network`, one of `VERSIONS`."""
    data = decode(value, alphabet_of(network))
    if data is None:
        return False
    payload, check = data[:-_CHECKSUM], data[-_CHECKSUM:]
    return payload[:-_PAYLOAD] in VERSIONS[network] and check == checksum(payload)


def alphabet_of(network: str) -> bytes:
    """Return the order of the letters on `network`."""
    return RIPPLE_ALPHABET if network == "ripple" else BITCOIN_ALPHABET


def is_key_of_32_bytes(value: bytes) -> bool:
    """Return whether `value` stands for 32 bytes, as public keys of Solana do; nothing checks."""
    data = decode(value)
    return data is not None and len(data) == 32


def _check(network: str) -> Callable[[bytes], bool]:
    return lambda value: is_address(value, network)


CHECKS: Final[Mapping[str, Callable[[bytes], bool]]] = MappingProxyType(
    {
        **{f"{network}_base58": _check(network) for network in VERSIONS},
        "base58_32_bytes": is_key_of_32_bytes,
    }
)
