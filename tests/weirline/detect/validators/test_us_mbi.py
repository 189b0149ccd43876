from __future__ import annotations

import pytest

from weirline.detect.validators.us_mbi import is_hicn, is_mbi


@pytest.mark.parametrize("value", [b"1EG4-TE5-MK73", b"1EG4TE5MK73", b"1eg4te5mk73"])
def test_number_of_a_beneficiary_is_valid(value: bytes) -> None:
    assert is_mbi(value)


@pytest.mark.parametrize(
    "value", [b"0EG4TE5MK73", b"1SG4TE5MK73", b"1EG4TE5MK7", b"1EGATE5MK73", b""]
)
def test_number_with_a_letter_that_is_not_used_is_not(value: bytes) -> None:
    assert not is_mbi(value)


@pytest.mark.parametrize("value", [b"536904399A", b"536-90-4399-B1", b"536904399C"])
def test_claim_number_is_valid(value: bytes) -> None:
    assert is_hicn(value)


@pytest.mark.parametrize(
    "value", [b"666904399A", b"536904399", b"5369043991", b"536904399ABC", b""]
)
def test_claim_number_without_relation_or_holder_is_not(value: bytes) -> None:
    assert not is_hicn(value)
