from __future__ import annotations

import pytest

from tests.fakes.scanner import HashScanner
from tests.playbook import policy
from weirline.cli.policy_case import Case, Expected, Message, Sent, filled, play

RULES = """
- {id: mask, when: {direction: response}, find: {category: identity}, do: [{redact: {mask: {}}}]}
- {id: stop, when: {direction: request}, find: {category: identity}, do: [{block: {status: 404}}]}
- {id: few, when: {path: /few}, do: [{rate_limit: {requests: 1, per: 1m, by: address}}]}
"""


def wrong(case: Case) -> list[str]:
    return play(case, policy(RULES), HashScanner()).wrong


def test_response_is_masked_and_request_is_stopped_as_in_the_sidecar() -> None:
    expected = Expected(rules=("mask",), status=201, sent=Sent(("*******",), ("#123456",)))
    answer = Message(status=201, body="a #123456")
    assert wrong(Case("a", expected, response=answer)) == []
    refused = Expected(status=404, rules=("stop",))
    assert wrong(Case("b", refused, request=Message(body="#123456"), response=answer)) == []


def test_header_values_are_looked_at() -> None:
    case = Case("a", Expected(rules=("stop",)), request=Message(headers={"X-Note": "#123456"}))
    assert wrong(case) == []


def test_limit_is_used_up_where_the_case_says_so() -> None:
    few = Message(path="/few")
    assert wrong(Case("a", Expected(status=429), request=few, used_up=True)) == []
    assert wrong(Case("b", Expected(status=200), request=few)) == []


def test_values_are_made_for_each_kind_and_number_and_are_the_same_each_time() -> None:
    one = filled("${payment_card}")
    assert one == filled("${payment_card}") != filled("${payment_card:1}")
    assert one.replace(" ", "").replace("-", "").isdigit()
    assert filled("no place ${}") == "no place ${}"
    with pytest.raises(KeyError):
        filled("${no_such_kind}")
