"""Private keys in PEM armour: the true frame and size, with chance where the numbers would be.

Source: RFC 7468 (textual encodings), RFC 5208 and 5958 (PKCS#8), RFC 8017 (PKCS#1), RFC 5915 (EC),
openssh PROTOCOL.key, RFC 9580 (OpenPGP armour), RFC 1421 (encryption headers).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

from weirline.specimen.randomness import HEX, UPPER, Randomness, letters, one_of
from weirline.specimen.specimen import Specimen


@dataclass(frozen=True, slots=True)
class _Sort:
    """One sort of key: its label, the first bytes of its body, sizes in bytes, columns a line."""

    label: bytes
    head: bytes
    sizes: tuple[int, ...]
    columns: int = 64


_RSA_SIZES: Final = (610, 1192, 2350)  # 1,024, 2,048 and 4,096 bits
_SORTS: Final = (
    _Sort(b"RSA PRIVATE KEY", b"\x30\x82\x04\xa4\x02\x01\x00\x02\x82\x01\x01", _RSA_SIZES),
    _Sort(b"PRIVATE KEY", b"\x30\x82\x04\xbe\x02\x01\x00\x30\x0d\x06\x09", _RSA_SIZES),
    _Sort(b"PRIVATE KEY", b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70", (48,)),  # Ed25519
    _Sort(b"EC PRIVATE KEY", b"\x30\x77\x02\x01\x01\x04\x20", (121, 167)),
    _Sort(b"DSA PRIVATE KEY", b"\x30\x82\x01\xbb\x02\x01\x00", (447, 1192)),
    _Sort(b"ENCRYPTED PRIVATE KEY", b"\x30\x82\x05\x0e\x30\x40\x06\x09", _RSA_SIZES),
    _Sort(b"OPENSSH PRIVATE KEY", b"openssh-key-v1\x00", (274, 1823), 70),
    _Sort(b"PGP PRIVATE KEY BLOCK", b"\x95\x07\x18\x04", (1300, 3500)),
)
_NO_SECRETS: Final = (b"PUBLIC KEY", b"CERTIFICATE", b"PGP PUBLIC KEY BLOCK", b"RSA PUBLIC KEY")


def valid(rng: Randomness) -> bytes:
    """Return a key with its frame; every eighth is cut before the END line."""
    sort = one_of(rng, _SORTS)
    lines = _body(rng, sort)
    if sort.label == b"RSA PRIVATE KEY" and rng.randrange(3) == 0:
        vector = letters(rng, HEX, 32).upper()
        lines = [b"Proc-Type: 4,ENCRYPTED", b"DEK-Info: AES-256-CBC," + vector, b"", *lines]
    if sort.label.startswith(b"PGP"):
        lines = [b"Version: GnuPG v2", b"", *lines, b"=" + _base64(rng, 3)]
    if rng.randrange(8) == 0:
        return b"\n".join((b"-----BEGIN %b-----" % sort.label, *lines[:-1], lines[-1][:20]))
    return _framed(sort.label, lines)


def broken(rng: Randomness) -> bytes:
    """Return armour around something public, or a private frame around no key."""
    if rng.randrange(2):
        return _framed(one_of(rng, _NO_SECRETS), _body(rng, one_of(rng, _SORTS)))
    word = letters(rng, UPPER, 6)
    return _framed(one_of(rng, _SORTS).label, [b"<your %b key here>" % word, b"..."])


def _framed(label: bytes, lines: list[bytes]) -> bytes:
    return b"\n".join((b"-----BEGIN %b-----" % label, *lines, b"-----END %b-----" % label))


def _body(rng: Randomness, sort: _Sort) -> list[bytes]:
    size = one_of(rng, sort.sizes) - len(sort.head)
    text = base64.b64encode(sort.head + _noise(rng, size))
    return [text[at : at + sort.columns] for at in range(0, len(text), sort.columns)]


def _base64(rng: Randomness, size: int) -> bytes:
    return base64.b64encode(_noise(rng, size))


def _noise(rng: Randomness, size: int) -> bytes:
    return bytes(rng.randrange(256) for _ in range(size))


PRIVATE_KEY: Final = Specimen("private_key", "private_key", valid, broken)
