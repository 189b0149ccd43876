"""Groups of words in contexts."""

from __future__ import annotations

import pytest

from weirline.rulepack.word_group import GROUPS, unknown_groups, written_out


def test_group_is_written_out_where_it_stands() -> None:
    assert written_out(["cpf", "@vat", "nif"]) == ("cpf", "vat", "vatin", "nif")


def test_group_behind_a_country_is_named_by_it() -> None:
    assert written_out(["brazilian @vat"]) == ("brazilian vat", "brazilian tax")


def test_word_of_two_groups_stands_once() -> None:
    words = written_out(["vat", "@vat", "@tax", "@tax"])
    assert len(set(words)) == len(words)


def test_unknown_group_is_told() -> None:
    assert unknown_groups(["cpf", "@tax", "@taxes", "x @nothing"]) == ["@taxes", "x @nothing"]
    with pytest.raises(KeyError):
        written_out(["@taxes"])


def test_words_of_groups_are_small_letters_and_blanks() -> None:
    words = [word for group in GROUPS.values() for part in group for word in part]
    assert all(word.replace(" ", "").isalpha() and word.islower() for word in words)
