from __future__ import annotations

import pytest

from weirline.policy.facts import Direction
from weirline.policy.meet import can_hold, meet_content_type, meet_exact, meet_host, meet_path
from weirline.policy.selector import Condition, Selector


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("a.example", "A.example", "a.example"),
        ("a.example", "b.example", None),
        ("a.example", "*.example", "a.example"),
        ("example", "*.example", None),
        ("*.a.example", "*.example", "*.a.example"),
        ("*.a.example", "*.b.example", None),
    ],
)
def test_hosts_meet_in_the_narrower_one(one: str, other: str, common: str | None) -> None:
    assert meet_host(one, other) == common
    assert meet_host(other, one) == common


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("text/html", "text/*", "text/html"),
        ("text/*", "Text/*", "text/*"),
        ("text/html", "text/csv", None),
        ("image/*", "text/*", None),
    ],
)
def test_media_types_meet_in_the_narrower_one(one: str, other: str, common: str | None) -> None:
    assert meet_content_type(one, other) == common
    assert meet_content_type(other, one) == common


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("/a/{x}", "/{y}/b", "/a/b"),
        ("/a/**", "/a", "/a"),
        ("/a/**", "/{x}/b/**", "/a/b/**"),
        ("/a", "/a/b", None),
        ("/a/{x}", "/b/{x}", None),
        ("/", "/**", "/"),
        ("/a/*", "/a/{id}", "/a/*"),
        ("bad", "/a", None),
    ],
)
def test_paths_meet_segment_by_segment(one: str, other: str, common: str | None) -> None:
    assert meet_path(one, other) == common
    assert meet_path(other, one) == common


def test_words_meet_only_in_themselves() -> None:
    assert meet_exact("GET", "GET") == "GET"
    assert meet_exact("GET", "get") is None


SELECTORS = {
    "out": Selector(direction=Direction.RESPONSE),
    "in": Selector(direction=Direction.REQUEST),
    "get": Selector(method="GET"),
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("out", True),
        ("not_defined", True),
        (Condition(), True),
        (Condition(all=("out", "get")), True),
        (Condition(all=("out", "in")), False),
        (Condition(direction=Direction.REQUEST, any=("out", "in")), True),
        (Condition(method=("PUT", "POST"), any=("get",)), False),
        (Condition(any=(Condition(all=("in", "out")), "get")), True),
        (Condition(any=(Condition(all=("in", "out")),)), False),
        (Condition(any=("in", "out"), all=(Condition(any=("get", "out")),)), True),
        (Condition(path=("/a", "/b/**"), all=(Condition(path="/b/{x}"),)), True),
        (Condition(any=("in",) * 20, all=(Condition(any=("out",) * 20),)), True),
    ],
)
def test_condition_that_no_message_can_meet_is_found(
    condition: str | Condition, *, expected: bool
) -> None:
    assert can_hold(condition, SELECTORS) is expected
