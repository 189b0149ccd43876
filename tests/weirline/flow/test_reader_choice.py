"""Which reader a choice leads to, and what an unreadable body is counted as."""

from __future__ import annotations

import pytest

from tests.playbook import OBSERVE_BOTH, REDACT_BOTH
from tests.weirline.flow.wrapped import LIMITS, SCANNER, judge, message
from weirline.body.encoding import Coding
from weirline.errors import Unreadable
from weirline.flow.body_choice import BodyChoice
from weirline.flow.body_reader import BodyReader, PlainBody
from weirline.flow.encoded_body import EncodedBody
from weirline.flow.events import BodyMode
from weirline.flow.reader_choice import make_reader, reason_of
from weirline.flow.report import Unscanned


def made(choice: BodyChoice, rules: str = REDACT_BOTH) -> BodyReader:
    return make_reader(
        choice,
        judge(rules),
        scanner=SCANNER,
        limits=LIMITS,
        scope=message(rules).scope,
        text_limit=1 << 20,
    )


def test_coding_stands_around_the_format() -> None:
    choice = BodyChoice(BodyMode.FULL_DUPLEX, codings=(Coding.GZIP,))
    assert isinstance(made(choice), EncodedBody)
    assert made(choice).changes_length
    assert isinstance(made(BodyChoice(BodyMode.FULL_DUPLEX)), PlainBody)


def test_what_no_rule_may_change_is_not_packed_again() -> None:
    choice = BodyChoice(BodyMode.FULL_DUPLEX, codings=(Coding.GZIP,))
    assert not made(choice, OBSERVE_BOTH).changes_length


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        ("ratio", Unscanned.INFLATED),
        ("frame", Unscanned.FRAME),
        ("broken", Unscanned.BROKEN),
        ("truncated", Unscanned.BROKEN),
    ],
)
def test_every_reason_has_its_label(why: str, reason: Unscanned) -> None:
    assert reason_of(Unreadable(why)) is reason
