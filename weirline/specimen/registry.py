"""All makers of test values by kind: what the demo plants and every test of a detector draws from.

Each detector of the default pack has one; a test compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from weirline.specimen import (
    artificial_intelligence,
    aws,
    cloud,
    commerce,
    email,
    github,
    iban,
    identity_americas,
    identity_asia_pacific,
    identity_eastern_europe,
    identity_international,
    identity_middle_east_africa,
    identity_northern_europe,
    identity_western_europe,
    jwt,
    messaging,
    payment_card,
    private_key,
    slack,
    software,
    us_ssn,
)
from weirline.specimen.specimen import Specimen

_ALL: Final = (
    payment_card.PAYMENT_CARD,
    iban.IBAN,
    us_ssn.US_SSN,
    us_ssn.US_SSN_UNFORMATTED,
    *identity_americas.NUMBERS,
    *identity_asia_pacific.NUMBERS,
    *identity_eastern_europe.NUMBERS,
    *identity_international.NUMBERS,
    *identity_middle_east_africa.NUMBERS,
    *identity_northern_europe.NUMBERS,
    *identity_western_europe.NUMBERS,
    email.EMAIL,
    aws.AWS_ACCESS_KEY_ID,
    aws.AWS_SECRET_ACCESS_KEY,
    github.GITHUB_PERSONAL_TOKEN,
    github.GITHUB_APP_TOKEN,
    github.GITHUB_FINE_GRAINED_TOKEN,
    slack.SLACK_BOT_TOKEN,
    slack.SLACK_USER_TOKEN,
    slack.SLACK_APP_TOKEN,
    slack.SLACK_CONFIG_TOKEN,
    slack.SLACK_WEBHOOK_URL,
    private_key.PRIVATE_KEY,
    jwt.JWT,
    artificial_intelligence.OPENAI_API_KEY,
    artificial_intelligence.ANTHROPIC_API_KEY,
    artificial_intelligence.HUGGINGFACE_TOKEN,
    cloud.GOOGLE_API_KEY,
    cloud.GOOGLE_OAUTH_CLIENT_SECRET,
    cloud.AZURE_STORAGE_KEY,
    cloud.DIGITALOCEAN_TOKEN,
    cloud.DATABRICKS_TOKEN,
    cloud.VAULT_TOKEN,
    cloud.TERRAFORM_CLOUD_TOKEN,
    cloud.PULUMI_ACCESS_TOKEN,
    cloud.PLANETSCALE_TOKEN,
    cloud.DOPPLER_TOKEN,
    commerce.STRIPE_SECRET_KEY,
    commerce.STRIPE_WEBHOOK_SECRET,
    commerce.SHOPIFY_ACCESS_TOKEN,
    commerce.SQUARE_ACCESS_TOKEN,
    messaging.SENDGRID_API_KEY,
    messaging.TWILIO_API_KEY,
    messaging.MAILGUN_API_KEY,
    messaging.MAILCHIMP_API_KEY,
    messaging.TELEGRAM_BOT_TOKEN,
    messaging.DISCORD_BOT_TOKEN,
    software.GITLAB_TOKEN,
    software.NPM_ACCESS_TOKEN,
    software.PYPI_API_TOKEN,
    software.ATLASSIAN_API_TOKEN,
    software.LINEAR_API_KEY,
    software.NOTION_TOKEN,
    software.FIGMA_TOKEN,
    software.POSTMAN_API_KEY,
    software.NEW_RELIC_USER_KEY,
    software.GRAFANA_TOKEN,
    software.SENTRY_AUTH_TOKEN,
)

SPECIMENS: Final[Mapping[str, Specimen]] = MappingProxyType({item.kind: item for item in _ALL})
