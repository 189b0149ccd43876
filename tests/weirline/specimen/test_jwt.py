"""Tokens whose header and claims are true JSON."""

from __future__ import annotations

import base64
import json
import random

from weirline.detect.validators import jwt as check
from weirline.specimen.jwt import broken, valid

MANY = 200


def _decode(part: bytes) -> dict[str, object]:
    decoded = json.loads(base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4)))
    assert isinstance(decoded, dict)
    return decoded


def test_tokens_have_an_algorithm_and_dates(rng: random.Random) -> None:
    for _ in range(MANY):
        value = valid(rng)
        header, claims, _ = value.split(b".")
        assert _decode(header)["typ"] == "JWT"
        assert int(str(_decode(claims)["exp"])) > int(str(_decode(claims)["iat"]))
        assert check.is_valid(value)


def test_signature_has_the_size_of_its_algorithm(rng: random.Random) -> None:
    sizes = {"HS256": 43, "HS512": 86, "RS256": 342, "ES256": 86, "EdDSA": 86, "none": 0}
    seen = set()
    for _ in range(MANY):
        header, _, signature = valid(rng).split(b".")
        algorithm = str(_decode(header)["alg"])
        assert len(signature) == sizes[algorithm]
        seen.add(algorithm)
    assert seen == set(sizes)


def test_broken_tokens_lack_a_part_or_an_algorithm(rng: random.Random) -> None:
    for _ in range(MANY):
        parts = broken(rng).split(b".")
        assert len(parts) == 2 or "alg" not in _decode(parts[0])
