from __future__ import annotations

import pytest

from extproc.trusted import gateways_of, key_urls_of
from weirline.errors import SettingsError


def test_gateways_are_spiffe_ids_with_commas_between() -> None:
    gateways = gateways_of("spiffe://a/ns/edge/sa/*, spiffe://b/ns/edge/sa/gw")
    assert gateways is not None
    assert gateways.trusts("spiffe://a/ns/edge/sa/x")
    assert gateways.trusts("spiffe://b/ns/edge/sa/gw")
    assert gateways_of("") is None


@pytest.mark.parametrize("written", ["gateway", "*", "spiffe://a/b,edge", "https://a/b"])
def test_what_is_no_spiffe_id_is_refused(written: str) -> None:
    with pytest.raises(SettingsError, match="xfcc_from"):
        gateways_of(written)


def test_key_sets_have_a_name_and_an_address() -> None:
    written = "mesh=https://issuer.example/keys?a=b, local=http://127.0.0.1:8080/jwks"
    assert key_urls_of(written) == {
        "mesh": "https://issuer.example/keys?a=b",
        "local": "http://127.0.0.1:8080/jwks",
    }
    assert key_urls_of("") == {}


@pytest.mark.parametrize(
    "written",
    [
        *("https://a.example", "a=b", "a=http://a.example", "A=https://a.example", "a=file:///etc"),
        *("a=https://a.example,a=https://b.example", "a=https://", "a=https://[x"),
    ],
)
def test_what_is_no_address_of_keys_is_refused(written: str) -> None:
    with pytest.raises(SettingsError, match="jwks_urls"):
        key_urls_of(written)
