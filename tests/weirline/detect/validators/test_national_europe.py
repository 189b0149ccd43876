"""Numbers shown as examples, or worked out by the published rule, pass; wrong ones do not."""

from __future__ import annotations

import pytest

from weirline.detect.validators.national_europe import CHECKS

EXAMPLES = [
    ("bg_eik", b"175074752"),
    ("bg_eik", b"831641791"),
    ("by_id", b"4110190A022PB6"),
    ("de_kvnr", b"A123456780"),
    ("de_rvnr", b"15 070649 C 103"),
    ("de_rvnr", b"65 170839 J 003"),
    ("es_nuss", b"28/12345678/40"),
    ("gb_driving_licence", b"MORGA657054SM9IJ"),
    ("gb_nino", b"AB 12 34 56 C"),
    ("hu_adoazonosito", b"8071592153"),
    ("hu_adoszam", b"12892312-2-42"),
    ("hu_taj", b"123 456 788"),
    ("icao_document", b"T220001293"),
    ("icao_document", b"L01X00T471"),
    ("icao_document", b"L01X00T47"),
    ("lu_nin", b"1893120105732"),
    ("md_idnp", b"2004008000008"),
    ("pl_id_card", b"ABS 123456"),
    ("pl_id_card", b"APN 356989"),
    ("pl_passport", b"ZS 0000177"),
    ("pt_niss", b"12345678902"),
    ("ru_snils", b"112-233-445 95"),
]
WRONG = [
    ("bg_eik", b"175074753"),
    ("by_id", b"4110190A022PB7"),
    ("by_id", b"4111390A022PB6"),
    ("de_kvnr", b"A123456781"),
    ("de_rvnr", b"15070649C104"),
    ("de_rvnr", b"15071349C103"),
    ("es_nuss", b"281234567841"),
    ("es_nuss", b"991234567840"),
    ("gb_driving_licence", b"MORGA613054SM9IJ"),
    ("gb_nino", b"BG123456C"),
    ("gb_nino", b"DA123456C"),
    ("gb_nino", b"AB123456E"),
    ("hu_adoazonosito", b"8071592154"),
    ("hu_adoazonosito", b"7071592153"),
    ("hu_adoszam", b"12892313242"),
    ("hu_adoszam", b"12892312942"),
    ("hu_taj", b"123456789"),
    ("hu_taj", b"000000000"),
    ("icao_document", b"T220001294"),
    ("icao_document", b"TABCDEFGH"),
    ("lu_nin", b"1893130105732"),
    ("lu_nin", b"1893120105742"),
    ("md_idnp", b"2004008000007"),
    ("pl_id_card", b"ABS123457"),
    ("pl_passport", b"ZS0000178"),
    ("pt_niss", b"12345678903"),
    ("ru_snils", b"11223344596"),
    ("ru_snils", b"00100199800"),
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
