from __future__ import annotations

import pytest

from tests.weirline.policy.vocabulary import compiled
from weirline.policy.evaluate import CompiledPolicy
from weirline.policy.facts import Direction, Facts
from weirline.policy.who import NOBODY, Who
from weirline.policy.who_atom import query_values

BILLING = "spiffe://prod/ns/billing/sa/api"
TOKEN = "defaults: {token: {header: authorization, jwt: {verify: mesh}}}\n"


def policy(condition: str, head: str = "") -> CompiledPolicy:
    rule = f"- {{id: a, when: {condition}, find: {{category: payment}}, do: [observe]}}\n"
    return compiled(head + "rules:\n" + rule)


def applies(condition: str, who: Who, *, host: str = "", head: str = "") -> bool:
    facts = Facts(Direction.RESPONSE, "GET", host, "/", who=who)
    return policy(condition, head).scope(facts).reads


def exempts(condition: str, who: Who, *, host: str = "") -> bool:
    rule = f"- {{id: a, unless: {condition}, find: {{category: payment}}, do: [observe]}}\n"
    facts = Facts(Direction.RESPONSE, "GET", host, "/", who=who)
    return not compiled(TOKEN + "rules:\n" + rule).scope(facts).reads


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ("spiffe://prod/ns/billing/sa/api", True),
        ("spiffe://prod/ns/billing/sa/*", True),
        ("spiffe://prod/ns/*/sa/api", True),
        ("spiffe://prod/**", True),
        ("spiffe://test/**", False),
        ("spiffe://prod/ns/billing/sa", False),
        ("spiffe://prod/ns/bill*", None),
    ],
)
def test_spiffe_pattern_matches_whole_segments(pattern: str, holds: bool | None) -> None:
    condition = f'{{caller: {{spiffe: "{pattern}"}}}}'
    if holds is None:
        with pytest.raises(Exception, match="E04"):
            policy(condition)
        return
    assert applies(condition, Who(caller=BILLING)) is holds
    assert exempts(condition, Who(caller=BILLING)) is holds


def test_namespace_and_service_are_read_from_the_spiffe_id() -> None:
    assert applies("{caller: {namespace: billing}}", Who(caller=BILLING))
    assert applies("{caller: {service: api.billing}}", Who(caller=BILLING))
    assert not applies("{caller: {service: api.shop}}", Who(caller=BILLING))
    assert not applies("{caller: {namespace: billing}}", Who(caller="https://ns/billing/sa/api"))


def test_caller_without_an_identity_is_outside() -> None:
    assert applies("{caller: {outside: mesh}}", NOBODY)
    assert applies("{caller: {outside: mesh}}", Who(caller="urn:someone"))
    assert not applies("{caller: {outside: mesh}}", Who(caller=BILLING))


def test_callee_known_by_its_host_alone_tightens_and_never_relaxes() -> None:
    asked = "{callee: {service: orders.shop}}"
    assert applies(asked, NOBODY, host="orders.shop.svc.cluster.local")
    assert not exempts(asked, NOBODY, host="orders.shop.svc.cluster.local")
    assert exempts(asked, Who(callee="spiffe://prod/ns/shop/sa/orders"))
    # An identity of its own beats whatever a client wrote as host.
    assert not applies(asked, Who(callee=BILLING), host="orders.shop.svc")


def test_claim_relaxes_only_where_the_token_was_verified() -> None:
    said = Who(claims={"role": ("agent",)})
    proven = Who(claims={"role": ("agent",)}, verified=True)
    asked = "{claim: {role: [agent, admin]}}"
    assert applies(asked, said, head=TOKEN)
    assert applies(asked, proven, head=TOKEN)
    assert not exempts(asked, said)
    assert exempts(asked, proven)


def test_one_of_two_values_tightens_and_both_are_needed_to_relax() -> None:
    both = Who(headers=((b"x-region", b"eu"), (b"x-region", b"us")))
    asked = "{header: {X-Region: eu}}"
    assert applies(asked, both)
    assert not exempts(asked, both)
    assert exempts(asked, Who(headers=((b"x-region", b" eu "),)))
    assert applies("{header: {x-region: '*'}}", both)
    assert not applies("{header: {x-other: '*'}}", both)


def test_query_is_read_as_written_and_decoded() -> None:
    assert applies('{query: {debug: "1"}}', Who(query="a=b&debug=%31"))
    assert not exempts('{query: {debug: "1"}}', Who(query="debug=%31"))
    assert exempts('{query: {debug: "1"}}', Who(query="debug=1"))
    assert query_values("a=1&a=x+y&b") == {"a": ("1", "x+y", "x y"), "b": ("",)}


def test_address_is_matched_by_range_also_where_it_is_mapped() -> None:
    asked = "{address: [10.0.0.0/8, '2001:db8::/32']}"
    assert applies(asked, Who(address="10.1.2.3"))
    assert applies(asked, Who(address="::ffff:10.1.2.3"))
    assert applies(asked, Who(address="2001:db8::1"))
    assert not applies(asked, Who(address="11.1.2.3"))
    assert not applies(asked, Who(address="@/run/socket"))


def test_fields_of_one_selector_are_joined_and_values_of_a_list_are_alternatives() -> None:
    asked = "{caller: {namespace: [billing, shop]}, address: 10.0.0.0/8}"
    assert applies(asked, Who(caller=BILLING, address="10.0.0.1"))
    assert not applies(asked, Who(caller=BILLING, address="11.0.0.1"))
    assert not applies(asked, Who(caller="spiffe://prod/ns/x/sa/api", address="10.0.0.1"))


def test_policy_says_whether_it_asks_who_talks() -> None:
    assert policy("{address: 10.0.0.1}").asks_who
    assert not policy("{path: /x}").asks_who
