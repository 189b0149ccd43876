"""What is known of an exchange, whatever Envoy sends of it."""

from __future__ import annotations

from tests.playbook import REDACT_BOTH, policy
from tests.weirline.flow.exchange import REQUEST, RESPONSE, answer, ask, body
from weirline.flow.events import Body
from weirline.flow.known_facts import KnownFacts
from weirline.flow.message_facts import read_message
from weirline.flow.witness import NO_WITNESS

ATTRIBUTES = {"request.path": "/from/attributes", "request.method": "PUT"}


def known() -> KnownFacts:
    return KnownFacts(policy(REDACT_BOTH), NO_WITNESS)


def test_response_has_the_facts_of_its_request() -> None:
    facts = known()
    event = ask()
    request = facts.of_request(read_message(event.headers), event)
    assert (request.direction, request.path, request.host) == (REQUEST, "/a", "api.test")
    response = facts.of_response(read_message(answer().headers), answer())
    assert (response.direction, response.path) == (RESPONSE, "/a")
    assert response.content_type == "application/json"
    assert facts.without_headers(RESPONSE, body(b"")).path == "/a"


def test_attributes_stand_in_for_a_request_that_was_not_sent() -> None:
    event = answer()
    with_attributes = type(event)(event.direction, event.headers, event.end_of_stream, ATTRIBUTES)
    facts = known().of_response(read_message(event.headers), with_attributes)
    assert (facts.path, facts.method) == ("/from/attributes", "PUT")


def test_body_without_headers_is_known_by_attributes_and_kept() -> None:
    facts = known()
    first = Body(REQUEST, b"", False, ATTRIBUTES)
    assert facts.without_headers(REQUEST, first).path == "/from/attributes"
    assert facts.without_headers(RESPONSE, body(b"")).method == "PUT"
