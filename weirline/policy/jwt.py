"""Reads JSON Web Tokens, and verifies them with keys that somebody else has fetched.

The algorithm is the key's, never the token's: `none`, HMAC and a key used for another algorithm
than its own are refused. Everything unreadable is no token, and never an error: a client writes
this. Nothing of a token is kept. Source: RFC 7515, 7517, 7518, 7519, 8037, 8725.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

LONGEST_TOKEN = 16 << 10  # bytes; longer ones are not read
CLOCK_SKEW_S = 60.0
CLAIM_VALUES_MAX = 100  # of one claim that is a list
RSA_BITS_MIN = 2048  # RFC 7518 section 3.3

_HASHES: dict[str, type[HashAlgorithm]] = {"256": SHA256, "384": SHA384, "512": SHA512}
_CURVES: dict[str, tuple[str, ec.EllipticCurve, int]] = {
    "P-256": ("ES256", ec.SECP256R1(), 32),
    "P-384": ("ES384", ec.SECP384R1(), 48),
    "P-521": ("ES512", ec.SECP521R1(), 66),
}
_RSA_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")

_PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey


class _Header(msgspec.Struct, frozen=True):
    alg: str = ""
    kid: str = ""
    crit: tuple[str, ...] = ()


class _Times(msgspec.Struct, frozen=True):
    exp: float | None = None
    nbf: float | None = None
    iss: str = ""


class _Jwk(msgspec.Struct, frozen=True):
    kty: str
    kid: str = ""
    alg: str = ""
    use: Literal["sig", "enc", ""] = ""
    n: str = ""
    e: str = ""
    crv: str = ""
    x: str = ""
    y: str = ""


class _Jwks(msgspec.Struct, frozen=True):
    keys: tuple[_Jwk, ...]


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """One public key, for one algorithm."""

    kid: str
    algorithm: str
    key: _PublicKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it reads, nothing of it proven: its claims as text and its times in seconds."""

    claims: Mapping[str, tuple[str, ...]] = field(repr=False)
    expires: float | None
    not_before: float | None
    algorithm: str
    kid: str
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def read_keys(content: bytes) -> tuple[VerifyKey, ...]:
    """Return the keys of a JWKS that verify signatures. Raises ValueError where it is none.

    Keys for encryption and of unknown kinds are left out, as RFC 7517 section 5 asks.
    """
    try:
        written = msgspec.json.decode(content, type=_Jwks)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError("not a JWKS") from error
    keys = (_read_key(one) for one in written.keys if one.use != "enc")
    return tuple(key for key in keys if key is not None)


def read_token(text: str) -> Token | None:
    """Return the token that `text` is, None where it is no signed JWT."""
    if len(text) > LONGEST_TOKEN or text.count(".") != 2:
        return None
    head, payload, signature = text.split(".")
    try:
        header = msgspec.json.decode(_decode(head), type=_Header)
        raw = _decode(payload)
        claims = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        times = msgspec.json.decode(raw, type=_Times)
        proof = _decode(signature)
    except (ValueError, RecursionError, msgspec.MsgspecError):
        return None
    if header.crit:  # extensions that we do not know must not be ignored (RFC 7515 4.1.11)
        return None
    return Token(
        claims={name: _texts(value) for name, value in claims.items()},
        expires=times.exp,
        not_before=times.nbf,
        algorithm=header.alg,
        kid=header.kid,
        signed=f"{head}.{payload}".encode("ascii", "replace"),
        signature=proof,
    )


def verified(token: Token, keys: Sequence[VerifyKey], *, now: float) -> bool:
    """Say whether one of the keys signed the token and `now` (seconds since 1970) is its time."""
    if token.expires is not None and now > token.expires + CLOCK_SKEW_S:
        return False
    if token.not_before is not None and now < token.not_before - CLOCK_SKEW_S:
        return False
    return any(
        _signed(token, key)
        for key in keys
        if key.algorithm == token.algorithm and (not token.kid or key.kid in ("", token.kid))
    )


def _signed(token: Token, key: VerifyKey) -> bool:
    digest = _HASHES.get(key.algorithm[2:], SHA256)()
    public = key.key
    try:
        if isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(token.signature, token.signed)
        elif isinstance(public, ec.EllipticCurvePublicKey):
            half = (public.curve.key_size + 7) // 8
            if len(token.signature) != 2 * half:
                return False
            r = int.from_bytes(token.signature[:half])
            s = int.from_bytes(token.signature[half:])
            public.verify(encode_dss_signature(r, s), token.signed, ec.ECDSA(digest))
        elif key.algorithm.startswith("PS"):
            pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
            public.verify(token.signature, token.signed, pss, digest)
        else:
            public.verify(token.signature, token.signed, padding.PKCS1v15(), digest)
    except InvalidSignature:
        return False
    return True


def _read_key(written: _Jwk) -> VerifyKey | None:
    try:
        if written.kty == "RSA":
            algorithm = written.alg or "RS256"
            key = rsa.RSAPublicNumbers(_number(written.e), _number(written.n)).public_key()
            good = algorithm in _RSA_ALGORITHMS and key.key_size >= RSA_BITS_MIN
            return VerifyKey(written.kid, algorithm, key) if good else None
        if written.kty == "EC" and written.crv in _CURVES:
            algorithm, curve, _ = _CURVES[written.crv]
            point = ec.EllipticCurvePublicNumbers(_number(written.x), _number(written.y), curve)
            good = written.alg in ("", algorithm)
            return VerifyKey(written.kid, algorithm, point.public_key()) if good else None
        if written.kty == "OKP" and written.crv == "Ed25519" and written.alg in ("", "EdDSA"):
            edwards = ed25519.Ed25519PublicKey.from_public_bytes(_decode(written.x))
            return VerifyKey(written.kid, "EdDSA", edwards)
    except ValueError:
        return None
    return None


def _number(text: str) -> int:
    return int.from_bytes(_decode(text))


def _decode(text: str) -> bytes:
    """Undo base64url without padding; ValueError for any other letter."""
    try:
        raw = text.encode("ascii")
        return base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise ValueError("not base64url") from error


def _texts(raw: msgspec.Raw) -> tuple[str, ...]:
    """The values of a claim as text: one, or those of a list; of objects none."""
    value = msgspec.json.decode(raw)
    values = value[:CLAIM_VALUES_MAX] if isinstance(value, list) else [value]
    return tuple(_text(one) for one in values if isinstance(one, str | int | float))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
