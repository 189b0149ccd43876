"""Keys of services that run models."""

from __future__ import annotations

import random
import re

import pytest

from weirline.specimen import artificial_intelligence as makers
from weirline.specimen.specimen import Specimen

MANY = 200
FORMS = {
    makers.OPENAI_API_KEY: rb"sk-(?:[0-9A-Za-z]{48}|(?:proj|svcacct|admin)-[\w-]{156})",
    makers.ANTHROPIC_API_KEY: rb"sk-ant-(?:api03|admin01)-[\w-]{93}AA",
    makers.HUGGINGFACE_TOKEN: rb"hf_[A-Za-z]{34}",
}


@pytest.mark.parametrize("specimen", FORMS, ids=lambda specimen: specimen.kind)
def test_values_have_the_documented_form(specimen: Specimen, rng: random.Random) -> None:
    form = re.compile(FORMS[specimen])
    assert all(form.fullmatch(specimen.valid(rng)) for _ in range(MANY))
    assert not any(form.fullmatch(specimen.broken(rng)) for _ in range(MANY))


def test_openai_keys_carry_the_issuers_mark_in_the_middle(rng: random.Random) -> None:
    for _ in range(MANY):
        left, mark, right = makers.valid_openai(rng).partition(b"T3BlbkFJ")
        assert mark
        assert len(left) > 20
        assert len(right) in (20, 74)
