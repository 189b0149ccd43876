"""The compiled reader against the library: never another event, and none for what is no message."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extproc.envoy_api.messages import ProcessingRequest
from extproc.envoy_api.plain_request import NO_MODES, PlainRequest, never_plain
from extproc.translate import (
    UnsupportedMode,
    parse,
    plain_configured,
    plain_event,
    read_configured,
    read_event,
)
from loadtest.stored_exchange import exchange_messages
from tests.conftest import seed_of_values
from tests.extproc.envoy_api.message_strategy import messages
from tests.fakes.fast_transport import FULL, ensure_built
from tests.system.recorded.mutate import MUTATIONS
from tests.system.recorded.recording import WIRINGS, recording
from weirline.errors import PeerProtocolError
from weirline.flow.events import Body, Event, Headers

MUTATED = 50_000
LEAST_PLAIN_SHARE = 0.1


def read_plain(raw: bytes) -> PlainRequest | None:
    ensure_built()
    from extproc.envoy_api._request_reader import read_request

    return read_request(raw)


def _told(event: Event | None) -> tuple[object, ...]:
    assert event is not None
    if isinstance(event, Headers):
        return (event.direction, list(event.headers), event.end_of_stream)
    if isinstance(event, Body):
        return (event.direction, event.body, event.end_of_stream)
    return (event.direction, list(event.trailers))


def _compare(raw: bytes) -> bool:
    """Whether `raw` is plain; if so, both ways must have told the same."""
    plain = read_plain(raw)
    if plain is None:
        return False
    try:
        message = parse(raw)
    except PeerProtocolError:
        assert plain[4], "only attributes, which are not looked into, may be broken"
        return True
    event = plain_event(plain, raw)
    by_library = read_event(message)
    assert type(event) is type(by_library)
    assert _told(event) == _told(by_library)
    assert by_library is not None
    for name in {*event.attributes, *by_library.attributes}:
        assert event.attributes.get(name) == by_library.attributes.get(name)
    assert not message.observability_mode
    try:
        configured = read_configured(message)
    except UnsupportedMode:
        with pytest.raises(UnsupportedMode):
            plain_configured(plain[3])
    else:
        assert plain_configured(plain[3]) == configured
    return True


def test_without_the_compiled_reader_no_message_is_plain() -> None:
    read: Callable[[bytes], object] = never_plain
    assert read(exchange_messages(b"{}")[0]) is None


@FULL
def test_what_envoy_sends_all_day_is_plain_and_told_the_same() -> None:
    for raw in exchange_messages(b"x" * 1000):
        assert _compare(raw)
    for wiring in WIRINGS:
        streams = recording(wiring)
        plain = [_compare(raw) for stream in streams.values() for raw in stream]
        assert all(plain)


@FULL
def test_mutated_messages_are_told_the_same_or_left_to_the_library() -> None:
    rng = random.Random(f"{seed_of_values()}:plain requests")
    recorded = [
        raw
        for wiring in WIRINGS
        for name, stream in recording(wiring).items()
        if name != "large"
        for raw in stream
    ]
    plain = 0
    for _ in range(MUTATED):
        raw = rng.choice(MUTATIONS)(rng.choice(recorded), rng, recorded)
        plain += _compare(raw)
    print(f"{MUTATED} mutated messages, {plain} plain")
    assert plain >= LEAST_PLAIN_SHARE * MUTATED


@FULL
@given(messages(ProcessingRequest.DESCRIPTOR))  # type: ignore[arg-type]  # upb's own class
def test_any_message_is_told_the_same_or_left_to_the_library(message: object) -> None:
    assert isinstance(message, ProcessingRequest)
    _compare(message.SerializeToString())


@FULL
@given(st.binary(max_size=60))
def test_any_bytes_are_told_the_same_or_left_to_the_library(raw: bytes) -> None:
    _compare(raw)


@FULL
@pytest.mark.parametrize(
    "message",
    [
        ProcessingRequest(),
        ProcessingRequest(observability_mode=True),
        parse(b"\x12\x00\x12\x00"),
        parse(b"\x12\x0a\x0a\x08\x0a\x06\x0a\x01x\x12\x01y"),
    ],
    ids=["nothing", "watched", "an arm twice", "a value as text"],
)
def test_what_is_not_plain_is_left_to_the_library(message: ProcessingRequest) -> None:
    raw = message.SerializeToString()
    twice = raw + b"\x12\x00" if raw.startswith(b"\x12\x00") else raw
    assert read_plain(twice) is None


@FULL
def test_name_outside_ascii_is_left_to_the_library_and_bytes_in_values_are_kept() -> None:
    twice = b"\x12\x0d\x0a\x0b\x0a\x09\x0a\x02\xf4x\x0a\x01x\x1a\x00"
    assert read_plain(twice) is None
    assert read_plain(twice.replace(b"\xf4", b"y")) == (2, False, [(b"x", b"")], NO_MODES, False)
    assert read_plain(b"\x12\x0b\x0a\x09\x0a\x07\x0a\x02\xc3\xa9\x1a\x01y") is None
    plain = read_plain(b"\x12\x09\x0a\x07\x0a\x05\x0a\x01x\x1a\x00")
    assert plain == (2, False, [(b"x", b"")], NO_MODES, False)
    plain = read_plain(b"\x12\x0a\x0a\x08\x0a\x06\x0a\x01x\x1a\x01\xff")
    assert plain == (2, False, [(b"x", b"\xff")], NO_MODES, False)


@FULL
def test_reader_takes_bytes_and_nothing_else() -> None:
    ensure_built()
    from extproc.envoy_api._request_reader import read_request

    with pytest.raises(TypeError):
        read_request("text")  # type: ignore[arg-type]  # that is the test
