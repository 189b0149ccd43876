"""A judge and readers for tests of wrapped bodies, around the fake scanner."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from tests.fakes.scanner import HashScanner
from tests.playbook import REDACT_BOTH, policy
from weirline.flow.body_reader import BodyReader
from weirline.flow.events import BodyMode
from weirline.flow.judge import Judge
from weirline.flow.limits import Limits
from weirline.flow.message import Message, new_message
from weirline.flow.report import FlowReport
from weirline.policy.facts import Direction, Facts
from weirline.scan import FlowScanner

SCANNER: FlowScanner = HashScanner()
LIMITS = Limits()


def judge(
    rules: str = REDACT_BOTH, *, defaults: str = "{}", report: FlowReport | None = None
) -> Judge:
    """A judge of a response under these rules, which nothing has left of yet."""
    compiled = policy(rules, defaults=defaults).defaults
    return Judge(
        message(rules, defaults=defaults),
        FlowReport() if report is None else report,
        compiled.already_sent,
        compiled.held_too_long,
    )


def message(rules: str = REDACT_BOTH, *, defaults: str = "{}") -> Message:
    """A response under these rules."""
    one = new_message(Direction.RESPONSE, BodyMode.FULL_DUPLEX)
    one.scope = policy(rules, defaults=defaults).scope(Facts(Direction.RESPONSE))
    return one


def fed(reader: BodyReader, chunks: Iterable[bytes]) -> bytes:
    """All that leaves, the last chunk an empty one."""
    out = [_one(reader, chunk) for chunk in chunks]
    return b"".join((*out, reader.feed(b"", last=True) or b""))


def _one(reader: BodyReader, chunk: bytes) -> bytes:
    released = reader.feed(chunk, last=False)
    return chunk if released is None else released


def cut(data: bytes, *edges: int) -> list[bytes]:
    """`data` cut at these offsets."""
    return [data[begin:end] for begin, end in itertools.pairwise((0, *edges, len(data)))]


def stepped(data: bytes, size: int) -> list[bytes]:
    """`data` in chunks of so many bytes."""
    return [data[at : at + size] for at in range(0, len(data), size)]
