"""Checksums in tokens, against the published check value of CRC-32."""

from __future__ import annotations

import random
import string

from weirline.detect.validators import base62_crc32
from weirline.specimen.checksum import with_base62, with_hex
from weirline.specimen.randomness import ALNUM, letters

# The check value that every catalogue of CRCs gives for CRC-32: of the text 123456789.
CHECKED = b"123456789"
CHECK_VALUE = 0xCBF43926


def test_base62_tail_is_the_crc_of_the_text_before() -> None:
    alphabet = string.digits + string.ascii_uppercase + string.ascii_lowercase
    number = 0
    for sign in with_base62(CHECKED)[-6:].decode():
        number = number * 62 + alphabet.index(sign)
    assert number == CHECK_VALUE


def test_base62_tail_is_what_the_detectors_check_accepts(rng: random.Random) -> None:
    bodies = [letters(rng, ALNUM, 30) for _ in range(100)]
    assert all(base62_crc32.is_valid(b"ghp_" + with_base62(body)) for body in bodies)
    assert all(len(with_base62(body)) == 36 for body in bodies)


def test_hex_tail_is_the_crc_of_the_text_before() -> None:
    assert with_hex(CHECKED) == CHECKED + b"_cbf43926"
