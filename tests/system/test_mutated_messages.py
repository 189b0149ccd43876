"""Broken and hostile ext_proc messages against the session: nothing may escape but a clean error.

Streams recorded from a real Envoy are replayed into sessions, from some message on mutated. A
session may answer, stay silent or raise PeerProtocolError; anything else, and memory that grows,
is a fault.
"""

from __future__ import annotations

import functools
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from google.protobuf.message import DecodeError

from extproc.envoy_api.messages import ProcessingRequest, ProcessingResponse
from extproc.envoy_api.plain_request import read_plain
from extproc.exchange import Answer
from extproc.session import Session, SessionFactory
from tests.conftest import seed_of_values
from tests.system.recorded.mutate import MUTATIONS
from tests.system.recorded.recording import WIRINGS, recording
from weirline.errors import PeerProtocolError
from weirline.flow.limits import Limits
from weirline.policy.evaluate import compile_policy
from weirline.policy.parse import parse_policy
from weirline.rulepack.compiled_chain import build_chain
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner

# Big bodies come and go, so it is the floor of the resident set that must not rise: the least of
# the samples in the second fifth against that in the last.
SAMPLES = 50
FIFTH = SAMPLES // 5
GROWTH_BYTES = 2 << 20
# Of a body of 3 MiB all copies are alike and slow: one stream in so many is enough.
LARGE_STREAM_SHARE = 0.004
UNTOUCHED_SHARE = 0.4
ACTIONS = ("{redact: {mask: {}}}", "{block: {status: 403}}", "observe")
POLICY = """
apiVersion: weirline/v1
kind: Policy
metadata: {name: mutated}
mode: enforce
rules:
- id: in
  when: {direction: request}
  find: {category: [payment, identity, contact, secrets]}
  do: [ACTION]
- id: out
  when: {direction: response}
  find: {category: [payment, identity, contact, secrets]}
  do: [ACTION]
"""


@dataclass(slots=True)
class Tally:
    """What became of the mutated messages, in all and by mutation."""

    sent: Counter[str] = field(default_factory=Counter)
    parsed: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    refused: int = 0

    def __str__(self) -> str:
        total = self.sent.total()
        lines = [
            f"{total} mutated messages: {self.parsed.total()} still parse,"
            f" {self.changed.total()} change the flow's state,"
            f" {self.answered} answered, {self.refused} refused"
        ]
        lines += [
            f"  {name:18}{count:7} sent{self.parsed[name]:7} parse{self.changed[name]:7} change"
            for name, count in sorted(self.sent.items())
        ]
        return "\n".join(lines)


@pytest.mark.parametrize(
    "messages",
    [pytest.param(4_000, marks=pytest.mark.slow), pytest.param(50_000, marks=pytest.mark.full)],
)
def test_mutated_messages_raise_nothing_but_peer_protocol_error(messages: int) -> None:
    seed = f"{seed_of_values()}:{messages} mutated messages"
    rng = random.Random(seed)
    plays = endless_plays(rng)
    tally = Tally()
    samples: list[int] = []
    while tally.sent.total() < messages:
        play(*next(plays), rng, tally)
        if tally.sent.total() >= len(samples) * messages // SAMPLES:
            samples.append(resident_bytes())
    growth = min(samples[-FIFTH:]) - min(samples[FIFTH : 2 * FIFTH])
    print(f"seed {seed!r}\n{tally}\n  resident set, floor: {growth >> 10:+d} KiB")
    assert tally.parsed.total() >= messages // 2
    assert tally.changed.total() >= messages // 4
    assert set(tally.sent) == {mutation.__name__ for mutation in MUTATIONS}
    assert growth < GROWTH_BYTES


@pytest.mark.slow
@pytest.mark.parametrize("wiring", WIRINGS)
def test_recorded_streams_unchanged_are_all_answered_and_end_well(wiring: str) -> None:
    for name, stream in answered_by_us(wiring).items():
        session = factories(wiring)[0].open()
        answers = [session.receive(raw) for raw in stream]
        assert None not in answers, name
        assert session.finished, name


@functools.cache
def answered_by_us(wiring: str) -> dict[str, list[bytes]]:
    """Traffic of a real Envoy that a session answered: it saw the bodies and changed nothing."""
    observing = factories(wiring)[-1]
    return recording(wiring, lambda: observing.open().receive)


