"""FF1: encrypts a text of digits or letters into one of the same length and alphabet.

The only mode of NIST's format-preserving encryption that stands (FF3 is withdrawn). It refuses
domains under a million texts, where a table of all of them is soon made. Own code, as no maintained
library has it, held to NIST's sample vectors. Source: NIST SP 800-38G, algorithms 7 and 8.
"""

from __future__ import annotations

from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

SMALLEST_DOMAIN = 1_000_000  # SP 800-38G revision 1, section 5.2
ROUNDS = 10
LONGEST = 4096  # numerals; far more than any value has

_BLOCK = 16


class Ff1:
    """One key and one radix (2 to 65536). Immutable; safe in several threads."""

    def __init__(self, key: bytes, radix: int) -> None:
        """`key` has 16, 24 or 32 bytes."""
        self._cipher = Cipher(AES(key), ECB())  # noqa: S305 - FF1 is built on single blocks
        self._radix = radix

    def fits(self, length: int) -> bool:
        """Say whether texts of this length are a domain large enough, and not too long."""
        return 2 <= length <= LONGEST and self._radix**length >= SMALLEST_DOMAIN

    def encrypt(self, numerals: list[int], tweak: bytes = b"") -> list[int]:
        """Return as many numerals, each from 0 to radix - 1. Raises ValueError outside `fits`."""
        return self._feistel(numerals, tweak, range(ROUNDS))

    def decrypt(self, numerals: list[int], tweak: bytes = b"") -> list[int]:
        """Undo `encrypt`."""
        return self._feistel(numerals, tweak, range(ROUNDS - 1, -1, -1))

    def _feistel(self, numerals: list[int], tweak: bytes, rounds: range) -> list[int]:
        n, radix = len(numerals), self._radix
        if not self.fits(n):
            raise ValueError("the domain is too small or too large")
        u = n // 2
        v = n - u
        b = ((radix**v - 1).bit_length() + 7) // 8
        d = 4 * ((b + 3) // 4) + 4
        head = bytes((1, 2, 1)) + radix.to_bytes(3) + bytes((10, u % 256))
        head += n.to_bytes(4) + len(tweak).to_bytes(4)
        padded = tweak + bytes((-len(tweak) - b - 1) % _BLOCK)
        left, right = self._number(numerals[:u]), self._number(numerals[u:])
        forwards = rounds.step > 0
        block = self._cipher.encryptor().update
        for i in rounds:
            modulus = radix ** (u if i % 2 == 0 else v)
            fed = right if forwards else left
            mixed = padded + bytes((i,)) + fed.to_bytes(b)
            y = int.from_bytes(self._stretched(block, head + mixed, d))
            if forwards:
                left, right = right, (left + y) % modulus
            else:
                left, right = (right - y) % modulus, left
        return self._numerals(left, u) + self._numerals(right, v)

    def _stretched(self, block: Callable[[bytes], bytes], data: bytes, size: int) -> bytes:
        """The first `size` bytes of the keyed stream that `data` selects (PRF, then counter)."""
        r = bytes(_BLOCK)
        for at in range(0, len(data), _BLOCK):
            r = block(_xor(r, data[at : at + _BLOCK]))
        stream = r
        for j in range(1, (size + _BLOCK - 1) // _BLOCK):
            stream += block(_xor(r, j.to_bytes(_BLOCK)))
        return stream[:size]

    def _number(self, numerals: list[int]) -> int:
        number = 0
        for numeral in numerals:
            number = number * self._radix + numeral
        return number

    def _numerals(self, number: int, length: int) -> list[int]:
        numerals = [0] * length
        for at in range(length - 1, -1, -1):
            number, numerals[at] = divmod(number, self._radix)
        return numerals


def _xor(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(_BLOCK)
