"""Numbers shown as examples, or worked out by the published rule, pass; wrong ones do not."""

from __future__ import annotations

import pytest

from weirline.detect.validators.national_americas import CHECKS

EXAMPLES = [
    ("br_cnh", b"97625655678"),
    ("br_cnh", b"02650306461"),
    ("br_pis", b"120.83210.82-6"),
    ("br_titulo_eleitor", b"1023 8501 0671"),
    ("br_titulo_eleitor", b"1066 4444 0302"),
    ("ca_ohip", b"1234-567-897"),
    ("ca_ohip", b"1234-567-897-AB"),
    ("gt_cui", b"1234 56789 0101"),
    ("hn_dni", b"0801-1990-12345"),
    ("mx_clabe", b"032180000118359719"),
    ("mx_clabe", b"002010077777777771"),
    ("sv_dui", b"00016297-5"),
    ("uy_ci", b"1.234.567-2"),
]
WRONG = [
    ("br_cnh", b"97625655687"),
    ("br_cnh", b"11111111111"),
    ("br_pis", b"12083210827"),
    ("br_pis", b"00000000000"),
    ("br_titulo_eleitor", b"102385010672"),
    ("br_titulo_eleitor", b"102385012971"),
    ("ca_ohip", b"1234567890"),
    ("ca_ohip", b"1234567897A"),
    ("gt_cui", b"2342654050101"),
    ("gt_cui", b"2342654042301"),
    ("hn_dni", b"1901199012345"),
    ("hn_dni", b"0801189912345"),
    ("mx_clabe", b"032180000118359710"),
    ("sv_dui", b"000162976"),
    ("sv_dui", b"000000000"),
    ("uy_ci", b"12345673"),
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
