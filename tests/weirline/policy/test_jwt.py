from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.weirline.policy.tokens import Issuer, b64
from weirline.policy.jwt import CLOCK_SKEW_S, read_keys, read_token, verified

NOW = 1_800_000_000.0
CLAIMS = {"sub": "7", "role": ["agent", "admin"], "exp": NOW + 600, "n": 7, "on": True}
ALGORITHMS = ("RS256", "RS512", "PS256", "PS384", "ES256", "ES384", "ES512", "EdDSA")


@pytest.fixture(scope="module")
def issuers() -> dict[str, Issuer]:
    return {algorithm: Issuer(algorithm) for algorithm in ALGORITHMS}


def proves(text: str, jwks: bytes, now: float = NOW) -> bool:
    token = read_token(text)
    return token is not None and verified(token, read_keys(jwks), now=now)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_token_is_verified_by_its_issuers_key_and_by_no_other(
    algorithm: str, issuers: dict[str, Issuer]
) -> None:
    text = issuers[algorithm].token(CLAIMS)
    assert proves(text, issuers[algorithm].jwks())
    for other in ALGORITHMS:
        if other != algorithm:
            assert not proves(text, issuers[other].jwks())
    head, body, proof = text.split(".")
    assert not proves(f"{head}.{b64(b'{}')}.{proof}", issuers[algorithm].jwks())
    other_first = "B" if proof[0] == "A" else "A"
    assert not proves(f"{head}.{body}.{other_first}{proof[1:]}", issuers[algorithm].jwks())


def test_algorithm_is_the_keys_and_never_the_tokens(issuers: dict[str, Issuer]) -> None:
    issuer = issuers["RS256"]
    for algorithm in ("none", "HS256", "PS256", "RS512", "", "rs256"):
        assert not proves(issuer.token(CLAIMS, alg=algorithm), issuer.jwks())
    parts = ({"alg": "none"}, CLAIMS)
    unsigned = ".".join(b64(json.dumps(part).encode()) for part in parts) + "."
    assert not proves(unsigned, issuer.jwks())


def test_times_are_heeded_with_a_grace(issuers: dict[str, Issuer]) -> None:
    issuer = issuers["ES256"]
    text = issuer.token({"exp": NOW, "nbf": NOW - 100})
    assert proves(text, issuer.jwks(), NOW + CLOCK_SKEW_S)
    assert not proves(text, issuer.jwks(), NOW + CLOCK_SKEW_S + 1)
    assert proves(text, issuer.jwks(), NOW - 100 - CLOCK_SKEW_S)
    assert not proves(text, issuer.jwks(), NOW - 101 - CLOCK_SKEW_S)


def test_key_is_chosen_by_its_id_where_both_name_one(issuers: dict[str, Issuer]) -> None:
    issuer = issuers["ES256"]
    assert not proves(issuer.token(CLAIMS, kid="another"), issuer.jwks())
    assert proves(issuer.token(CLAIMS, kid=""), issuer.jwks())


def test_extensions_that_must_be_understood_are_not(issuers: dict[str, Issuer]) -> None:
    assert read_token(issuers["ES256"].token(CLAIMS, crit=["b64"])) is None


def test_claims_are_read_as_text(issuers: dict[str, Issuer]) -> None:
    token = read_token(issuers["ES256"].token({**CLAIMS, "deep": {"a": 1}, "nil": None}))
    assert token is not None
    assert token.claims["role"] == ("agent", "admin")
    assert token.claims["n"] == ("7",)
    assert token.claims["on"] == ("true",)
    assert token.claims["deep"] == token.claims["nil"] == ()
    assert "agent" not in repr(token)


def test_keys_for_encryption_short_and_of_unknown_kinds_are_left_out() -> None:
    jwk = Issuer("ES256").jwk
    keys = [{**jwk, "use": "enc"}, {**jwk, "crv": "P-1"}, {"kty": "oct"}, {**jwk, "alg": "ES512"}]
    assert read_keys(json.dumps({"keys": keys}).encode()) == ()
    for content in (b"", b"[]", b'{"keys": 1}', b"\xff"):
        with pytest.raises(ValueError, match="JWKS"):
            read_keys(content)


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: f"{b64(raw)}.{b64(raw)}.a"))
def test_whatever_a_client_writes_is_no_error(text: str) -> None:
    token = read_token(text)
    assert token is None or not verified(token, (), now=NOW)


def test_deep_and_huge_tokens_are_none() -> None:
    deep = b"[" * 5000 + b"]" * 5000
    assert read_token(f"{b64(b'{}')}.{b64(deep)}.a") is None
    assert read_token("a" * 20_000 + ".b.c") is None
