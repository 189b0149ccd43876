"""Makes JSON Web Tokens and key sets at run time; keys are new in each run."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_HASHES = {"256": SHA256(), "384": SHA384(), "512": SHA512()}
_CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(), "ES512": ec.SECP521R1()}

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8))


class Issuer:
    """One private key with its algorithm and the JWK that verifies it."""

    def __init__(self, algorithm: str, *, kid: str = "k1") -> None:
        self.algorithm = algorithm
        self.kid = kid
        self.key: PrivateKey
        if algorithm.startswith("ES"):
            self.key = ec.generate_private_key(_CURVES[algorithm])
        elif algorithm == "EdDSA":
            self.key = ed25519.Ed25519PrivateKey.generate()
        else:
            self.key = rsa.generate_private_key(65537, 2048)

    @property
    def jwk(self) -> dict[str, str]:
        named = {"kid": self.kid, "alg": self.algorithm, "use": "sig"}
        key = self.key
        if isinstance(key, rsa.RSAPrivateKey):
            public = key.public_key().public_numbers()
            return {**named, "kty": "RSA", "n": number(public.n), "e": number(public.e)}
        if isinstance(key, ec.EllipticCurvePrivateKey):
            point = key.public_key().public_numbers()
            name = "P-521" if key.key_size == 521 else f"P-{key.key_size}"
            return {**named, "kty": "EC", "crv": name, "x": number(point.x), "y": number(point.y)}
        raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {**named, "kty": "OKP", "crv": "Ed25519", "x": b64(raw)}

    def jwks(self) -> bytes:
        return json.dumps({"keys": [self.jwk]}).encode()

    def token(self, claims: Mapping[str, object], **header: object) -> str:
        """A signed token; `header` overrides what stands in its head."""
        head = {"alg": self.algorithm, "kid": self.kid, "typ": "JWT", **header}
        signed = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(claims).encode())}"
        return f"{signed}.{b64(self._sign(signed.encode()))}"

    def _sign(self, data: bytes) -> bytes:
        key = self.key
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return key.sign(data)
        digest = _HASHES[self.algorithm[2:]]
        if isinstance(key, ec.EllipticCurvePrivateKey):
            r, s = decode_dss_signature(key.sign(data, ec.ECDSA(digest)))
            half = (key.key_size + 7) // 8
            return r.to_bytes(half) + s.to_bytes(half)
        if self.algorithm.startswith("PS"):
            pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
            return key.sign(data, pss, digest)
        return key.sign(data, padding.PKCS1v15(), digest)
