"""JSON Web Tokens with true header and claims, and a signature of the right size that is chance.

Source: RFC 7515 section 7.1 (compact form), RFC 7518 section 3.1 (algorithms), RFC 7519 section 4.
"""

from __future__ import annotations

import base64
from typing import Final

import msgspec

from weirline.specimen.randomness import ALNUM, LOWER, Randomness, letters, one_of
from weirline.specimen.specimen import Specimen

_SIGNATURE_SIZES: Final = {
    "HS256": 32,
    "HS512": 64,
    "RS256": 256,
    "ES256": 64,
    "EdDSA": 64,
    "none": 0,
}
_ALGORITHMS: Final = tuple(_SIGNATURE_SIZES)
_ISSUED_FROM: Final = 1_600_000_000  # seconds of Unix time


def valid(rng: Randomness) -> bytes:
    """Return a token."""
    return b".".join(_parts(rng))


def broken(rng: Randomness) -> bytes:
    """Return a token without its third part, or one whose header names no algorithm."""
    header, claims, signature = _parts(rng)
    if rng.randrange(2):
        return header + b"." + claims
    return b".".join((_part({"typ": "text", "n": rng.randrange(1000)}), claims, signature))


def _parts(rng: Randomness) -> tuple[bytes, bytes, bytes]:
    algorithm = one_of(rng, _ALGORITHMS)
    header: dict[str, str | int] = {"alg": algorithm, "typ": "JWT"}
    if rng.randrange(2):
        header["kid"] = letters(rng, ALNUM, 12).decode()
    issued = _ISSUED_FROM + rng.randrange(200_000_000)
    claims: dict[str, str | int] = {
        "iss": f"https://{letters(rng, LOWER, 6).decode()}.example",
        "sub": letters(rng, ALNUM, rng.randrange(8, 40)).decode(),
        "iat": issued,
        "exp": issued + 3600,
    }
    noise = bytes(rng.randrange(256) for _ in range(_SIGNATURE_SIZES[algorithm]))
    return _part(header), _part(claims), _base64url(noise)


def _part(members: dict[str, str | int]) -> bytes:
    return _base64url(msgspec.json.encode(members))


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


JWT: Final = Specimen("jwt", "access_token", valid, broken)
