"""Credentials of AWS."""

from __future__ import annotations

import base64
import random
import re

from weirline.specimen.aws import AWS_ACCESS_KEY_ID, broken_secret, valid_secret

MANY = 300


def test_key_ids_are_a_mark_and_base_32(rng: random.Random) -> None:
    form = re.compile(rb"A[KS]IA[A-Z2-7]{16}")
    assert all(form.fullmatch(AWS_ACCESS_KEY_ID.valid(rng)) for _ in range(MANY))
    assert not any(form.fullmatch(AWS_ACCESS_KEY_ID.broken(rng)) for _ in range(MANY))


def test_secrets_are_thirty_bytes_in_base_64(rng: random.Random) -> None:
    assert all(len(base64.b64decode(valid_secret(rng), validate=True)) == 30 for _ in range(MANY))


def test_broken_secrets_have_another_size_or_a_foreign_letter(rng: random.Random) -> None:
    values = [broken_secret(rng) for _ in range(MANY)]
    assert {len(value) for value in values} == {39, 40, 41}
    assert all(b"!" in value for value in values if len(value) == 40)
