from __future__ import annotations

import pytest

from weirline.detect.validators.monero_address import is_valid

# The project's own address for donations, in joined parts.
KNOWN = (
    "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3X"
    + "jrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
)


def test_known_address_is_valid() -> None:
    assert is_valid(KNOWN.encode())


@pytest.mark.parametrize(
    "value",
    [
        KNOWN[:-1] + "B", "8" + KNOWN[1:], KNOWN[:-1], KNOWN[:20], "", "0" * 95, "z" * 95,
        KNOWN[:50] + "2" + KNOWN[51:],
    ],
)  # fmt: skip
def test_changed_or_cut_address_is_not(value: str) -> None:
    assert not is_valid(value.encode())
