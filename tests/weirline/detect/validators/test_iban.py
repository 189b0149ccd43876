from __future__ import annotations

import pytest

from weirline.detect.validators.iban import LENGTHS, is_valid

# Printed in the registry as examples.
EXAMPLES = [
    b"GB29 NWBK 6016 1331 9268 19",
    b"DE89370400440532013000",
    b"FR1420041010050500013M02606",
    b"NO9386011117947",
    b"mt84malt011000012345mtlcast001s",
    b"BR15-0000-0000-0000-1093-2840-814P-2",
    b"SA0380000000608010167519",
]


@pytest.mark.parametrize("value", EXAMPLES)
def test_number_of_the_registry_is_valid(value: bytes) -> None:
    assert is_valid(value)


@pytest.mark.parametrize("value", EXAMPLES)
def test_any_changed_digit_is_noticed(value: bytes) -> None:
    for place, byte in enumerate(value):
        if chr(byte).isdigit():
            wrong = value[:place] + b"%d" % ((byte - 47) % 10) + value[place + 1 :]
            assert not is_valid(wrong)


@pytest.mark.parametrize(
    "value", [b"", b"DE", b"XX89370400440532013000", b"DE893704004405320130000",
     b"DEAB370400440532013000", b"DE89 3704 0044 0532 0130 0_"]
)  # fmt: skip
def test_wrong_length_country_or_form_is_not(value: bytes) -> None:
    assert not is_valid(value)


def test_table_has_the_countries_of_the_registry() -> None:
    assert len(LENGTHS) > 80
    assert min(LENGTHS.values()) == 15
    assert max(LENGTHS.values()) == 33
