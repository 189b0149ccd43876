"""Tokens and webhook addresses of Slack.

Source: api.slack.com, "Token types", "Token rotation", "App manifests", "Incoming webhooks".
"""

from __future__ import annotations

from typing import Final

from weirline.specimen.randomness import ALNUM, CAPITALS, DIGITS, HEX, Randomness, digits, letters
from weirline.specimen.shape import Run, Shape
from weirline.specimen.specimen import Specimen, shaped

_HOOKS: Final = b"https://hooks.slack.com/services"


def valid_bot(rng: Randomness) -> bytes:
    """Return a bot token: workspace, bot user, secret."""
    return b"-".join((b"xoxb", digits(rng, 12), digits(rng, 13), letters(rng, ALNUM, 24)))


def valid_user(rng: Randomness) -> bytes:
    """Return a user token: workspace, user, app, secret."""
    numbers = (digits(rng, rng.randrange(11, 14)) for _ in range(3))
    return b"-".join((b"xoxp", *numbers, letters(rng, HEX, 32)))


def valid_webhook(rng: Randomness) -> bytes:
    """Return the address of an incoming webhook: workspace, app, secret."""
    return b"/".join((_HOOKS, _id(rng, b"T"), _id(rng, b"B"), letters(rng, ALNUM, 24)))


def broken_webhook(rng: Randomness) -> bytes:
    """Return an address without a secret, or of a page of the documentation."""
    if rng.randrange(2):
        return b"/".join((_HOOKS, _id(rng, b"T"), _id(rng, b"B"), letters(rng, ALNUM, 4)))
    return b"https://slack.com/help/" + letters(rng, ALNUM, 24)


def _id(rng: Randomness, mark: bytes) -> bytes:
    return mark + letters(rng, CAPITALS, 10)


_BOT: Final = Shape((b"xoxb-",), (Run(ALNUM, 40),), floor=40)
_USER: Final = Shape((b"xoxp-",), (Run(ALNUM, 40),), floor=40)

SLACK_BOT_TOKEN: Final = Specimen("slack_bot_token", "slack_token", valid_bot, _BOT.broken)
SLACK_USER_TOKEN: Final = Specimen("slack_user_token", "slack_token", valid_user, _USER.broken)
SLACK_APP_TOKEN: Final = shaped(
    "slack_app_token",
    "slack_app_token",
    Shape((b"xapp-1-A",), (Run(CAPITALS, 10), b"-", Run(DIGITS, 13), b"-", Run(HEX, 64))),
)
SLACK_CONFIG_TOKEN: Final = shaped(
    "slack_config_token",
    "slack_config_token",
    Shape((b"xoxe.xoxp-1-", b"xoxe.xoxb-1-", b"xoxe-1-"), (Run(ALNUM, 146, 166),), floor=40),
)
SLACK_WEBHOOK_URL: Final = Specimen(
    "slack_webhook_url", "webhook_url", valid_webhook, broken_webhook
)
