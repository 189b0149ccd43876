from __future__ import annotations

import pytest

from weirline.detect.validators.bech32 import is_valid

# Of BIP 173 and BIP 350, in joined parts.
SEGWIT = "bc1qw508d6qejxtd" + "g4y5r3zarvary0c5xw7kv8f3t4"
TAPROOT = "bc1p0xlxvlhemja6c4dqv22uap" + "ctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"


@pytest.mark.parametrize("value", [SEGWIT, SEGWIT.upper(), TAPROOT])
def test_address_of_the_standard_is_valid(value: str) -> None:
    assert is_valid(value.encode())


@pytest.mark.parametrize(
    "value",
    [
        SEGWIT[:-1] + "5", SEGWIT[:10] + "p" + SEGWIT[11:], SEGWIT.capitalize(), "xy" + SEGWIT[2:],
        TAPROOT[:-1] + "q", "bc1" + "b" * 20, "bc1qqqq", "", "1", SEGWIT.replace("1", "", 1),
        "bc1p" + SEGWIT[4:],
    ],
)  # fmt: skip
def test_changed_letter_mixed_case_or_foreign_network_is_not(value: str) -> None:
    assert not is_valid(value.encode())
