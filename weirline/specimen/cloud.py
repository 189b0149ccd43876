"""Keys of clouds and of what deploys to them: Google, Azure, DigitalOcean, Databricks, HashiCorp...

Source: the page each detector in rules/secrets/ links as its issuer.
"""

from __future__ import annotations

import base64
from typing import Final

from weirline.specimen.randomness import (
    ALNUM,
    BASE64,
    BASE64_URL,
    HEX,
    Randomness,
    letters,
)
from weirline.specimen.shape import Run, Shape
from weirline.specimen.specimen import Specimen, shaped

_AZURE_KEY_BYTES: Final = 64


def valid_azure(rng: Randomness) -> bytes:
    """Return the key of a storage account: 512 bits in base 64."""
    return base64.b64encode(bytes(rng.randrange(256) for _ in range(_AZURE_KEY_BYTES)))


def broken_azure(rng: Randomness) -> bytes:
    """Return base 64 of another size, or without its padding."""
    if rng.randrange(2):
        return valid_azure(rng)[:-2]
    return letters(rng, BASE64, 70) + b"=="


GOOGLE_API_KEY: Final = shaped(
    "google_api_key", "google_api_key", Shape((b"AIza",), (Run(BASE64_URL, 35),))
)
GOOGLE_OAUTH_CLIENT_SECRET: Final = shaped(
    "google_oauth_client_secret", "client_secret", Shape((b"GOCSPX-",), (Run(BASE64_URL, 28),))
)
AZURE_STORAGE_KEY: Final = Specimen(
    "azure_storage_key", "AccountKey", valid_azure, broken_azure, needs_key=True
)
DIGITALOCEAN_TOKEN: Final = shaped(
    "digitalocean_token",
    "digitalocean_token",
    Shape((b"dop_v1_", b"doo_v1_", b"dor_v1_"), (Run(HEX, 64),)),
)
DATABRICKS_TOKEN: Final = shaped(
    "databricks_token", "databricks_token", Shape((b"dapi",), (Run(HEX, 32),))
)
VAULT_TOKEN: Final = shaped(
    "vault_token",
    "vault_token",
    Shape((b"hvs.", b"hvb.", b"hvr."), (Run(BASE64_URL, 90, 120),), floor=24),
)
TERRAFORM_CLOUD_TOKEN: Final = shaped(
    "terraform_cloud_token",
    "tfc_token",
    Shape((b"",), (Run(ALNUM, 14), b".atlasv1.", Run(ALNUM, 67)), floor=60),
)
PULUMI_ACCESS_TOKEN: Final = shaped(
    "pulumi_access_token", "pulumi_access_token", Shape((b"pul-",), (Run(HEX, 40),))
)
PLANETSCALE_TOKEN: Final = shaped(
    "planetscale_token",
    "planetscale_token",
    Shape((b"pscale_tkn_", b"pscale_pw_", b"pscale_oauth_"), (Run(BASE64_URL, 43),), floor=32),
)
DOPPLER_TOKEN: Final = shaped(
    "doppler_token",
    "doppler_token",
    Shape((b"dp.pt.", b"dp.st.dev.", b"dp.sa.", b"dp.ct."), (Run(ALNUM, 43),), floor=40),
)
