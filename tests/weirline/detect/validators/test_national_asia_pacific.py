"""Numbers shown as examples, or worked out by the published rule, pass; wrong ones do not."""

from __future__ import annotations

import pytest

from weirline.detect.validators.national_asia_pacific import CHECKS

EXAMPLES = [
    ("au_medicare", b"2123 45670 1"),
    ("hk_hkid", b"A123456(3)"),
    ("hk_hkid", b"AB987654(3)"),
    ("hk_hkid", b"G123456(A)"),
    ("in_driving_licence", b"MH12 20110062821"),
    ("kz_bin", b"000940000983"),
    ("kz_iin", b"900101300007"),
    ("lk_nic", b"853400937V"),
    ("lk_nic", b"200131601526"),
    ("nz_nhi", b"ZAC5361"),
    ("nz_nhi", b"JBX3656"),
    ("sg_nric", b"S1234567D"),
    ("sg_nric", b"T1234567J"),
    ("sg_nric", b"F1234567N"),
    ("sg_nric", b"G1234567X"),
    ("sg_nric", b"M1234567K"),
    ("tw_id", b"A123456789"),
    ("tw_id", b"A800000014"),
    ("uz_pinfl", b"31010199000019"),
    ("vn_cccd", b"001090000001"),
]
WRONG = [
    ("au_medicare", b"2123456711"),
    ("au_medicare", b"7123456701"),
    ("hk_hkid", b"A123456(4)"),
    ("in_driving_licence", b"MH1219110062821"),
    ("kz_bin", b"000940000985"),
    ("kz_bin", b"000920000984"),
    ("kz_iin", b"900101300002"),
    ("kz_iin", b"901301300001"),
    ("lk_nic", b"853670937V"),
    ("lk_nic", b"200190001526"),
    ("nz_nhi", b"ZAC5362"),
    ("sg_nric", b"S1234567E"),
    ("tw_id", b"A123456788"),
    ("uz_pinfl", b"31010199000010"),
    ("uz_pinfl", b"21010199000018"),
    ("vn_cccd", b"097090000001"),
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
