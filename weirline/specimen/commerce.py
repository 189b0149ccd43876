"""Keys of services that take payments: Stripe, Shopify, Square.

Source: the page each detector in rules/secrets/ links as its issuer.
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.randomness import ALNUM, BASE64_URL, HEX
from weirline.specimen.shape import Run, Shape
from weirline.specimen.specimen import shaped

STRIPE_SECRET_KEY: Final = shaped(
    "stripe_secret_key",
    "stripe_key",
    Shape((b"sk_live_", b"sk_test_", b"rk_live_", b"rk_test_"), (Run(ALNUM, 24, 99),), floor=16),
)
STRIPE_WEBHOOK_SECRET: Final = shaped(
    "stripe_webhook_secret",
    "signing_secret",
    Shape((b"whsec_",), (Run(ALNUM, 32, 64),), floor=32),
)
SHOPIFY_ACCESS_TOKEN: Final = shaped(
    "shopify_access_token",
    "shopify_token",
    Shape((b"shpat_", b"shpca_", b"shppa_", b"shpss_"), (Run(HEX, 32),)),
)
SQUARE_ACCESS_TOKEN: Final = shaped(
    "square_access_token", "square_token", Shape((b"EAAA",), (Run(BASE64_URL, 60),))
)
