"""Tokens of GitHub: prefix, size, checksum."""

from __future__ import annotations

import random
import re

from weirline.detect.validators import base62_crc32
from weirline.specimen.github import (
    GITHUB_APP_TOKEN,
    GITHUB_FINE_GRAINED_TOKEN,
    GITHUB_PERSONAL_TOKEN,
    valid_app,
    valid_personal,
)

MANY = 200
FORM = re.compile(rb"gh[pousr]_[0-9A-Za-z]{36}")


def test_classic_tokens_have_the_size_and_the_checksum(rng: random.Random) -> None:
    for _ in range(MANY):
        value = valid_personal(rng)
        assert FORM.fullmatch(value)
        assert base62_crc32.is_valid(value)


def test_tokens_of_apps_come_in_four_sorts(rng: random.Random) -> None:
    values = [valid_app(rng) for _ in range(MANY)]
    assert {value[:4] for value in values} == {b"gho_", b"ghu_", b"ghs_", b"ghr_"}
    assert all(FORM.fullmatch(value) and base62_crc32.is_valid(value) for value in values)


def test_fine_grained_tokens_have_two_parts(rng: random.Random) -> None:
    form = re.compile(rb"github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59}")
    assert all(form.fullmatch(GITHUB_FINE_GRAINED_TOKEN.valid(rng)) for _ in range(MANY))
    assert not any(form.fullmatch(GITHUB_FINE_GRAINED_TOKEN.broken(rng)) for _ in range(MANY))


def test_broken_tokens_have_no_such_form(rng: random.Random) -> None:
    for specimen in (GITHUB_PERSONAL_TOKEN, GITHUB_APP_TOKEN):
        assert not any(FORM.search(specimen.broken(rng)) for _ in range(MANY))
