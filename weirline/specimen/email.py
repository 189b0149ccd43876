"""E-mail addresses as people have them, and text with an @ that is none.

Source: RFC 5321 section 4.1.2 (the dot-string form), RFC 1035 section 2.3.1 (host names). Domains
are the reserved ones of RFC 2606, so that no address belongs to anybody.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.randomness import ALNUM, DIGITS, LOWER, Randomness, letters, one_of
from weirline.specimen.specimen import Specimen

_JOINTS: Final = (b".", b"_", b"-", b"+", b"")
_DOMAINS: Final = (
    b"example.com",
    b"example.org",
    b"example.net",
    b"mail.example.co.uk",
    b"EXAMPLE.COM",
)


def valid(rng: Randomness) -> bytes:
    """Return an address."""
    local = letters(rng, LOWER, rng.randrange(1, 8)) + one_of(rng, _JOINTS)
    local += letters(rng, ALNUM, rng.randrange(1, 12))
    host = letters(rng, LOWER, rng.randrange(2, 8)) + b"." if rng.randrange(2) else b""
    return local + b"@" + host + one_of(rng, _DOMAINS)


def broken(rng: Randomness) -> bytes:
    """Return a version, a picture's name, a host without domain or an address without a name."""
    name = letters(rng, LOWER, rng.randrange(3, 9))
    match rng.randrange(4):
        case 0:
            return name + b"@" + b".".join(letters(rng, DIGITS, 2) for _ in range(3))
        case 1:
            return name + b"@%dx.png" % rng.randrange(2, 4)
        case 2:
            return name + b"@localhost"
        case _:
            return b" @" + name + b".com"


EMAIL: Final = Specimen("email", "email", valid, broken)
