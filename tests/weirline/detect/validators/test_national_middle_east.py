"""Numbers shown as examples, or worked out by the published rule, pass; wrong ones do not."""

from __future__ import annotations

import pytest

from weirline.detect.validators.national_middle_east import CHECKS

EXAMPLES = [
    ("ae_emirates_id", b"784-1980-1234567-8"),
    ("eg_national_id", b"29001011234567"),
    ("ir_national_id", b"0499370899"),
    ("ir_national_id", b"0790419904"),
    ("kw_civil_id", b"288081234567"),
    ("qa_qid", b"28563412345"),
    ("sa_national_id", b"1000000008"),
]
WRONG = [
    ("ae_emirates_id", b"784198012345679"),
    ("ae_emirates_id", b"785198012345678"),
    ("eg_national_id", b"29013011234567"),
    ("eg_national_id", b"29001013634567"),
    ("ir_national_id", b"0499370898"),
    ("ir_national_id", b"1111111111"),
    ("kw_civil_id", b"288081234568"),
    ("kw_civil_id", b"288131234567"),
    ("qa_qid", b"18563412345"),
    ("qa_qid", b"28589912345"),
    ("sa_national_id", b"1000000009"),
    ("sa_national_id", b"3000000006"),
]


@pytest.mark.parametrize(("check", "value"), EXAMPLES)
def test_example_is_valid_with_and_without_separators(check: str, value: bytes) -> None:
    assert CHECKS[check](value)
    assert CHECKS[check](value.translate(None, b" -./"))


@pytest.mark.parametrize(("check", "value"), EXAMPLES)
def test_cut_or_longer_value_is_not_valid(check: str, value: bytes) -> None:
    assert not CHECKS[check](value[1:])
    assert not CHECKS[check](value + b"77")
    assert not CHECKS[check](b"")


@pytest.mark.parametrize(("check", "value"), WRONG)
def test_wrong_check_date_or_region_is_not_valid(check: str, value: bytes) -> None:
    assert not CHECKS[check](value)


def test_every_check_has_an_example_and_a_wrong_value() -> None:
    assert {check for check, _ in EXAMPLES} == set(CHECKS)
    assert {check for check, _ in WRONG} == set(CHECKS)
