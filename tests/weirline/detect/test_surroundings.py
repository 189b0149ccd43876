from __future__ import annotations

from weirline.detect.surroundings import (
    KEY_REACH,
    Surroundings,
    Words,
    column_head,
    longest_part,
    normal,
    unspaced,
)


def around(before: bytes, after: bytes = b"") -> Surroundings:
    return Surroundings(before + b"123" + after, len(before), len(before) + 3)


def test_words_are_parted_by_case_signs_and_digits_and_joined_with_their_neighbours() -> None:
    words = Words("myTaxID_no4 Straße".encode()).joined
    assert {"my", "tax", "id", "no", "4", "straße", "taxid", "taxidno"} <= words
    assert "ax" not in words


def test_plural_counts_for_the_word() -> None:
    assert {"cards", "card"} <= Words(b"cards").joined


def test_own_key_is_the_one_right_before_the_value() -> None:
    own = around(b'{"a":1,"card no":"').own_key()
    assert own is not None
    assert own.text == "card no"
    assert around(b'{"card":"x ').own_key() is None


def test_keys_lead_from_the_value_outward() -> None:
    keys = around(b'{"owner":{"x":[1,2],"cards":[{"z":0},{"no":"').json_keys()
    assert [key.text for key in keys] == ["no", "cards", "owner"]


def test_keys_are_read_over_a_bounded_distance() -> None:
    assert around(b'{"far":{"x":"' + b"-" * KEY_REACH).json_keys() == ()


def test_head_of_a_column_is_found_through_quoted_cells() -> None:
    table = b"id;name;card\n1;a;2\n" + b'3;"a;b";'
    assert column_head(table + b"123", len(table)) == b"card"
    assert column_head(b'{"a":1,\n2', 8) == b""
    assert column_head(b"no table\n123", 9) == b""


def test_words_behind_end_with_the_line_and_before_the_next_label() -> None:
    assert "ssn" in around(b"", b" is my SSN\nno").after(24).joined
    assert "no" not in around(b"", b" is my SSN\nno").after(24).joined
    assert "ssn" not in around(b"", b" ssn: 4").after(24).joined


def test_words_of_a_context_are_brought_into_one_form() -> None:
    assert normal("Social-Security no.") == "socialsecurityno"
    assert longest_part("tax id number") == "number"
    assert unspaced("身份证")
    assert not unspaced("número")