@functools.cache
def shipped_scanner() -> TextScanner:
    chain = build_chain(shipped_detectors(), max_findings=10_000)
    return TextScanner(chain)


@functools.cache
def factories(wiring: str) -> tuple[SessionFactory, ...]:
    """The product's own sessions with the pack that ships, one factory for each of ACTIONS."""
    detectors = shipped_detectors()
    scanner = shipped_scanner()
    return tuple(
        SessionFactory(
            compile_policy(
                parse_policy(POLICY.replace("ACTION", action), "mutated.yaml", detectors), detectors
            ),
            scanner,
            limits=Limits(),
            wiring=wiring,
            pool_threshold_bytes=256 << 10,
        )
        for action in ACTIONS
    )


def endless_plays(rng: random.Random) -> Iterator[tuple[SessionFactory, list[bytes], list[bytes]]]:
    """Streams to replay, each with a session factory and the messages that others were sent."""
    recorded = {wiring: answered_by_us(wiring) for wiring in WIRINGS}
    small = {
        wiring: [stream for name, stream in streams.items() if name != "large"]
        for wiring, streams in recorded.items()
    }
    others = [raw for streams in small.values() for stream in streams for raw in stream]
    while True:
        wiring = rng.choice(WIRINGS)
        stream = rng.choice(small[wiring])
        if rng.random() < LARGE_STREAM_SHARE:
            stream = recorded[wiring]["large"]
        yield rng.choice(factories(wiring)), stream, others


def play(
    made_by: SessionFactory,
    stream: list[bytes],
    others: list[bytes],
    rng: random.Random,
    tally: Tally,
) -> None:
    """Replay a stream, some messages mutated, until it ends or is refused; then close it."""
    session = made_by.open()
    for raw in stream:
        if rng.random() < UNTOUCHED_SHARE:
            mutated, name = raw, ""
        else:
            mutation = rng.choice(MUTATIONS)
            mutated, name = mutation(raw, rng, others), mutation.__name__
        if mutated == raw:
            name = ""
        if not send(session, mutated, name, tally):
            break
    session.ended(clean=rng.random() < 0.5)


def send(session: Session, raw: bytes, mutation: str, tally: Tally) -> bool:
    """Give one message to the session and count it; False where the session refused it."""
    parsed = parse(raw)
    before = state_of(session)
    try:
        answer = session.receive(raw)
    except PeerProtocolError:
        tally.refused += 1 if mutation else 0
        accepted = False
    else:
        check_answer(kind_of(parsed, raw), answer)
        accepted = True
        tally.answered += 1 if mutation and answer is not None else 0
    if mutation:
        tally.sent[mutation] += 1
        tally.parsed[mutation] += parsed is not None
        tally.changed[mutation] += accepted and state_of(session) != before
    return accepted


def kind_of(parsed: ProcessingRequest | None, raw: bytes) -> str | None:
    """What an accepted message reports, by the library or, where it refuses it, by our reader.

    The reader does not look into attributes, so it takes messages in which only those are broken.
    """
    if parsed is not None:
        return parsed.WhichOneof("request")
    plain = read_plain(raw)
    assert plain is not None
    assert plain[-1], "only attributes may be broken"
    return str(ProcessingRequest.DESCRIPTOR.fields_by_number[plain[0]].name)


def check_answer(asked: str | None, answer: Answer) -> None:
    """An answer is of the kind that was asked, or the last word to the client.

    Before an answer to trailers stands what was held of the body.
    """
    if answer is None:
        return
    *before, last = (answer,) if isinstance(answer, bytes) else answer
    assert ProcessingResponse.FromString(last).WhichOneof("response") in (
        asked,
        "immediate_response",
    )
    kinds = {ProcessingResponse.FromString(each).WhichOneof("response") for each in before}
    assert kinds <= {asked, str(asked).replace("trailers", "body")}


def parse(raw: bytes) -> ProcessingRequest | None:
    try:
        return ProcessingRequest.FromString(raw)
    except DecodeError:
        return None


def state_of(session: Session) -> tuple[object, ...]:
    """Where both directions of a session stand; its counts are no part of it."""
    flow = session._flow
    if flow is None:
        return ()
    return (
        flow._over,
        *(
            part
            for message in (flow._request, flow._response)
            for part in (message.state, message.in_force, message.asked, message.seen)
        ),
    )


def resident_bytes() -> int:
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * 4096
