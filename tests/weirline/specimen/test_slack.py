"""Tokens and addresses of Slack."""

from __future__ import annotations

import random
import re

import pytest

from weirline.specimen import slack
from weirline.specimen.specimen import Specimen

MANY = 200
FORMS = {
    slack.SLACK_BOT_TOKEN: rb"xoxb-[0-9]{12}-[0-9]{13}-[0-9A-Za-z]{24}",
    slack.SLACK_USER_TOKEN: rb"xoxp(?:-[0-9]{11,13}){3}-[0-9a-f]{32}",
    slack.SLACK_APP_TOKEN: rb"xapp-1-A[0-9A-Z]{10}-[0-9]{13}-[0-9a-f]{64}",
    slack.SLACK_CONFIG_TOKEN: rb"xoxe(?:\.xox[bp])?-1-[0-9A-Za-z]{146,166}",
    slack.SLACK_WEBHOOK_URL: (
        rb"https://hooks\.slack\.com/services/T[0-9A-Z]{10}/B[0-9A-Z]{10}/[0-9A-Za-z]{24}"
    ),
}


@pytest.mark.parametrize("specimen", FORMS, ids=lambda specimen: specimen.kind)
def test_values_have_the_documented_form(specimen: Specimen, rng: random.Random) -> None:
    form = re.compile(FORMS[specimen])
    assert all(form.fullmatch(specimen.valid(rng)) for _ in range(MANY))
    assert not any(form.fullmatch(specimen.broken(rng)) for _ in range(MANY))
