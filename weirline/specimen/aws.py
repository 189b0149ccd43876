"""Credentials of Amazon Web Services.

An access key id is AKIA or ASIA and sixteen letters of base 32; a secret access key is 30 bytes in
base 64. Source: IAM user guide, "IAM identifiers" and "Manage access keys".
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.randomness import BASE32, BASE64, Randomness, letters
from weirline.specimen.shape import Run, Shape
from weirline.specimen.specimen import Specimen, shaped

_SECRET_SIZE: Final = 40


def valid_secret(rng: Randomness) -> bytes:
    """Return a secret access key."""
    return letters(rng, BASE64, _SECRET_SIZE)


def broken_secret(rng: Randomness) -> bytes:
    """Return a text one letter too long or too short, or with a foreign letter."""
    secret = valid_secret(rng)
    at = rng.randrange(1, _SECRET_SIZE - 1)
    return (secret[1:], secret + b"a", secret[:at] + b"!" + secret[at + 1 :])[rng.randrange(3)]


AWS_ACCESS_KEY_ID: Final = shaped(
    "aws_access_key_id", "aws_access_key_id", Shape((b"AKIA", b"ASIA"), (Run(BASE32, 16),))
)
AWS_SECRET_ACCESS_KEY: Final = Specimen(
    "aws_secret_access_key", "aws_secret_access_key", valid_secret, broken_secret, needs_key=True
)
