"""Bodies whose bytes are not their text: read, masked in the same way again, or counted."""

from __future__ import annotations

import base64

import pytest

from tests.playbook import HASH_ID
from tests.weirline.flow.exchange import RESPONSE, answer, ask, body, flow, length
from weirline.flow.effects import AnswerBody, AnswerHeaders, Effect, Refuse
from weirline.flow.flow import Flow
from weirline.flow.report import Outcome, Unscanned
from weirline.scan import build_scanner

SCANNER = build_scanner((HASH_ID,))
TEXT = "the number is #123456, and there is more to say"
MASKED = "the number is *******, and there is more to say"


def answered(content: bytes, content_type: bytes, defaults: str = "{}") -> tuple[Flow, Effect]:
    subject = flow(scanner=SCANNER, defaults=defaults)
    subject.receive(ask())
    headers = answer((b"content-type", content_type), length(len(content)))
    assert isinstance(subject.receive(headers), AnswerHeaders)
    effect = subject.receive(body(content))
    assert effect is not None
    return subject, effect


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16", "utf-32-be", "cp037", "cp500"])
def test_body_in_another_charset_is_masked_in_it(charset: str) -> None:
    named = b"text/plain; charset=" + charset.replace("cp", "ibm").encode()
    subject, effect = answered(TEXT.encode(charset), named)
    assert isinstance(effect, AnswerBody)
    assert effect.body is not None
    assert effect.body.decode(charset) == MASKED
    assert len(effect.body) == len(TEXT.encode(charset))
    assert subject.report.outcome is Outcome.REDACTED


def test_body_in_base64_is_masked_inside() -> None:
    content = b'{"data":"%b"}' % base64.b64encode(TEXT.encode())
    _, effect = answered(content, b"application/json")
    assert isinstance(effect, AnswerBody)
    assert effect.body == b'{"data":"%b"}' % base64.b64encode(MASKED.encode())


NOT_READ = [
    (b"abc", b"text/plain; charset=x-own", Unscanned.CHARSET),
    (b"%" + b"25" * 20 + b"41", b"text/plain; charset=utf-8", Unscanned.NESTED),
]


@pytest.mark.parametrize(("content", "content_type", "reason"), NOT_READ)
def test_what_cannot_be_read_is_counted_and_passes(
    content: bytes, content_type: bytes, reason: Unscanned
) -> None:
    subject, effect = answered(content, content_type)
    assert effect == AnswerBody(RESPONSE)
    assert subject.report.unscanned == {(RESPONSE, reason): 1}


@pytest.mark.parametrize(("content", "content_type", "reason"), NOT_READ)
def test_what_cannot_be_read_is_refused_where_the_policy_says_so(
    content: bytes, content_type: bytes, reason: Unscanned
) -> None:
    subject, effect = answered(content, content_type, "{unscannable: block}")
    assert isinstance(effect, Refuse)
    assert subject.report.unscanned == {(RESPONSE, reason): 1}


def test_value_that_cannot_be_masked_in_place_is_found_and_its_body_blocked() -> None:
    """One letter of base64 is a character reference too short for the letter that would follow."""
    letters, others = (base64.b64encode(text.encode()).decode() for text in (TEXT, MASKED))
    at = next(n for n in range(len(letters)) if letters[n] < "Z" and others[n] > "d")
    written = f"{letters[:at]}&#{ord(letters[at])};{letters[at + 1 :]}"
    subject, effect = answered(f"<p>{written}</p>".encode(), b"text/html")
    assert isinstance(effect, Refuse)
    assert sum(subject.report.findings.values()) == 1
    assert subject.report.unscanned == {(RESPONSE, Unscanned.IN_PLACE): 1}
    assert subject.report.outcome is Outcome.BLOCKED
