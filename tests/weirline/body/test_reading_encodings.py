"""What the page of encodings says is so."""

from __future__ import annotations

import pytest

from tests.weirline.body.encodings_page import PAGE, page
from tests.weirline.body.spelling import SPELLINGS


@pytest.mark.slow
def test_page_of_encodings_says_what_is_found() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_page_of_encodings_has_thirty_spellings_or_more() -> None:
    assert len({spelling.name for spelling in SPELLINGS}) >= 30
