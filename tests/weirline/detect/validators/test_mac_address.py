from __future__ import annotations

import pytest

from weirline.detect.validators.mac_address import is_valid


@pytest.mark.parametrize("value", [b"00:1b:63:84:45:e6", b"00-1B-63-84-45-E6", b"001b.6384.45e6"])
def test_address_of_a_card_is_valid(value: bytes) -> None:
    assert is_valid(value)


@pytest.mark.parametrize(
    "value", [b"00:00:00:00:00:00", b"FF:FF:FF:FF:FF:FF", b"1234.5678.9012", b"00:1b:63:84:45", b""]
)
def test_address_of_nobody_is_not(value: bytes) -> None:
    assert not is_valid(value)
