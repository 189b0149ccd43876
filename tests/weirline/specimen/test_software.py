"""Keys of what software people work with."""

from __future__ import annotations

import base64
import random
import re
import zlib

import pytest

from weirline.detect.validators import base62_crc32
from weirline.specimen import software
from weirline.specimen.specimen import Specimen

MANY = 200
FORMS = {
    software.GITLAB_TOKEN: rb"gl(?:pat|dt|rt|ptt)-[\w-]{20}",
    software.NPM_ACCESS_TOKEN: rb"npm_[0-9A-Za-z]{36}",
    software.PYPI_API_TOKEN: rb"pypi-AgEIcHlwaS5vcmc[\w-]{80,300}",
    software.ATLASSIAN_API_TOKEN: rb"AT[AC]TT3[\w-]{60,250}=[0-9A-F]{8}",
    software.LINEAR_API_KEY: rb"lin_api_[0-9A-Za-z]{40}",
    software.NOTION_TOKEN: rb"ntn_[0-9]{11}[0-9A-Za-z]{35}",
    software.FIGMA_TOKEN: rb"figd_[\w-]{40}",
    software.POSTMAN_API_KEY: rb"PMAK-[0-9a-f]{24}-[0-9a-f]{34}",
    software.NEW_RELIC_USER_KEY: rb"NRAK-[0-9A-Z]{27}",
    software.GRAFANA_TOKEN: rb"glsa_[0-9A-Za-z]{32}_[0-9a-f]{8}",
    software.SENTRY_AUTH_TOKEN: rb"sntryu_[0-9a-f]{64}|sntrys_[0-9A-Za-z+/]+=*_[0-9A-Za-z]{43}",
}


@pytest.mark.parametrize("specimen", FORMS, ids=lambda specimen: specimen.kind)
def test_values_have_the_documented_form(specimen: Specimen, rng: random.Random) -> None:
    form = re.compile(FORMS[specimen])
    assert all(form.fullmatch(specimen.valid(rng)) for _ in range(MANY))
    assert not any(form.fullmatch(specimen.broken(rng)) for _ in range(MANY))


def test_npm_tokens_end_in_their_checksum(rng: random.Random) -> None:
    assert all(base62_crc32.is_valid(software.valid_npm(rng)) for _ in range(MANY))


def test_grafana_tokens_end_in_their_checksum(rng: random.Random) -> None:
    for _ in range(MANY):
        text, _, check = software.valid_grafana(rng).rpartition(b"_")
        assert int(check, 16) == zlib.crc32(text)


def test_pypi_tokens_name_the_index_inside(rng: random.Random) -> None:
    for _ in range(MANY):
        body = software.valid_pypi(rng).removeprefix(b"pypi-")
        assert b"pypi.org" in base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4))


def test_sentry_tokens_of_organisations_open_with_claims(rng: random.Random) -> None:
    values = [software.valid_sentry(rng) for _ in range(MANY)]
    claims = [value[7:].rpartition(b"_")[0] for value in values if value.startswith(b"sntrys_")]
    assert claims
    assert all(base64.b64decode(part).startswith(b'{"iat":') for part in claims)
