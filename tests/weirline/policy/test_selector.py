from __future__ import annotations

from weirline.policy.selector import alternatives


def test_one_value_and_a_list_of_values_are_read_alike() -> None:
    assert alternatives("GET") == ("GET",)
    assert alternatives(("GET", "PUT")) == ("GET", "PUT")


def test_field_that_is_not_given_has_no_alternatives() -> None:
    assert alternatives(None) is None
