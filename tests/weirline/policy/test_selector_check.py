from __future__ import annotations

import pytest

from weirline.policy.selector import Selector
from weirline.policy.selector_check import selector_faults


@pytest.mark.parametrize(
    "selector",
    [
        Selector(),
        Selector(host=("API.shop.example", "*.shop.example", "localhost", "[2001:db8::1]")),
        Selector(host="10.0.0.7", path=("/", "/a/{id}/*/**"), method=("GET", "M-SEARCH")),
        Selector(content_type=("application/json", "text/*", "application/vnd.a.b+json")),
    ],
)
def test_selector_that_can_match_has_no_fault(selector: Selector) -> None:
    assert list(selector_faults(selector)) == []


@pytest.mark.parametrize(
    ("selector", "places"),
    [
        (Selector(host="a:80"), [("host", None)]),
        (Selector(host=("a", "a b", "*", "a.*.b", "")), [("host", n) for n in (1, 2, 3, 4)]),
        (Selector(path=("/a", "a")), [("path", 1)]),
        (Selector(method=("get", "")), [("method", 0), ("method", 1)]),
        (Selector(content_type=("a", "*/*", "a/b; c")), [("content_type", n) for n in (0, 1, 2)]),
        (Selector(method=()), [("method", None)]),
    ],
)
def test_value_that_can_never_match_is_named_by_field_and_position(
    selector: Selector, places: list[tuple[str, int | None]]
) -> None:
    assert [(field, position) for field, position, _ in selector_faults(selector)] == places
