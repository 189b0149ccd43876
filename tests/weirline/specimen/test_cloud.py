"""Keys of clouds."""

from __future__ import annotations

import base64
import random
import re

import pytest

from weirline.specimen import cloud
from weirline.specimen.specimen import Specimen

MANY = 200
FORMS = {
    cloud.GOOGLE_API_KEY: rb"AIza[\w-]{35}",
    cloud.GOOGLE_OAUTH_CLIENT_SECRET: rb"GOCSPX-[\w-]{28}",
    cloud.DIGITALOCEAN_TOKEN: rb"do[opr]_v1_[0-9a-f]{64}",
    cloud.DATABRICKS_TOKEN: rb"dapi[0-9a-f]{32}",
    cloud.VAULT_TOKEN: rb"hv[sbr]\.[\w-]{90,120}",
    cloud.TERRAFORM_CLOUD_TOKEN: rb"[0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z]{67}",
    cloud.PULUMI_ACCESS_TOKEN: rb"pul-[0-9a-f]{40}",
    cloud.PLANETSCALE_TOKEN: rb"pscale_(?:tkn|pw|oauth)_[\w-]{43}",
    cloud.DOPPLER_TOKEN: rb"dp\.(?:pt|st\.dev|sa|ct)\.[0-9A-Za-z]{43}",
}


@pytest.mark.parametrize("specimen", FORMS, ids=lambda specimen: specimen.kind)
def test_values_have_the_documented_form(specimen: Specimen, rng: random.Random) -> None:
    form = re.compile(FORMS[specimen])
    assert all(form.fullmatch(specimen.valid(rng)) for _ in range(MANY))
    assert not any(form.fullmatch(specimen.broken(rng)) for _ in range(MANY))


def test_azure_keys_are_512_bits_in_base_64(rng: random.Random) -> None:
    for _ in range(MANY):
        assert len(base64.b64decode(cloud.valid_azure(rng), validate=True)) == 64


def test_broken_azure_keys_have_another_size(rng: random.Random) -> None:
    assert {len(cloud.broken_azure(rng)) for _ in range(MANY)} == {72, 86}
