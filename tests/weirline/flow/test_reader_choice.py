"""Which reader a choice leads to, and what an unreadable body is counted as."""

from __future__ import annotations

import pytest

from tests.fakes.scanner import HashScanner
from tests.playbook import OBSERVE_BOTH, REDACT_BOTH
from tests.weirline.flow.protobuf import frame, text
from tests.weirline.flow.wrapped import LIMITS, SCANNER, judge, message
from weirline.body.body_format import BodyFormat
from weirline.body.encoding import Coding
from weirline.body.schema import Field, FieldKind, Layout, Schemas
from weirline.errors import Unreadable
from weirline.flow.body_choice import BodyChoice
from weirline.flow.body_reader import BodyReader, PlainBody
from weirline.flow.encoded_body import EncodedBody
from weirline.flow.events import BodyMode
from weirline.flow.limits import Limits
from weirline.flow.reader_choice import make_reader, reason_of
from weirline.flow.report import Unscanned
from weirline.policy.facts import Direction, Facts
from weirline.scan import FlowScanner, ScanResult


class Listener(HashScanner):
    """Remembers what it was asked to scan."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[bytes] = []

    def scan(self, data: bytes) -> ScanResult:
        self.heard.append(data)
        return super().scan(data)


def made(
    choice: BodyChoice,
    rules: str = REDACT_BOTH,
    *,
    limits: Limits = LIMITS,
    scanner: FlowScanner = SCANNER,
) -> BodyReader:
    return make_reader(
        choice,
        judge(rules),
        scanner=scanner,
        limits=limits,
        scope=message(rules).scope,
        text_limit=1 << 20,
        facts=Facts(Direction.RESPONSE, path="/shop.Orders/Put"),
    )


def test_coding_stands_around_the_format() -> None:
    choice = BodyChoice(BodyMode.FULL_DUPLEX, codings=(Coding.GZIP,))
    assert isinstance(made(choice), EncodedBody)
    assert made(choice).changes_length
    assert isinstance(made(BodyChoice(BodyMode.FULL_DUPLEX)), PlainBody)


def test_what_no_rule_may_change_is_not_packed_again() -> None:
    choice = BodyChoice(BodyMode.FULL_DUPLEX, codings=(Coding.GZIP,))
    assert not made(choice, OBSERVE_BOTH).changes_length


@pytest.mark.parametrize("called", ["/shop.Orders/Put", "/shop.Orders/Get"])
def test_descriptor_of_the_method_that_is_called_is_heeded(called: str) -> None:
    layout = Layout({1: Field(b"order_id", FieldKind.TEXT)})
    limits = Limits(schemas=Schemas(requests={}, responses={called: layout}))
    listener = Listener()
    reader = made(
        BodyChoice(BodyMode.STREAMED, format=BodyFormat.GRPC), limits=limits, scanner=listener
    )
    reader.feed(frame(text(1, b"#123456")), last=False)
    assert (b'"order_id":"#123456"' in listener.heard) is (called == "/shop.Orders/Put")


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
