"""Keys of services that send messages and mail: SendGrid, Twilio, Mailgun, Mailchimp, bots.

Source: the page each detector in rules/secrets/ links as its issuer.
"""

from __future__ import annotations

import base64
from typing import Final

from weirline.specimen.randomness import ALNUM, BASE64_URL, HEX, Randomness, digits, letters
from weirline.specimen.shape import Run, Shape
from weirline.specimen.specimen import Specimen, shaped


def valid_telegram(rng: Randomness) -> bytes:
    """Return the token of a bot: its number, then the secret, which begins with AA."""
    return digits(rng, rng.randrange(8, 11)) + b":AA" + letters(rng, BASE64_URL, 33)


def broken_telegram(rng: Randomness) -> bytes:
    """Return a token whose number or secret has the wrong size or start."""
    match rng.randrange(3):
        case 0:
            return digits(rng, 7) + b":AA" + letters(rng, BASE64_URL, 33)
        case 1:
            return digits(rng, 9) + b":AA" + letters(rng, BASE64_URL, 32)
        case _:
            return digits(rng, 9) + b":ZZ" + letters(rng, BASE64_URL, 33)


def valid_discord(rng: Randomness) -> bytes:
    """Return the token of a bot: its number in base 64, a time, a signature."""
    number = base64.urlsafe_b64encode(digits(rng, rng.randrange(17, 21))).rstrip(b"=")
    time, signature = letters(rng, BASE64_URL, 6), letters(rng, BASE64_URL, 38)
    return b".".join((number, time, signature))


def broken_discord(rng: Randomness) -> bytes:
    """Return three parts of which the first is no number, or the second too short."""
    number = base64.urlsafe_b64encode(digits(rng, 18))
    signature = letters(rng, BASE64_URL, 38)
    if rng.randrange(2):
        return b".".join((number, letters(rng, BASE64_URL, 5), signature))
    return b".".join((b"Mock" + letters(rng, ALNUM, 20), letters(rng, BASE64_URL, 6), signature))


SENDGRID_API_KEY: Final = shaped(
    "sendgrid_api_key",
    "sendgrid_api_key",
    Shape((b"SG.",), (Run(BASE64_URL, 22), b".", Run(BASE64_URL, 43))),
)
TWILIO_API_KEY: Final = shaped("twilio_api_key", "twilio_key", Shape((b"SK",), (Run(HEX, 32),)))
MAILGUN_API_KEY: Final = shaped("mailgun_api_key", "api_key", Shape((b"key-",), (Run(HEX, 32),)))
MAILCHIMP_API_KEY: Final = shaped(
    "mailchimp_api_key",
    "mailchimp_key",
    Shape((b"",), (Run(HEX, 32), b"-us"), (b"1", b"6", b"14", b"21"), floor=32),
)
TELEGRAM_BOT_TOKEN: Final = Specimen(
    "telegram_bot_token", "bot_token", valid_telegram, broken_telegram
)
DISCORD_BOT_TOKEN: Final = Specimen("discord_bot_token", "bot_token", valid_discord, broken_discord)
