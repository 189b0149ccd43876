from __future__ import annotations

import subprocess
import sys

import pytest

from weirline.detect.validators.phone import is_labelled, is_valid, prepare

RIGHT = [
    "+44 20 7946 0958", "+44(0)151 496 0123", "+4930123456", "001-415-555-0133 x123",
    "(415)555-0133",
    "415.555.0133", "1-800-555-0199", "415-555-0133 ext. 7", "555-0133", "077 4747 3433",
    "06201 12 34 56",
    "01.42.68.53.00", "(11) 2345-6789", "412 3456", "612 345 678", "+1 (212) 555-0100",
    "030/1234567",
]  # fmt: skip
WRONG = [
    "", "12345", "2024-01-15", "15/01/2024", "2024-01-15 10:20", "192.168.10.12", "94105-1234",
    "536-90-4399",
    "3.14159265", "0000000000", "+999 123 456 789", "01 02 03 04", "12345678901234567890",
    "+1 115 555 0133",
]  # fmt: skip


@pytest.mark.parametrize("value", RIGHT)
def test_number_as_its_country_writes_it_is_valid(value: str) -> None:
    assert is_valid(value.encode())


@pytest.mark.parametrize("value", WRONG)
def test_day_address_or_number_of_no_plan_is_not(value: str) -> None:
    assert not is_valid(value.encode())


@pytest.mark.parametrize("value", ["08599528907", "1 (926) 018-1590", "0312 3456789"])
def test_number_behind_its_word_needs_no_plan(value: str) -> None:
    assert is_labelled(value.encode())


@pytest.mark.parametrize(
    "value",
    [
        "12345",
        "1700000000",
        "1700000000123",
        "000000000000",
        "1010101010",
        "192.168.10.12",
        "536-90-4399",
    ],
)
def test_instant_day_or_run_of_the_wrong_length_is_no_number_behind_a_word(value: str) -> None:
    assert not is_labelled(value.encode())


@pytest.mark.slow
def test_library_is_not_imported_before_the_first_candidate() -> None:
    code = (
        "import sys; from weirline.detect.validators import VALIDATORS, phone; "
        "assert 'phonenumbers' not in sys.modules; "
        "assert phone.is_valid(b'+442079460958'); assert 'phonenumbers' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_prepared_check_loads_nothing_at_its_first_candidate() -> None:
    prepare()
    before = set(sys.modules)
    assert is_valid(b"030 12345678")
    assert set(sys.modules) == before
