"""Makers of secrets of providers, all that a shape describes in full, in one list."""

from __future__ import annotations

from typing import Final

from weirline.specimen import (
    marked_secrets_adafruit_to_firecrawl,
    marked_secrets_fireworks_to_perplexity,
    marked_secrets_pinecone_to_zuplo,
    named_secrets_ably_to_facebook,
    named_secrets_fastly_to_percy,
    named_secrets_pexels_to_zulip,
)
from weirline.specimen.specimen import Specimen

PROVIDER_SECRETS: Final[tuple[Specimen, ...]] = (
    *marked_secrets_adafruit_to_firecrawl.SPECIMENS,
    *marked_secrets_fireworks_to_perplexity.SPECIMENS,
    *marked_secrets_pinecone_to_zuplo.SPECIMENS,
    *named_secrets_ably_to_facebook.SPECIMENS,
    *named_secrets_fastly_to_percy.SPECIMENS,
    *named_secrets_pexels_to_zulip.SPECIMENS,
)
