"""Bodies of every format with one value in them, ways to cut them, and what must leave."""

from __future__ import annotations

import base64
import itertools
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from tests.weirline.flow.protobuf import frame, text
from tests.weirline.flow.websocket import KEY, ws
from tests.weirline.flow.wrapped import LIMITS, cut, stepped
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

RULES = """
apiVersion: weirline/v1
kind: Policy
metadata: {name: splits}
mode: enforce
rules:
  - id: all
    find:
      category: [payment, identity, health, contact, network, secrets, server_internals]
    do: [{redact: {mask: {}}}]
"""
SHORT_BYTES = 48  # bodies up to here are cut into three at every two offsets
RANDOM_SPLITS = 5

Write = Callable[[str, bytes], bytes]
Unwrap = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Wrapping:
    """One format: how a value is written in it, what reads it, and what its text is."""

    write: Write
    choice: BodyChoice
    unwrap: Unwrap = lambda data: data


def document(key: str, value: bytes) -> bytes:
    return json.dumps({"note": "x", key: value.decode(), "end": [1, 2]}).encode()


def _plain(write: Write) -> Wrapping:
    return Wrapping(write, BodyChoice(BodyMode.STREAMED))


def _packed(*codings: Coding) -> Wrapping:
    def unpack(data: bytes) -> bytes:
        return b"".join(Decoder(codings, max_ratio=1000).pieces(data))

    return Wrapping(
        lambda key, value: Encoder(codings).finish(document(key, value)),
        BodyChoice(BodyMode.FULL_DUPLEX, codings=codings),
        unpack,
    )


def _framed(format_: BodyFormat, write: Write, unwrap: Unwrap = lambda data: data) -> Wrapping:
    return Wrapping(write, BodyChoice(BodyMode.STREAMED, format=format_), unwrap)


def _grpc(key: str, value: bytes) -> bytes:
    return frame(text(1, key.encode()) + text(2, value)) + frame(b"")


def _tool_result(key: str, value: bytes) -> bytes:
    """What a tool says over MCP: JSON in a text in JSON-RPC."""
    content = [{"type": "text", "text": document(key, value).decode()}]
    return json.dumps({"jsonrpc": "2.0", "id": 1, "result": {"content": content}}).encode()


def _upload(key: str, value: bytes) -> bytes:
    head = f'--edge\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n'.encode()
    return head + value + b"\r\n--edge--\r\n"


def _query(key: str, value: bytes) -> bytes:
    asked = f"mutation {{ put({key}: {json.dumps(value.decode())}) {{ id }} }}"
    return json.dumps({"query": asked, "variables": {key: value.decode()}}).encode()


def _fragments(key: str, value: bytes) -> bytes:
    whole = document(key, value)
    return ws(whole[:9], final=False, key=KEY) + ws(whole[9:], 0, key=KEY)


WRAPPINGS: dict[str, Wrapping] = {
    "text": _plain(lambda key, value: b"the %b: %b end" % (key.encode(), value)),
    "json": _plain(document),
    "form": _plain(lambda key, value: f"{key}={quote(value.decode(), safe='')}&n=1".encode()),
    "upload": _plain(_upload),
    "graphql": _plain(_query),
    "tool_result": _plain(_tool_result),
    **{coding.value: _packed(coding) for coding in Coding},
    "gzip_and_br": _packed(Coding.GZIP, Coding.BR),
    "grpc": _framed(BodyFormat.GRPC, _grpc),
    "connect": _framed(BodyFormat.CONNECT, lambda k, v: _grpc(k, v) + frame(b"{}", 2)),
    "grpc_web": _framed(
        BodyFormat.GRPC_WEB, lambda k, v: _grpc(k, v) + frame(b"grpc-status: 0\r\n", 0x80)
    ),
    "grpc_web_text": _framed(
        BodyFormat.GRPC_WEB_TEXT,
        lambda key, value: base64.b64encode(_grpc(key, value)),
        lambda data: b"".join(base64.b64decode(part) for part in stepped(data, 4)),
    ),
    "protobuf": _framed(
        BodyFormat.PROTOBUF, lambda key, value: text(1, key.encode()) + text(2, value)
    ),
    "events": _framed(
        BodyFormat.EVENTS, lambda k, v: b"data: " + document(k, v) + b"\n\ndata: [DONE]\n\n"
    ),
    "lines": _framed(BodyFormat.LINES, lambda k, v: document(k, v) + b"\n{}\n"),
    "websocket": _framed(BodyFormat.WEBSOCKET, _fragments),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A scanner of shipped detectors, and a policy that masks all they find."""

    scanner: TextScanner
    policy: CompiledPolicy

    def whole(self, wrapping: Wrapping, body: bytes) -> bytes:
        """What leaves of a body that is here at once, unwrapped."""
        return wrapping.unwrap(self._read(wrapping, (body,), last_is_empty=False))

    def stream(self, wrapping: Wrapping, chunks: Sequence[bytes]) -> bytes:
        """What leaves of a body in these chunks; the end comes with the last, or by itself."""
        ends_alone = len(chunks) % 2 == 0
        return wrapping.unwrap(self._read(wrapping, chunks, last_is_empty=ends_alone))

    def _read(self, wrapping: Wrapping, chunks: Sequence[bytes], *, last_is_empty: bool) -> bytes:
        message = new_message(Direction.RESPONSE, BodyMode.FULL_DUPLEX)
        message.scope = self.policy.scope(Facts(Direction.RESPONSE))
        judge = Judge(message, FlowReport(), AlreadySent.CUT)
        reader = make_reader(
            wrapping.choice,
            judge,
            scanner=self.scanner,
            limits=LIMITS,
            scope=message.scope,
            text_limit=1 << 20,
            facts=message.facts,
        )
        out = []
        for at, chunk in enumerate((*chunks, b"") if last_is_empty else chunks):
            last = at == len(chunks) - (0 if last_is_empty else 1)
            released = reader.feed(chunk, last=last)
            out.append(chunk if released is None else released)
        assert judge.refusal is None
        return b"".join(out)


def place() -> Place:
    """The default pack, and a policy that masks all of it."""
    detectors = tuple(shipped_detectors())
    policy = compile_policy(parse_policy(RULES, "splits.yaml", detectors), detectors)
    return Place(build_scanner(detectors), policy)


def every_split(body: bytes, rng: random.Random) -> Iterator[list[bytes]]:
    """Cut in two at every offset, short ones in three, by single bytes, with empty chunks."""
    for at in range(len(body) + 1):
        yield cut(body, at)
    if len(body) <= SHORT_BYTES:
        for one, two in itertools.combinations(range(1, len(body)), 2):
            yield cut(body, one, two)
    for at in range(0, len(body), 3):
        yield [body[:at], b"", body[at:]]
    yield stepped(body, 1)
    yield stepped(body, 2)
    yield list(itertools.chain.from_iterable((part, b"") for part in stepped(body, 1)))
    yield from random_splits(body, rng, RANDOM_SPLITS)


def random_splits(body: bytes, rng: random.Random, number: int) -> Iterator[list[bytes]]:
    """Cut at one to eight random offsets, so many times."""
    for _ in range(number):
        yield cut(body, *sorted(rng.choices(range(len(body)), k=rng.randrange(1, 9))))
