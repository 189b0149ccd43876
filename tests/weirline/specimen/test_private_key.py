"""Private keys: true armour around true base 64."""

from __future__ import annotations

import base64
import random
import re

from weirline.specimen.private_key import broken, valid

MANY = 120
FRAME = re.compile(rb"-----BEGIN ([A-Z ]+)-----\n(.*?)(?:\n-----END \1-----)?", re.DOTALL)


def test_keys_have_a_private_label_and_a_body_that_decodes(rng: random.Random) -> None:
    whole = 0
    for _ in range(MANY):
        value = valid(rng)
        frame = FRAME.fullmatch(value)
        assert frame is not None
        assert b"PRIVATE KEY" in frame[1]
        lines = [line for line in frame[2].split(b"\n") if line and b":" not in line]
        body = b"".join(line for line in lines if not line.startswith(b"="))
        if value.endswith(b"-----"):
            whole += 1
            assert len(base64.b64decode(body, validate=True)) >= 48
    assert MANY * 0.7 < whole < MANY


def test_keys_are_of_every_sort(rng: random.Random) -> None:
    labels = {valid(rng).split(b"-----")[1] for _ in range(MANY)}
    sorts = (b"", b"RSA ", b"EC ", b"DSA ", b"ENCRYPTED ", b"OPENSSH ", b"PGP ")
    assert {label.removesuffix(b" BLOCK") for label in labels} == {
        b"BEGIN %bPRIVATE KEY" % sort for sort in sorts
    }


def test_some_keys_carry_encryption_headers(rng: random.Random) -> None:
    assert any(b"\nDEK-Info: " in valid(rng) for _ in range(MANY))


def test_broken_ones_are_public_or_empty(rng: random.Random) -> None:
    for _ in range(MANY):
        value = broken(rng)
        assert b"PRIVATE KEY" not in value or b"<your " in value
