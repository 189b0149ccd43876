from __future__ import annotations

import pytest

from weirline.detect.validators.calendar_day import is_valid

RIGHT = [
    "1984-03-09", "9.3.1984", "9. 3. 1984", "03/09/84", "13/12/1999", "12/13/1999", "19840309",
    "09031984",
    "9 March 1984", "March 9th, 1984", "9 de marzo de 1984", "9. März 1984", "9 février 1984",
    "29 Feb 2000", "1984-03-09T10:20",
]  # fmt: skip
WRONG = [
    "", "1984", "1984-13-09", "31/31/1999", "30.02.1984", "29 Feb 1999", "9 Foo 1984", "84-3",
    "1784-03-09",
    "99999999",
]  # fmt: skip


@pytest.mark.parametrize("value", RIGHT)
def test_day_in_any_order_and_language_is_valid(value: str) -> None:
    assert is_valid(value.encode())


@pytest.mark.parametrize("value", WRONG)
def test_day_no_calendar_has_is_not(value: str) -> None:
    assert not is_valid(value.encode())
