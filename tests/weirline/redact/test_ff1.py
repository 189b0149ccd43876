from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirline.redact.ff1 import Ff1

KEY = "2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94"
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
TEN, LETTERS = "0123456789", "0123456789abcdefghi"
NINE, SEVEN = "39383736353433323130", "3737373770717273373737"

# NIST's samples for FF1: bytes of the key, radix, tweak, text, result.
VECTORS = [
    (16, 10, "", TEN, "2433477484"),
    (16, 10, NINE, TEN, "6124200773"),
    (16, 36, SEVEN, LETTERS, "a9tv40mll9kdu509eum"),
    (24, 10, "", TEN, "2830668132"),
    (24, 10, NINE, TEN, "2496655549"),
    (24, 36, SEVEN, LETTERS, "xbj3kv35jrawxv32ysr"),
    (32, 10, "", TEN, "6657667009"),
    (32, 10, NINE, TEN, "1001623463"),
    (32, 36, SEVEN, LETTERS, "xs8a0azh2avyalyzuwd"),
]


def numerals(text: str) -> list[int]:
    return [ALPHABET.index(letter) for letter in text]


@pytest.mark.parametrize(("size", "radix", "tweak", "text", "result"), VECTORS)
def test_samples_of_nist_come_out_as_printed(
    size: int, radix: int, tweak: str, text: str, result: str
) -> None:
    cipher = Ff1(bytes.fromhex(KEY)[:size], radix)
    made = cipher.encrypt(numerals(text), bytes.fromhex(tweak))
    assert "".join(ALPHABET[one] for one in made) == result
    assert cipher.decrypt(made, bytes.fromhex(tweak)) == numerals(text)


@given(st.lists(st.integers(0, 61), min_size=4, max_size=40), st.binary(max_size=20))
def test_what_is_encrypted_is_decrypted(text: list[int], tweak: bytes) -> None:
    cipher = Ff1(bytes(32), 62)
    made = cipher.encrypt(text, tweak)
    assert len(made) == len(text)
    assert all(0 <= one < 62 for one in made)
    assert cipher.decrypt(made, tweak) == text


def test_small_domains_are_refused() -> None:
    assert not Ff1(bytes(16), 10).fits(5)
    assert Ff1(bytes(16), 10).fits(6)
    with pytest.raises(ValueError, match="domain"):
        Ff1(bytes(16), 10).encrypt([1] * 5)
