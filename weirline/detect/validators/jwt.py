"""JSON Web Tokens in compact form: the first part must be a JOSE header.

Only the header is looked at. Whether the signature holds is none of our business: a token that was
cut or forged still tells what its claims say. Source: RFC 7515 section 7.1, RFC 7519.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode

import msgspec


class _JoseHeader(msgspec.Struct, frozen=True):
    """What RFC 7515 section 4.1.1 asks for; further members may stand beside it."""

    alg: str


def is_valid(value: bytes) -> bool:
    """Return whether the first part of `value` decodes to a JSON object that names its `alg`."""
    first, dot, _rest = value.partition(b".")
    if not dot:
        return False
    try:
        msgspec.json.decode(urlsafe_b64decode(first + b"=" * (-len(first) % 4)), type=_JoseHeader)
    except (binascii.Error, msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True
