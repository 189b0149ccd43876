"""Keys of what software people work with: GitLab, npm, PyPI, trackers, boards, watching.

Source: the page each detector in rules/secrets/ links as its issuer.
"""

from __future__ import annotations

import base64
from typing import Final

from weirline.specimen.checksum import with_base62, with_hex
from weirline.specimen.randomness import (
    ALNUM,
    BASE64_URL,
    CAPITALS,
    DIGITS,
    HEX,
    Randomness,
    letters,
)
from weirline.specimen.shape import Run, Shape
from weirline.specimen.specimen import Specimen, shaped

# Version 2, then the location: what every token for pypi.org begins with once decoded.
_PYPI_HEAD: Final = b"\x02\x01\x08pypi.org\x02"
_NPM: Final = Shape((b"npm_",), (Run(ALNUM, 36),))
_PYPI: Final = Shape((b"pypi-AgEIcHlwaS5vcmc",), (Run(BASE64_URL, 120),), floor=48)
_GRAFANA: Final = Shape((b"glsa_",), (Run(ALNUM, 32), b"_", Run(HEX, 8)))
_SENTRY: Final = Shape((b"sntryu_",), (Run(HEX, 64),))


def valid_npm(rng: Randomness) -> bytes:
    """Return an access token of npm, whose last six letters are its checksum."""
    return b"npm_" + with_base62(letters(rng, ALNUM, 30))


def valid_pypi(rng: Randomness) -> bytes:
    """Return a token of PyPI: a macaroon in base 64."""
    noise = bytes(rng.randrange(256) for _ in range(rng.randrange(90, 150)))
    return b"pypi-" + base64.urlsafe_b64encode(_PYPI_HEAD + noise).rstrip(b"=")


def valid_grafana(rng: Randomness) -> bytes:
    """Return a token of a service account, whose last part is its checksum."""
    return with_hex(b"glsa_" + letters(rng, ALNUM, 32))


def valid_sentry(rng: Randomness) -> bytes:
    """Return a token of a user or of an organisation."""
    if rng.randrange(2):
        return _SENTRY.valid(rng)
    claims = b'{"iat":%d,"url":"https://sentry.example"}' % rng.randrange(10**9, 2 * 10**9)
    return b"sntrys_" + base64.b64encode(claims) + b"_" + letters(rng, ALNUM, 43)


GITLAB_TOKEN: Final = shaped(
    "gitlab_token",
    "gitlab_token",
    Shape((b"glpat-", b"gldt-", b"glrt-", b"glptt-"), (Run(BASE64_URL, 20),), floor=20),
)
NPM_ACCESS_TOKEN: Final = Specimen("npm_access_token", "npm_token", valid_npm, _NPM.broken)
PYPI_API_TOKEN: Final = Specimen("pypi_api_token", "pypi_token", valid_pypi, _PYPI.broken)
ATLASSIAN_API_TOKEN: Final = shaped(
    "atlassian_api_token",
    "atlassian_token",
    Shape(
        (b"ATATT3xFfGF0", b"ATCTT3xFfGN0"),
        (Run(BASE64_URL, 171), b"=", Run(DIGITS + b"ABCDEF", 8)),
        floor=53,
    ),
)
LINEAR_API_KEY: Final = shaped(
    "linear_api_key", "linear_key", Shape((b"lin_api_",), (Run(ALNUM, 40),), floor=40)
)
NOTION_TOKEN: Final = shaped(
    "notion_token",
    "notion_token",
    Shape((b"ntn_",), (Run(DIGITS, 11), Run(ALNUM, 35)), floor=31),
)
FIGMA_TOKEN: Final = shaped(
    "figma_token", "figma_token", Shape((b"figd_",), (Run(BASE64_URL, 40),), floor=40)
)
POSTMAN_API_KEY: Final = shaped(
    "postman_api_key", "postman_key", Shape((b"PMAK-",), (Run(HEX, 24), b"-", Run(HEX, 34)))
)
NEW_RELIC_USER_KEY: Final = shaped(
    "new_relic_user_key", "new_relic_key", Shape((b"NRAK-",), (Run(CAPITALS, 27),))
)
GRAFANA_TOKEN: Final = Specimen("grafana_token", "grafana_token", valid_grafana, _GRAFANA.broken)
SENTRY_AUTH_TOKEN: Final = Specimen(
    "sentry_auth_token", "sentry_token", valid_sentry, _SENTRY.broken
)
