"""Messages in random orders, legal and not, against a session: 3,000 of them, or 50,000 in full.

The oracle knows the protocol only: an answer is of the kind that was asked, exactly one outside
FULL_DUPLEX, none after the client was answered by us; a session that refused a message never says
that it is finished; and where an order was legal to its end, no raw value has left.
"""

from __future__ import annotations

import gzip
import random
from collections import Counter

import pytest

from extproc.envoy_api.messages import (
    HttpBody,
    HttpHeaders,
    HttpTrailers,
    ProcessingRequest,
    ProcessingResponse,
    ProtocolConfiguration,
)
from extproc.session import Session
from tests.playbook import BLOCK_BOTH, OBSERVE_BOTH, REDACT_BOTH, factory, header_map, policy
from weirline.errors import PeerProtocolError
from weirline.flow.limits import Limits, Tunnels

VALUE = b"#123456"
POLICIES = [
    policy(REDACT_BOTH),
    policy(BLOCK_BOTH),
    policy(OBSERVE_BOTH),
    policy(REDACT_BOTH, defaults="{unscannable: block, already_sent: redact_rest}"),
    policy(REDACT_BOTH, defaults="{body_over: {limit: 100B, do: block}}"),
]
LIMITS = Limits(tunnels=Tunnels.WEBSOCKET, frame_bytes=200)
FIELDS = [
    [],
    [("content-length", "40")],
    [("content-encoding", "gzip")],
    [("content-encoding", "br"), ("content-length", "40")],
    [("content-type", "application/grpc")],
    [("content-type", "application/grpc-web-text")],
    [("content-type", "application/x-protobuf")],
    [("content-type", "text/event-stream")],
    [("content-type", "application/x-ndjson"), ("content-encoding", "gzip")],
    [("trailer", "x-sum")],
    [("connection", "upgrade"), ("upgrade", "websocket")],
    [("content-type", "image/png")],
    [("x-note", VALUE.decode())],
]
BODIES = [
    b"",
    b"plain words",
    b"id #12",
    b"3456 and",
    VALUE + b" ",
    b'data: {"text":"#12"}\n\n',
    b"\x00\x00\x00\x00\x03abc",
    b"\x81\x07" + VALUE,
    gzip.compress(VALUE + b" packed", mtime=0),
    b"AAAA",
    b"x" * 300,
]


def random_message(rng: random.Random) -> ProcessingRequest:
    """Any message at all, whatever has come before."""
    message = ProcessingRequest()
    way = rng.choice(["request", "response"])
    end = rng.random() < 0.3
    match rng.choice(["headers", "body", "body", "body", "trailers", "nothing"]):
        case "headers":
            first = [(":status", rng.choice(["200", "101", "204"]))]
            if way == "request":
                method = rng.choice(["GET", "POST", "HEAD", "CONNECT"])
                first = [(":method", method), (":path", "/a")]
            headers = HttpHeaders(headers=header_map([*first, *rng.choice(FIELDS)]))
            headers.end_of_stream = end
            getattr(message, f"{way}_headers").CopyFrom(headers)
        case "body":
            body = HttpBody(body=rng.choice(BODIES), end_of_stream=end)
            if rng.random() < 0.1:  # said in the mode GRPC only, but what is said may be anything
                body.end_of_stream_without_message = rng.random() < 0.5
                body.grpc_message_compressed = rng.random() < 0.5
            getattr(message, f"{way}_body").CopyFrom(body)
        case "trailers":
            trailers = HttpTrailers(trailers=header_map([("x-sum", rng.choice(["1", "#123456"]))]))
            getattr(message, f"{way}_trailers").CopyFrom(trailers)
        case _:
            pass  # a message that reports nothing
    return message


def likely_order(rng: random.Random) -> list[ProcessingRequest]:
    """Messages in an order that Envoy would send, now and then disturbed."""
    order: list[ProcessingRequest] = []
    for way in ("request", "response"):
        first = [(":method", "POST"), (":path", "/a")] if way == "request" else [(":status", "200")]
        headers = ProcessingRequest()
        fields = header_map([*first, *rng.choice(FIELDS)])
        getattr(headers, f"{way}_headers").CopyFrom(HttpHeaders(headers=fields))
        order.append(headers)
        chunks = rng.randrange(4)
        for at in range(chunks):
            body = ProcessingRequest()
            part = HttpBody(body=rng.choice(BODIES), end_of_stream=at == chunks - 1)
            getattr(body, f"{way}_body").CopyFrom(part)
            order.append(body)
    if rng.random() < 0.5:
        order.insert(rng.randrange(len(order) + 1), random_message(rng))
    if rng.random() < 0.2:
        rng.shuffle(order)
    return order


def play(session: Session, order: list[ProcessingRequest], seen: Counter[str]) -> None:
    answered_by_us = False
    for message in order:
        asked = message.WhichOneof("request")
        try:
            answer = session.receive(message.SerializeToString())
        except PeerProtocolError:
            assert not session.finished
            seen["refused"] += 1
            break
        if answer is None:
            assert answered_by_us or asked is None or asked.endswith("body"), asked
            seen["silent"] += 1
            continue
        assert not answered_by_us
        *before, last = (answer,) if isinstance(answer, bytes) else answer
        kind = ProcessingResponse.FromString(last).WhichOneof("response")
        assert kind in (asked, "immediate_response")
        answered_by_us = kind == "immediate_response"
        for each in before:
            body = ProcessingResponse.FromString(each).WhichOneof("response")
            assert body == str(asked).replace("trailers", "body")
        seen["answered"] += 1
    seen["finished"] += session.finished
    report = session.ended(clean=True)
    assert report.messages >= 0


@pytest.mark.parametrize(
    "orders", [3_000, pytest.param(50_000, marks=[pytest.mark.full, pytest.mark.long])], ids=str
)
@pytest.mark.slow
def test_random_orders_are_answered_in_kind_or_refused(orders: int) -> None:
    seen: Counter[str] = Counter()
    for number in range(orders):
        rng = random.Random(number)
        made = factory(POLICIES[number % len(POLICIES)], limits=LIMITS)
        session = made.open()
        order = (
            likely_order(rng)
            if number % 2
            else [random_message(rng) for _ in range(rng.randrange(1, 9))]
        )
        if rng.random() < 0.8:
            modes = ProtocolConfiguration(
                request_body_mode=rng.choice([0, 1, 2, 3, 4, 5]),
                response_body_mode=rng.choice([0, 1, 2, 3, 4, 5]),
                send_body_without_waiting_for_header_response=rng.random() < 0.1,
            )
            order[0].protocol_config.CopyFrom(modes)
        play(session, order, seen)
    assert min(seen["answered"], seen["refused"], seen["silent"], seen["finished"]) > 100
    print(dict(seen))
