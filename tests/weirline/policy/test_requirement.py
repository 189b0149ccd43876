from __future__ import annotations

import pytest

from weirline.policy.requirement import ParamPlace, param_places
from weirline.policy.selector import Condition, Selector


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/7", "7"),
        ("/v1/", ""),
        ("/v1", None),
        ("/v2/7", None),
        ("/v1/7/x", None),
        ("v1/7", None),
    ],
)
def test_parameter_is_the_segment_where_the_template_has_it(
    path: str, expected: str | None
) -> None:
    assert ParamPlace(("v1", "*"), 1).value(path) == expected


def test_template_with_a_rest_matches_longer_paths() -> None:
    place = ParamPlace(("v1", "*", "**"), 1)
    assert place.value("/v1/7/orders/2") == "7"
    assert place.value("/v1/7") == "7"
    assert place.value("/v1") is None


def test_templates_are_found_in_named_selectors_and_in_parts() -> None:
    selectors = {"api": Selector(path=("/v1/{id}", "/v2/{other}"))}
    when = Condition(all=("api",), any=(Condition(path="/v3/x/{id}"), Condition(method="GET")))
    assert param_places("id", when, selectors) == (
        ParamPlace(("v1", "*"), 1),
        ParamPlace(("v3", "x", "*"), 2),
    )
    assert param_places("id", "nowhere", selectors) == ()
    assert param_places("id", Condition(path="no{id}"), selectors) == ()
