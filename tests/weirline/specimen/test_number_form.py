"""Forms of numbers: what is drawn, what is computed, what is broken."""

from __future__ import annotations

import random
import re

import pytest

from weirline.detect.validators import luhn
from weirline.specimen.number_form import NumberForm, numbered, unkeyed


def test_signs_are_filled_and_texts_kept(rng: random.Random) -> None:
    form = NumberForm(("='AX'-89AX{K|LM}.{ymd}",), None)
    shape = re.compile(
        rb"AX-[1-9]\d[A-Z][A-Z0-9](?:K|LM)\.[5-9]\d(?:0[1-9]|1[0-2])(?:0[1-9]|1\d|2[0-8])"
    )
    assert all(shape.fullmatch(form.valid(rng)) for _ in range(200))


@pytest.mark.parametrize(
    ("sign", "shape"),
    [
        ("{dmy}", rb"[0-2]\d[01]\d[5-9]\d"),
        ("{Ymd}", rb"19[5-9]\d[01]\d[0-2]\d"),
        ("={ymdot}", rb"[5-9]\d\.[01]\d\.[0-2]\d"),
        ("{dmY3}", rb"[0-2]\d[01]\d9[5-9]\d"),
        ("{yy}", rb"[5-9]\d"),
    ],
)
def test_days_are_written_as_the_form_says(sign: str, shape: bytes, rng: random.Random) -> None:
    form = NumberForm((sign,), None)
    assert all(re.fullmatch(shape, form.valid(rng)) for _ in range(100))


def test_signs_between_groups_are_printed_half_the_time(rng: random.Random) -> None:
    values = {
        form.count(b"-") for form in (NumberForm(("99-99",), None).valid(rng) for _ in [0] * 40)
    }
    assert values == {0, 1}


def test_check_characters_follow_from_the_rest(rng: random.Random) -> None:
    form = NumberForm(("9999-999#",), luhn.is_valid)
    values = [form.valid(rng) for _ in range(100)]
    assert all(luhn.is_valid(value) for value in values)
    assert len(set(values)) == 100


def test_broken_number_fails_its_check_and_differs_little(rng: random.Random) -> None:
    form = NumberForm(("9999-999#",), luhn.is_valid)
    broken = [form.broken(rng) for _ in range(200)]
    assert not any(luhn.is_valid(value) for value in broken)
    assert {len(value.replace(b"-", b"")) for value in broken} == {7, 8, 9}


def test_broken_number_without_a_check_has_a_length_of_no_form(rng: random.Random) -> None:
    form = NumberForm(("A999", "99-999"), None)
    assert {len(form.broken(rng).replace(b"-", b"")) for _ in range(200)} == {3, 6}


def test_form_that_no_number_passes_is_refused(rng: random.Random) -> None:
    with pytest.raises(ValueError, match="no number of the form 9#"):
        NumberForm(("9#",), lambda value: not value).valid(rng)


def test_specimen_takes_the_check_of_its_detector(rng: random.Random) -> None:
    specimen = numbered("br_cpf", "stdnum.br.cpf", "999.999.999-##")
    assert (specimen.kind, specimen.key, specimen.needs_key) == ("br_cpf", "br_cpf", True)
    assert len(specimen.valid(rng).translate(None, b".-")) == 11
    assert not unkeyed("br_cpf", "stdnum.br.cpf", "999.999.999-##").needs_key
