"""Rules about requests, tokens and pairs of request and response, through a real Envoy."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.system.lab import Lab, running_lab, value
from tests.system.wire import always, get, post, whole
from tests.weirline.policy.tokens import Issuer, b64

pytestmark = pytest.mark.slow

POLICY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: access}
mode: enforce
defaults:
  token: {header: authorization, jwt: {identify_by: [sub], verify: mesh}}
categories:
  cards: {detect: [payment_card], severity: critical}
  ids: {detect: [us_ssn], severity: high}
  mail: {detect: [email]}
rules:
  - id: own-record-only
    when: {path: "/customers/{id}"}
    require: {path_param: id, equals_claim: customer_id}
    do: [{block: {status: 403}}]
  - id: staff-only
    when: {path: "/staff/**"}
    unless: {claim: {role: staff}}
    do: [{block: {status: 401}}]
  - id: guests-see-no-cards
    when: {claim: {role: guest}}
    find: {category: cards}
    do: [{block: {status: 409}}]
  - id: few-requests
    when: {path: /limited}
    do: [{rate_limit: {requests: 2, per: 1h}}]
  - id: cards-service-blocks-cards
    when: {host: cards.test}
    find: {category: cards}
    do: [{block: {status: 403}}]
  - id: cards-service-lets-mail-pass
    when: {host: mail.test}
    find: {category: mail}
    do: [{block: {status: 404}}]
  - id: export-of-ids
    when: {direction: response, path: "/export/**"}
    find: {category: ids}
    do: [{block: {status: 451}}]
  - id: fifty-are-a-leak
    when: {path: /list}
    find: {category: ids, distinct: {at_least: 50}}
    do: [{block: {status: 429}}, alert]
  - id: no-cards-in-requests
    when: {direction: request, path: /pay}
    find: {category: cards}
    do: [{block: {status: 403}}]
  - id: told-to-the-service
    when: {direction: request, path: /told}
    find: {category: [cards, mail]}
    do: [{tag_header: {x-data-kinds: "{kinds}"}}]
  - id: replaced
    when: {direction: response, path: /replaced}
    find: {category: cards}
    do: [{redact: {replace: "[card]"}}]
  - id: hashed
    when: {direction: response, path: /hashed}
    find: {category: cards}
    do: [{redact: {hash: {}}}]
  - id: tokenised
    when: {direction: response, path: /tokenised}
    find: {category: cards}
    do: [{tokenise: {key: eu}}]
"""
CARD = b'{"card": "%b"}' % value("payment_card")


@dataclass(frozen=True, slots=True)
class Place:
    """A lab, and the issuers of its tokens: RS256 and ES256 in one key set."""

    lab: Lab
    rsa: Issuer
    curve: Issuer

    def status(
        self, path: str, token: str = "", body: bytes = b"{}", *, host: str = "api.test"
    ) -> int:
        extra = f"authorization: Bearer {token}\r\n" if token else ""
        answer = self.lab.ask(get(path, host=host, extra=extra), always(whole(body)))
        assert answer.status == 200 or body not in answer.raw or body == b"{}"
        return answer.status


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("access")
    rsa, curve = Issuer("RS256", kid="r"), Issuer("ES256", kid="e")
    keys = folder / "keys"
    keys.mkdir()
    (keys / "mesh.json").write_text(json.dumps({"keys": [rsa.jwk, curve.jwk]}))
    with running_lab(folder, POLICY, flags=("--jwks-dir", str(keys))) as lab:
        yield Place(lab, rsa, curve)


def claims(**more: object) -> dict[str, object]:
    return {"sub": "someone", "exp": time.time() + 600, **more}


@pytest.mark.promise(30)
def test_user_may_have_his_own_record_and_no_other(place: Place) -> None:
    token = place.rsa.token(claims(customer_id=7))
    assert place.status("/customers/7", token) == 200
    assert place.status("/customers/8", token) == 403
    assert place.lab.service.seen == []
    for path in ("/customers/8/../7", "/customers/%38", "/customers//8", "/x/../customers/8"):
        assert place.status(path, token) in (200, 403, 404)
        assert all(b"/8" not in seen.head.split(b"\r\n")[0] for seen in place.lab.service.seen)
    assert place.status("/customers/7") == 403


