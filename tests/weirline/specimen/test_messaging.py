"""Keys of services that send messages."""

from __future__ import annotations

import base64
import random
import re

import pytest

from weirline.specimen import messaging
from weirline.specimen.specimen import Specimen

MANY = 200
FORMS = {
    messaging.SENDGRID_API_KEY: rb"SG\.[\w-]{22}\.[\w-]{43}",
    messaging.TWILIO_API_KEY: rb"SK[0-9a-f]{32}",
    messaging.MAILGUN_API_KEY: rb"key-[0-9a-f]{32}",
    messaging.MAILCHIMP_API_KEY: rb"[0-9a-f]{32}-us[0-9]{1,2}",
    messaging.TELEGRAM_BOT_TOKEN: rb"[0-9]{8,10}:AA[\w-]{33}",
}


@pytest.mark.parametrize("specimen", FORMS, ids=lambda specimen: specimen.kind)
def test_values_have_the_documented_form(specimen: Specimen, rng: random.Random) -> None:
    form = re.compile(FORMS[specimen])
    assert all(form.fullmatch(specimen.valid(rng)) for _ in range(MANY))
    assert not any(form.fullmatch(specimen.broken(rng)) for _ in range(MANY))


def test_first_part_of_a_discord_token_is_a_number(rng: random.Random) -> None:
    for _ in range(MANY):
        number, time, signature = messaging.valid_discord(rng).split(b".")
        assert 17 <= len(base64.urlsafe_b64decode(number + b"=" * (-len(number) % 4))) <= 20
        assert base64.urlsafe_b64decode(number + b"=" * (-len(number) % 4)).isdigit()
        assert (len(time), len(signature)) == (6, 38)


def test_broken_discord_token_has_no_number_or_a_short_time(rng: random.Random) -> None:
    for _ in range(MANY):
        number, time, _ = messaging.broken_discord(rng).split(b".")
        assert number.startswith(b"Mock") or len(time) == 5
