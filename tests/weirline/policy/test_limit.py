from __future__ import annotations

import pytest

from weirline.policy.action import Per, RateLimitAction
from weirline.policy.facts import Direction, Facts
from weirline.policy.limit import RateLimit, compile_limit, limit_key, seconds
from weirline.policy.who import Who

WHO = Who(
    caller="spiffe://p/ns/a/sa/b",
    callee="spiffe://p/ns/c/sa/d",
    address="10.0.0.1",
    actor="hash",
    verified=True,
)


@pytest.mark.parametrize(
    ("text", "expected"), [("1s", 1), ("2m", 120), ("1h", 3600), ("1d", 86400)]
)
def test_duration_is_read_in_seconds(text: str, expected: int) -> None:
    assert seconds(text) == expected


def test_limit_is_compiled_with_its_period() -> None:
    written = RateLimitAction(requests=5, per="2m", by=Per.ADDRESS)
    assert compile_limit(written) == RateLimit(5, 120, Per.ADDRESS)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (Per.TOKEN, "hash"),
        (Per.ADDRESS, "10.0.0.1"),
        (Per.CALLER, "spiffe://p/ns/a/sa/b"),
        (Per.CALLEE, "spiffe://p/ns/c/sa/d"),
        (Per.ENDPOINT, "GET api.example"),
    ],
)
def test_limit_is_kept_for_what_it_names(by: Per, expected: str) -> None:
    facts = Facts(Direction.REQUEST, "GET", "api.example", "/x/1", who=WHO)
    assert limit_key(RateLimit(1, 1, by), facts) == expected


def test_limit_of_an_endpoint_does_not_depend_on_the_path_a_client_writes() -> None:
    keys = {
        limit_key(RateLimit(1, 1, Per.ENDPOINT), Facts(Direction.REQUEST, "GET", "h", path))
        for path in ("/x/1", "/x/2", "/x/./2")
    }
    assert len(keys) == 1
