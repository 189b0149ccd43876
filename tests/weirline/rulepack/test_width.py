from __future__ import annotations

import pytest

from weirline.rulepack.expression import parse_expression
from weirline.rulepack.width import narrowest, widest


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [
        ("", 0, 0), ("abc", 3, 3), ("a|bcd", 1, 3), ("a?", 0, 1), ("a*", 0, None), ("a+b", 2, None),
        (r"\bab\b", 2, 2), ("^$", 0, 0), ("(?:ab|c){2,4}", 2, 8), ("[a-z]{3,}", 3, None),
        (r"(?:^|[^0-9])\d{3}", 3, 4), ("(?:^|$){1,9}", 0, 0), ("(?:a*){0}", 0, 0), ("(?:)*", 0, 0),
    ],
)  # fmt: skip
def test_width_is_that_of_the_shortest_and_longest_match(
    pattern: str, least: int, most: int | None
) -> None:
    node = parse_expression(pattern, caseless=False)
    assert (narrowest(node), widest(node)) == (least, most)
