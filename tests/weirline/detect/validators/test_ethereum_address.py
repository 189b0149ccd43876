from __future__ import annotations

import pytest

from weirline.detect.validators.ethereum_address import is_valid

MIXED = "0x5aAeb6053F3E94C9b9A0" + "9f33669435E7Ef1BeAed"  # of ERC-55


@pytest.mark.parametrize("value", [MIXED, MIXED.lower(), "0x" + MIXED[2:].upper()])
def test_address_with_right_capitals_or_none_is_valid(value: str) -> None:
    assert is_valid(value.encode())


@pytest.mark.parametrize(
    "value",
    [
        MIXED[:2] + MIXED[2:].swapcase(), MIXED[:-1] + "D", MIXED[:-1], MIXED + "0", "0x" + "0"
        * 40, "0x" + "f" * 40, "",
    ],
)  # fmt: skip
def test_wrong_capital_length_or_mask_is_not(value: str) -> None:
    assert not is_valid(value.encode())
