from __future__ import annotations

from datetime import date

import pytest

from weirline.detect.allow_list import Allowed, AllowList, hash_of

KEY = b"k" * 16
SINCE = date(2026, 1, 1)
TODAY = date(2026, 6, 1)


def entry(**given: str | date) -> Allowed:
    return Allowed(reason="a value of our test system", since=SINCE, **given)  # type: ignore[arg-type]  # fields by name


def allowed(one: Allowed, value: bytes = b"abc", path: str = "/a/b", today: date = TODAY) -> bool:
    return AllowList([one], KEY).allows("email", value, path, today) is not None


def test_value_is_accepted_by_its_keyed_hash_alone() -> None:
    one = entry(value_hash=hash_of(b"abc", KEY))
    assert allowed(one)
    assert not allowed(one, b"abd")
    assert not AllowList([one], b"q" * 16).allows("email", b"abc", "", TODAY)


def test_pattern_accepts_whole_values_only() -> None:
    assert allowed(entry(pattern="ab[a-c]"))
    assert not allowed(entry(pattern="ab"))


@pytest.mark.parametrize(("path", "accepted"), [("/a/b", True), ("/a/*", True), ("/a", False)])
def test_path_accepts_that_place_or_all_below_a_star(path: str, accepted: bool) -> None:
    assert allowed(entry(path=path)) is accepted


def test_entry_for_one_kind_accepts_no_other() -> None:
    assert allowed(entry(pattern="abc", detector="email"))
    assert not allowed(entry(pattern="abc", detector="card"))


def test_entry_holds_from_its_first_day_until_its_last() -> None:
    one = entry(pattern="abc", until=date(2026, 7, 1))
    assert allowed(one, today=SINCE)
    assert not allowed(one, today=date(2025, 12, 31))
    assert not allowed(one, today=date(2026, 7, 1))


@pytest.mark.parametrize("given", [{}, {"pattern": "a", "path": "/"}])
def test_entry_of_no_sort_or_of_two_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="one of"):
        AllowList([entry(**given)], KEY)


def test_entry_without_a_reason_and_a_short_key_are_refused() -> None:
    with pytest.raises(ValueError, match="reason"):
        AllowList([Allowed(reason=" ", since=SINCE, path="/")], KEY)
    with pytest.raises(ValueError, match="16"):
        AllowList([], b"short")
