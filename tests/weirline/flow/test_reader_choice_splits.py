"""Each shipped kind, in each wrapping, cut anywhere: what leaves is the masked whole, always.

A fixed sample runs each time; with the mark `full` every offset of every body, one-byte chunks,
empty chunks and random cuts: over 100,000 runs.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable

import pytest

from tests.weirline.flow.protobuf import frame, text
from tests.weirline.flow.websocket import KEY, ws
from tests.weirline.flow.wrapped import LIMITS, cut, fed, stepped
from weirline.body.body_format import BodyFormat
from weirline.body.encoding import Coding, Decoder, Encoder
from weirline.flow.body_choice import BodyChoice
from weirline.flow.events import BodyMode
from weirline.flow.judge import Judge
from weirline.flow.message import new_message
from weirline.flow.reader_choice import make_reader
from weirline.flow.report import FlowReport
from weirline.policy.evaluate import CompiledPolicy, compile_policy
from weirline.policy.facts import Direction, Facts
from weirline.policy.parse import parse_policy
from weirline.policy.policy import AlreadySent
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner, build_scanner
from weirline.specimen import SPECIMENS

KINDS = ("payment_card", "us_ssn", "email", "iban", "github_personal_token", "jwt", "private_key")
RULES = """
apiVersion: weirline/v1
kind: Policy
metadata: {name: splits}
mode: enforce
rules:
  - {id: all, find: {category: [payment, identity, contact, secrets]}, do: [{redact: {mask: {}}}]}
"""
DETECTORS = tuple(shipped_detectors("default"))


def document(key: str, value: bytes) -> bytes:
    return json.dumps({"note": "x", key: value.decode(), "end": [1, 2]}).encode()


def unpack(coding: Coding) -> Callable[[bytes], bytes]:
    return lambda data: b"".join(Decoder((coding,), max_ratio=1000).pieces(data))


def packing(
    coding: Coding,
) -> tuple[BodyChoice, Callable[[str, bytes], bytes], Callable[[bytes], bytes]]:
    def pack(key: str, value: bytes) -> bytes:
        return Encoder((coding,)).finish(document(key, value))

    return BodyChoice(BodyMode.FULL_DUPLEX, codings=(coding,)), pack, unpack(coding)


def same(data: bytes) -> bytes:
    return data


def unbase(data: bytes) -> bytes:
    return b"".join(base64.b64decode(part) for part in stepped(data, 4))


WRAPPINGS: dict[str, tuple[BodyChoice, Callable[[str, bytes], bytes], Callable[[bytes], bytes]]] = {
    **{coding.value: packing(coding) for coding in Coding},
    "grpc": (
        BodyChoice(BodyMode.STREAMED, format=BodyFormat.GRPC),
        lambda key, value: frame(text(1, key.encode()) + text(2, value)) + frame(b""),
        same,
    ),
    "grpc_web_text": (
        BodyChoice(BodyMode.STREAMED, format=BodyFormat.GRPC_WEB_TEXT),
        lambda key, value: base64.b64encode(frame(text(1, key.encode()) + text(2, value))),
        unbase,
    ),
    "events": (
        BodyChoice(BodyMode.FULL_DUPLEX, format=BodyFormat.EVENTS),
        lambda key, value: b"data: " + document(key, value) + b"\n\ndata: [DONE]\n\n",
        same,
    ),
    "lines": (
        BodyChoice(BodyMode.FULL_DUPLEX, format=BodyFormat.LINES),
        lambda key, value: document(key, value) + b"\n{}\n",
        same,
    ),
    "websocket": (
        BodyChoice(BodyMode.STREAMED, format=BodyFormat.WEBSOCKET),
        lambda key, value: (
            ws(document(key, value)[:9], final=False, key=KEY)
            + ws(document(key, value)[9:], 0, key=KEY)
        ),
        same,
    ),
}


@pytest.fixture(scope="module")
def scanner() -> TextScanner:
    return build_scanner(DETECTORS)


@pytest.fixture(scope="module")
def compiled() -> CompiledPolicy:
    return compile_policy(parse_policy(RULES, "splits.yaml", DETECTORS), DETECTORS)


def run(
    wrapping: str, chunks: list[bytes], scanner: TextScanner, compiled: CompiledPolicy
) -> bytes:
    choice, _, unwrap = WRAPPINGS[wrapping]
    message = new_message(Direction.RESPONSE, BodyMode.FULL_DUPLEX)
    message.scope = compiled.scope(Facts(Direction.RESPONSE))
    judge = Judge(message, FlowReport(), AlreadySent.CUT)
    reader = make_reader(
        choice,
        judge,
        scanner=scanner,
        limits=LIMITS,
        scope=message.scope,
        text_limit=1 << 20,
        facts=Facts(Direction.RESPONSE),
    )
    out = fed(reader, chunks)
    assert judge.refusal is None
    return unwrap(out)


def every_split(body: bytes, rng: random.Random) -> list[list[bytes]]:
    splits = [cut(body, at) for at in range(len(body) + 1)]
    splits += [[body[:at], b"", body[at:]] for at in range(0, len(body), 3)]
    splits += [stepped(body, 1), stepped(body, 2)]
    for _ in range(100):
        splits.append(cut(body, *sorted(rng.choices(range(len(body)), k=rng.randrange(1, 6)))))
    return splits


@pytest.mark.slow
@pytest.mark.parametrize("wrapping", sorted(WRAPPINGS))
@pytest.mark.parametrize("kind", KINDS)
def test_value_in_a_wrapping_is_masked_at_some_cuts(
    kind: str,
    wrapping: str,
    scanner: TextScanner,
    compiled: CompiledPolicy,
    rng: random.Random,
) -> None:
    check(kind, wrapping, scanner, compiled, rng=rng, most=6)


@pytest.mark.full
@pytest.mark.long
@pytest.mark.parametrize("wrapping", sorted(WRAPPINGS))
@pytest.mark.parametrize("kind", KINDS)
def test_value_in_a_wrapping_is_masked_at_every_cut(
    kind: str,
    wrapping: str,
    scanner: TextScanner,
    compiled: CompiledPolicy,
    rng: random.Random,
) -> None:
    check(kind, wrapping, scanner, compiled, rng=rng, most=1 << 30)


def check(
    kind: str,
    wrapping: str,
    scanner: TextScanner,
    compiled: CompiledPolicy,
    *,
    rng: random.Random,
    most: int,
) -> None:
    specimen = SPECIMENS[kind]
    value = specimen.valid(rng)
    wire = WRAPPINGS[wrapping][1](specimen.key, value)
    expected = run(wrapping, [wire], scanner, compiled)
    raw = json.dumps(value.decode()).encode()[1:-1]
    assert raw not in expected
    assert value not in expected
    splits = every_split(wire, rng)
    for split in splits if len(splits) <= most else rng.sample(splits, most):
        assert run(wrapping, split, scanner, compiled) == expected
