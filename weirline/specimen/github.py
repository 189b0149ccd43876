"""Tokens of GitHub: a prefix for the sort, thirty letters, and six of checksum.

Source: "About authentication to GitHub", GitHub docs; "Behind GitHub's new authentication token
formats", github.blog, 2021.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from weirline.specimen.checksum import with_base62
from weirline.specimen.randomness import ALNUM, Randomness, letters, one_of
from weirline.specimen.shape import Run, Shape
from weirline.specimen.specimen import Specimen, shaped

_APP_PREFIXES: Final = (b"gho_", b"ghu_", b"ghs_", b"ghr_")
_BODY: Final = (Run(ALNUM, 36),)
# Longer is allowed by GitHub's word, so one letter more breaks nothing.
_PERSONAL: Final = Shape((b"ghp_",), _BODY, floor=36)
_APP: Final = Shape(_APP_PREFIXES, _BODY, floor=36)


def valid_personal(rng: Randomness) -> bytes:
    """Return a classic personal access token."""
    return _token(rng, (b"ghp_",))


def valid_app(rng: Randomness) -> bytes:
    """Return a token of an app: OAuth, user-to-server, server-to-server or refresh."""
    return _token(rng, _APP_PREFIXES)


def _token(rng: Randomness, prefixes: Sequence[bytes]) -> bytes:
    return one_of(rng, prefixes) + with_base62(letters(rng, ALNUM, 30))


GITHUB_PERSONAL_TOKEN: Final = Specimen(
    "github_personal_token", "github_token", valid_personal, _PERSONAL.broken
)
GITHUB_APP_TOKEN: Final = Specimen("github_app_token", "github_token", valid_app, _APP.broken)
GITHUB_FINE_GRAINED_TOKEN: Final = shaped(
    "github_fine_grained_token",
    "github_token",
    Shape((b"github_pat_",), (Run(ALNUM, 22), b"_", Run(ALNUM, 59))),
)
