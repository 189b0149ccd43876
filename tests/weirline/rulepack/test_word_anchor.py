from __future__ import annotations

import pytest

from weirline.detect.hyperscan_matcher import HyperscanMatcher
from weirline.rulepack.word_anchor import word_anchor


def stands(word: str, text: str) -> bool:
    return bool(HyperscanMatcher.compile(word_anchor(word)).hits(text.encode(), 1).ends)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("passport", "myPassportNo"),
        ("ssn", '"customerSsn":'),
        ("ssn", "SSNs"),
        ("ssn", "ssn"),
        ("tax id", "TAX_ID"),
        ("tax id", "taxid "),
        ("id card", "idCardNumber"),
        ("número", "NÚMERO"),
        ("инн", "ИНН 1"),
        ("身份证", "我的身份证号"),
        ("n°", "N° 4"),
    ],
)
def test_word_is_seen_however_it_is_written(word: str, text: str) -> None:
    assert stands(word, text)


@pytest.mark.parametrize(
    ("word", "text"), [("tin", "routing number"), ("pan", "company"), ("id card", "a card")]
)
def test_short_or_common_word_is_not_seen_in_others(word: str, text: str) -> None:
    assert not stands(word, text)