def test_tokens_prove_what_their_keys_say_and_nothing_else(place: Place) -> None:
    staff = claims(role="staff")
    for issuer in (place.rsa, place.curve):
        assert place.status("/staff/x", issuer.token(staff)) == 200
    unsigned = f"{b64(b'{}')}.{b64(json.dumps(staff).encode())}."
    refused = {
        "expired": place.rsa.token({**staff, "exp": time.time() - 3600}),
        "alg none": place.rsa.token(staff, alg="none"),
        "alg HS256": place.rsa.token(staff, alg="HS256"),
        "another key": Issuer("RS256", kid="r").token(staff),
        "unsigned": unsigned,
        "opaque": "0123456789",
        "not staff": place.rsa.token(claims(role="guest")),
    }
    for name, token in refused.items():
        assert place.status("/staff/x", token) == 401, name
    # One that nobody signed may still tighten.
    guest = Issuer("RS256").token(claims(role="guest"))
    assert place.status("/a", guest, CARD) == 409
    assert place.status("/a", "", CARD) == 200


def test_limit_answers_429_and_the_service_sees_no_more(place: Place) -> None:
    token, other = (place.rsa.token(claims(sub=name)) for name in ("one", "two"))
    assert [place.status("/limited", token) for _ in range(2)] == [200, 200]
    answer = place.lab.ask(
        get("/limited", extra=f"authorization: Bearer {token}\r\n"), always(whole(b"{}"))
    )
    assert answer.status == 429
    assert int(answer.header(b"retry-after") or b"0") in range(1, 1801)
    assert place.lab.service.seen == []
    assert place.status("/limited", other) == 200


@pytest.mark.promise(31)
def test_two_services_on_one_envoy_each_act_by_their_own_rules(place: Place) -> None:
    mail = b'{"mail": "%b"}' % value("email")
    cells = {
        (host, name): place.status("/a", "", body, host=host)
        for host in ("cards.test", "mail.test")
        for name, body in (("card", CARD), ("mail", mail))
    }
    assert cells == {
        ("cards.test", "card"): 403,
        ("cards.test", "mail"): 200,
        ("mail.test", "card"): 200,
        ("mail.test", "mail"): 404,
    }


@pytest.mark.promise(46)
def test_rule_on_request_path_and_response_kind_fires_on_the_pair_only(place: Place) -> None:
    ids = b'{"ssn": "%b"}' % value("us_ssn")
    assert place.status("/export/all", "", ids) == 451
    assert place.status("/other", "", ids) == 200
    assert place.status("/export/all", "", CARD) == 200
    sent = post("/export/all", ids)
    assert place.lab.ask(sent, always(whole(b"{}"))).status == 200


@pytest.mark.promise(66)
def test_same_request_is_decided_by_what_the_answer_holds(place: Place) -> None:
    request = get("/export/all")
    bodies = (b'{"name": "x"}', b'{"ssn": "%b"}' % value("us_ssn"), b'{"name": "y"}')
    statuses = [place.lab.ask(request, always(whole(body))).status for body in bodies]
    assert statuses == [200, 451, 200]


def test_one_value_fifty_times_is_normal_and_fifty_values_are_a_leak(place: Place) -> None:
    def answer(seeds: range) -> bytes:
        return json.dumps([{"ssn": value("us_ssn", seed=seed).decode()} for seed in seeds]).encode()

    one = value("us_ssn").decode()
    assert place.status("/list", "", json.dumps([{"ssn": one}] * 60).encode()) == 200
    assert place.status("/list", "", answer(range(40))) == 200
    assert place.status("/list", "", answer(range(80))) == 429
    place.lab.settle()
    fired = place.lab.metric("weirline_rule_matches_total", rule="fifty-are-a-leak", action="alert")
    assert fired == 1


