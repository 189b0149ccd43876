from __future__ import annotations

from tests.fakes.scanner import HashScanner
from tests.playbook import policy
from tests.weirline.flow.exchange import ENFORCE, REQUEST, VALUE, ask, body, flow, length
from weirline.flow.effects import AnswerBody, AnswerHeaders, Refuse
from weirline.flow.flow import Flow
from weirline.flow.limits import Limits
from weirline.flow.witness import NoWitness
from weirline.policy.limit import RateLimit

ADMIN = "- {id: no-admin, when: {path: '/a'}, do: [{block: {status: 404}}]}\n"
TAGS = """
- id: tag
  when: {direction: request}
  find: {category: identity}
  do: [{tag_header: {x-kinds: "{kinds}"}}]
"""


class Empty(NoWitness):
    """A witness whose limits are all used up."""

    def take(self, rule: str, key: str, limit: RateLimit) -> int:
        del rule, key
        return limit.period_s


def test_refused_request_is_answered_before_anything_is_looked_for() -> None:
    subject = flow(ADMIN)
    effect = subject.receive(ask((b"x-value", VALUE), end=False))
    assert isinstance(effect, Refuse)
    assert effect.block.status == 404
    assert not subject.report.findings
    assert dict(subject.report.rule_actions) == {("no-admin", "block", False): 1}


def test_used_up_limit_is_answered_with_retry_after() -> None:
    rules = "- {id: a, when: {path: /a}, do: [{rate_limit: {requests: 1, per: 1m, by: address}}]}"
    subject = Flow(policy(rules), HashScanner(), Limits(), ENFORCE, witness=Empty())
    effect = subject.receive(ask())
    assert isinstance(effect, Refuse)
    assert effect.block.status == 429
    assert effect.block.headers == ((b"retry-after", b"60"),)
    assert isinstance(flow(rules).receive(ask()), AnswerHeaders)


def test_header_that_rules_set_is_taken_out_of_requests_that_bring_it() -> None:
    effect = flow(TAGS).receive(ask((b"x-kinds", b"none")))
    assert isinstance(effect, AnswerHeaders)
    assert effect.change is not None
    assert effect.change.remove == (b"x-kinds",)


def test_what_headers_hold_is_told_to_the_service() -> None:
    effect = flow(TAGS).receive(ask((b"x-value", VALUE), (b"x-kinds", b"none")))
    assert isinstance(effect, AnswerHeaders)
    assert effect.change is not None
    assert (b"x-kinds", b"identity") in effect.change.set


def test_what_a_whole_body_holds_is_told_to_the_service() -> None:
    subject = flow(TAGS)
    subject.receive(ask(length(len(VALUE)), method=b"POST", end=False))
    effect = subject.receive(body(VALUE, direction=REQUEST))
    assert isinstance(effect, AnswerBody)
    assert effect.change is not None
    assert effect.change.set == ((b"x-kinds", b"identity"),)


def test_replacement_of_another_length_corrects_the_content_length() -> None:
    rules = "- {id: a, find: {category: identity}, do: [{redact: {replace: '[id]'}}]}"
    subject = flow(rules)
    subject.receive(ask(length(len(VALUE)), method=b"POST", end=False))
    effect = subject.receive(body(b"a " + VALUE, direction=REQUEST))
    assert isinstance(effect, AnswerBody)
    assert effect.body == b"a [id]"
    assert effect.change is not None
    assert effect.change.set == ((b"content-length", b"6"),)


def test_distinct_values_are_counted_over_a_whole_body() -> None:
    rules = "- {id: a, find: {category: identity, distinct: {at_least: 2}}, do: [{block: {}}]}"
    for text, blocked in ((VALUE * 5, False), (VALUE + b" #123457", True)):
        subject = flow(rules)
        subject.receive(ask(length(len(text)), method=b"POST", end=False))
        assert isinstance(subject.receive(body(text, direction=REQUEST)), Refuse) is blocked


def test_alert_is_counted_beside_what_is_done() -> None:
    rules = "- {id: a, find: {category: identity}, do: [{redact: {mask: {}}}, alert]}"
    subject = flow(rules)
    subject.receive(ask((b"x-value", VALUE), (b"x-other", b"#765432")))
    counted = {(key.action, key.rule): n for key, n in subject.report.findings.items()}
    assert counted == {("redact", "a"): 2, ("alert", "a"): 1}
