from __future__ import annotations

import pytest

from weirline.detect.validators.bic import is_valid


@pytest.mark.parametrize("value", [b"DEUTDEFF", b"DEUTDEFF500", b"NEDSZAJJ", b"deutdeff"])
def test_code_with_a_country_in_its_midst_is_valid(value: bytes) -> None:
    assert is_valid(value)


@pytest.mark.parametrize(
    "value", [b"DEUTXXFF", b"DEUTDEFF50", b"DEUTDEF", b"DE1TDEFF", b"DEUTDEFO", b"DEUT-DEF", b""]
)
def test_code_of_no_country_or_another_length_is_not(value: bytes) -> None:
    assert not is_valid(value)