def test_blocked_request_is_never_seen_by_the_service(place: Place) -> None:
    answer = place.lab.ask(post("/pay", CARD), always(whole(b"{}")))
    assert answer.status == 403
    assert place.lab.service.seen == []


def test_service_is_told_what_a_request_holds_and_no_client_can_say_it(place: Place) -> None:
    for body, kinds in ((CARD, b"payment"), (b"{}", None)):
        request = post("/told", body).replace(b"\r\n", b"\r\nx-data-kinds: forged\r\n", 1)
        assert place.lab.ask(request, always(whole(b"{}"))).status == 200
        (seen,) = place.lab.service.seen
        assert seen.header(b"x-data-kinds") == kinds


def test_replaced_and_hashed_answers_parse_and_have_their_length(place: Place) -> None:
    def body_of(path: str) -> bytes:
        answer = place.lab.ask(get(path), always(whole(CARD)))
        assert answer.status == 200
        assert int(answer.header(b"content-length") or b"0") == len(answer.body)
        return answer.body

    assert json.loads(body_of("/replaced")) == {"card": "[card]"}
    stand_in = json.loads(body_of("/tokenised"))["card"]
    assert len(stand_in) == len(json.loads(CARD)["card"])
    assert stand_in.isdigit() == json.loads(CARD)["card"].isdigit()
    assert stand_in != json.loads(CARD)["card"]
    hashed = body_of("/hashed")
    assert len(hashed) == len(CARD)
    assert hashed == body_of("/hashed")
    assert json.loads(hashed)["card"] != json.loads(CARD)["card"]


ACTORS = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: actors}
mode: enforce
defaults:
  token: {cookie: session, jwt: {identify_by: [sub], verify: mesh}}
rules:
  - {id: two-each, when: {path: /limited}, do: [{rate_limit: {requests: 2, per: 1h}}]}
  - id: no-cards-for-guests
    when: {claim: {role: guest}}
    find: {category: payment}
    do: [{block: {status: 409}}]
"""


@pytest.mark.promise(51)
def test_actor_is_whom_a_proven_token_names_and_the_token_is_kept_nowhere(tmp_path: Path) -> None:
    rsa, curve = Issuer("RS256", kid="r"), Issuer("ES256", kid="e")
    keys = tmp_path / "keys"
    keys.mkdir()
    (keys / "mesh.json").write_text(json.dumps({"keys": [rsa.jwk, curve.jwk]}))
    late = {"sub": "ann", "exp": time.time() - 3600}
    unproven = [
        rsa.token(late),
        rsa.token(claims(sub="ann"), alg="none"),
        Issuer("ES256", kid="e").token(claims(sub="ann")),
        "opaque-0123456789",
    ]
    ann = [rsa.token(claims(sub="ann")), curve.token(claims(sub="ann", jti=2))]
    bob = rsa.token(claims(sub="bob"))
    guest = Issuer("RS256").token(claims(role="guest"))
    with running_lab(tmp_path, ACTORS, flags=("--jwks-dir", str(keys))) as lab:

        def status(token: str, path: str = "/limited", body: bytes = b"{}") -> int:
            extra = f"cookie: a=b; session={token}\r\n"
            return lab.ask(get(path, extra=extra), always(whole(body))).status

        # Two tokens of one person are one actor, another person is another.
        assert [status(token) for token in (*ann, ann[0], bob)] == [200, 200, 429, 200]
        # What proves nothing is no actor: all of it counts for the address it comes from.
        assert [status(token) for token in unproven] == [200, 200, 429, 429]
        # Said and not proven, it may still tighten.
        assert status(guest, "/a", CARD) == 409
        lab.settle()
        page = lab.sidecar.admin("/metrics").text
    kept = b"".join(
        path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file() and "envoy" not in path.name
    )
    for token in (*ann, bob, guest, *unproven):
        for part in token.split("."):
            assert len(part) < 12 or part not in page
            assert len(part) < 12 or part.encode() not in kept
