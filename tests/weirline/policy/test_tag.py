from __future__ import annotations

from weirline.policy.tag import MOST_KINDS, Tag


def test_tag_is_filled_with_sorted_kinds_once_each_and_the_rule() -> None:
    tag = Tag(b"x-kinds", "{kinds} by {rule}")
    assert tag.fill("a", ["payment", "contact", "payment"]) == (b"x-kinds", b"contact,payment by a")


def test_tag_names_a_bounded_number_of_kinds() -> None:
    _, text = Tag(b"x-kinds", "{kinds}").fill("a", [f"k{number:03}" for number in range(100)])
    assert text.count(b",") == MOST_KINDS - 1
