from __future__ import annotations

import time

from extproc.witness import MOST_TOKENS, Witness, address_of, token_text
from tests.weirline.policy.tokens import Issuer
from tests.weirline.policy.vocabulary import DETECTORS
from weirline.flow.events import Headers
from weirline.policy.action import Per
from weirline.policy.compiled_window import Sighting
from weirline.policy.evaluate import compile_policy
from weirline.policy.facts import Direction, Facts
from weirline.policy.jwt import read_keys
from weirline.policy.limit import RateLimit
from weirline.policy.parse import parse_policy
from weirline.policy.policy import JwtRule, TokenRule
from weirline.policy.who import Who

ISSUER = Issuer("ES256")
TOKEN = TokenRule(header="Authorization", jwt=JwtRule(identify_by=("sub", "azp"), verify="mesh"))
WITNESS = Witness(
    "spiffe://p/ns/shop/sa/api", {"mesh": read_keys(ISSUER.jwks())}, actor_key=bytes(32)
)
Field = tuple[bytes, bytes]


def headers(*fields: Field, direction: Direction = Direction.REQUEST, **said: str) -> Headers:
    attributes = {name.replace("__", "."): value for name, value in said.items()}
    return Headers(direction, fields, True, attributes)


def bearer(text: str) -> Field:
    return (b"authorization", b"Bearer " + text.encode())


def test_caller_and_address_are_what_envoy_says_and_no_header() -> None:
    event = headers(
        (b"x-forwarded-client-cert", b"URI=spiffe://p/ns/billing/sa/api"),
        (b":path", b"/a?b=c"),
        source__address="[2001:db8::1]:443",
        connection__uri_san_peer_certificate="spiffe://p/ns/a/sa/b",
    )
    who = WITNESS.who(event, None)
    assert who.caller == "spiffe://p/ns/a/sa/b"
    assert who.callee == "spiffe://p/ns/shop/sa/api"
    assert (who.address, who.query) == ("2001:db8::1", "b=c")
    assert WITNESS.who(headers((b"x-forwarded-client-cert", b"URI=spiffe://x")), None).caller == ""


def test_envoys_own_certificate_beats_the_setting() -> None:
    event = headers(connection__uri_san_local_certificate="spiffe://p/ns/x/sa/y")
    assert WITNESS.who(event, None).callee == "spiffe://p/ns/x/sa/y"


def test_headers_of_a_response_are_no_facts_of_its_request() -> None:
    said = {"request__path": "/a?b=c"}
    event = headers((b"x-a", b"1"), bearer("t"), direction=Direction.RESPONSE, **said)
    who = WITNESS.who(event, TOKEN)
    assert (who.headers, who.actor, who.query) == ((), "", "b=c")


def test_verified_token_names_its_actor_by_claims_and_is_kept_nowhere() -> None:
    claims = {"sub": "7", "exp": time.time() + 60}
    one, two = (ISSUER.token({**claims, "jti": number}) for number in (1, 2))
    first, second = (WITNESS.who(headers(bearer(text)), TOKEN) for text in (one, two))
    assert first.verified
    assert first.actor == second.actor != ""
    other = WITNESS.who(headers(bearer(ISSUER.token({**claims, "sub": "8"}))), TOKEN)
    assert other.actor != first.actor
    assert one not in repr(vars(WITNESS))


def test_expired_foreign_and_opaque_tokens_are_not_verified() -> None:
    late = ISSUER.token({"sub": "7", "exp": time.time() - 3600})
    foreign = Issuer("ES256").token({"sub": "7"})
    for text in (late, foreign, "opaque"):
        who = WITNESS.who(headers(bearer(text)), TOKEN)
        assert not who.verified
        assert who.actor
    assert WITNESS.who(headers(bearer(late)), TOKEN).claims["sub"] == ("7",)
    assert WITNESS.who(headers(bearer("opaque")), TOKEN).claims == {}


def test_remembered_tokens_are_bounded() -> None:
    subject = Witness("", {}, actor_key=bytes(32))
    for number in range(MOST_TOKENS + 10):
        subject.who(headers(bearer(f"t{number}")), TOKEN)
    assert len(subject._tokens) == MOST_TOKENS


def test_token_is_read_from_one_header_or_cookie() -> None:
    cookie = TokenRule(cookie="session")
    fields: tuple[Field, ...] = ((b"cookie", b"a=1; session=x.y; b=2"), bearer("t"))
    assert token_text(TOKEN, fields) == "t"
    assert token_text(cookie, fields) == "x.y"
    assert token_text(cookie, (*fields, (b"cookie", b"session=z"))) == ""
    assert token_text(TOKEN, ()) == ""


def test_address_is_read_without_its_port() -> None:
    assert address_of("10.0.0.1:80") == "10.0.0.1"
    assert address_of("[::1]:80") == "::1"
    assert address_of("10.0.0.1") == "10.0.0.1"


def test_limit_is_kept_for_each_rule_and_key() -> None:
    limit = RateLimit(1, 3600, Per.TOKEN)
    assert [WITNESS.take("r", "k", limit) > 0 for _ in range(2)] == [False, True]
    assert WITNESS.take("other", "k", limit) == 0
    assert WITNESS.take("r", "l", limit) == 0


WINDOWED = """
apiVersion: weirline/v1
kind: Policy
metadata: {name: shop}
mode: enforce
rules: [{id: a, find: {category: contact}, do: [observe]}]
windows:
  - id: many
    per: [address]
    count: requests
    over: 1h
    more_than: 2
    do: [{block: {}}]
    for: 30m
"""


def at(address: str) -> Facts:
    return Facts(Direction.REQUEST, "GET", "api.test", "/", who=Who(address=address))


def test_window_is_kept_for_each_actor_apart_until_its_policy_goes() -> None:
    policy = compile_policy(parse_policy(WINDOWED, "policy.yaml", DETECTORS), DETECTORS)
    (window,) = policy.windows
    witness = Witness("", {}, actor_key=bytes(32))
    went = [witness.saw(Sighting(window, 1), at("192.0.2.7")) for _ in range(4)]
    assert went == [False, False, True, False]
    assert witness.standing(window, at("192.0.2.7")).over
    assert not witness.standing(window, at("192.0.2.8")).over
    witness.keep_windows({window.spec})
    assert witness.standing(window, at("192.0.2.7")).over
    witness.keep_windows(set())
    assert not witness.standing(window, at("192.0.2.7")).over
