from __future__ import annotations

import pytest

from weirline.policy.actor import Actor, actors_of, network_of
from weirline.policy.facts import Direction, Facts
from weirline.policy.who import NOBODY, Who

AT_HOME = Who(address="192.0.2.7")
UNPROVEN = Who(address="192.0.2.7", actor="aa", claims={"job": ("x",)})
PROVEN = Who(address="192.0.2.7", actor="aa", claims={"job": ("x",)}, verified=True)


def actors(per: str, who: Who) -> tuple[Actor, ...]:
    facts = Facts(Direction.REQUEST, "GET", "api.test", "/a", who=who)
    return actors_of(tuple(per.split()), facts)


def test_verified_token_counts_for_itself_alone() -> None:
    assert actors("token", PROVEN) == (Actor("aa", by_address=False),)


def test_unverified_token_counts_for_its_address_as_well() -> None:
    first, second = actors("token", UNPROVEN)
    assert first == Actor("aa", by_address=False)
    assert second == actors("token", AT_HOME)[0]
    assert second.by_address


def test_missing_and_unproven_claims_count_for_the_address() -> None:
    assert actors("claim:job", PROVEN) == (Actor("x", by_address=False),)
    assert len(actors("claim:job", UNPROVEN)) == 2
    (missing,) = actors("claim:other", PROVEN)
    assert missing.by_address


def test_nobody_is_the_overflow_actor() -> None:
    assert actors("token", NOBODY) == (Actor("", by_address=True),)
    assert actors("caller", NOBODY) == (Actor("", by_address=True),)


def test_actor_of_several_parts_has_them_all() -> None:
    who = Who(caller="spiffe://p/ns/a/sa/b", address="192.0.2.7")
    (one,) = actors("caller endpoint", who)
    assert one == Actor("spiffe://p/ns/a/sa/b\0GET api.test", by_address=False)
    (other,) = actors("caller callee address", who)
    assert other.by_address
    assert other.text.endswith("api.test\x00192.0.2.7")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::7", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("/run/socket", "/run/socket"),
    ],
)
def test_address_of_ipv6_is_its_household(address: str, network: str) -> None:
    assert network_of(address) == network
