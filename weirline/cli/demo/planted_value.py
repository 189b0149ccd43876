"""The values the demo plants: twenty of each kind, made when it starts.

Half come from a seed that never changes, so that two runs can be compared, and half from one that
is new each time, so that nothing can be tuned to them. No value stands in this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from weirline.specimen import SPECIMENS

FIXED_SEED = 20230817
EACH = 20

# For each kind planted, the detectors whose specimens stand for it, taken in turn.
KINDS: Mapping[str, tuple[str, ...]] = {
    "card": ("payment_card",),
    "ssn": ("us_ssn",),
    "iban": ("iban",),
    "email": ("email",),
    "aws_access_key_id": ("aws_access_key_id",),
    "aws_secret_access_key": ("aws_secret_access_key",),
    "github_token": (
        "github_personal_token",
        "github_app_token",
        "github_fine_grained_token",
    ),
    "slack_token": (
        "slack_bot_token",
        "slack_user_token",
        "slack_app_token",
        "slack_config_token",
        "slack_webhook_url",
    ),
    "private_key": ("private_key",),
    "session_jwt": ("jwt",),
}

Values = Mapping[str, tuple[str, ...]]


def make_values(seed: int) -> Values:
    """Return twenty different values of each kind: ten from the fixed seed, ten from `seed`."""
    return {
        kind: _distinct(detectors, _seeded(f"{kind}:{FIXED_SEED}"), _seeded(f"{kind}:{seed}"))
        for kind, detectors in KINDS.items()
    }


def _distinct(detectors: tuple[str, ...], fixed: Random, fresh: Random) -> tuple[str, ...]:
    """Return twenty different values, every second one made with `fresh`."""
    made: list[str] = []
    while len(made) < EACH:
        detector = detectors[len(made) // 2 % len(detectors)]
        value = SPECIMENS[detector].valid((fixed, fresh)[len(made) % 2]).decode()
        if value not in made:
            made.append(value)
    return tuple(made)


def _seeded(seed: str) -> Random:
    return Random(seed)  # noqa: S311 - the same seed has to give the same values again
