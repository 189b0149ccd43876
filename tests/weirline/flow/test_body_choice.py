"""Which body mode is asked for, by what the headers say."""

from __future__ import annotations

import pytest

from weirline.body.body_format import BodyFormat
from weirline.body.encoding import Coding
from weirline.flow.body_choice import BodyChoice, Hindrance, choose_body
from weirline.flow.events import BodyMode, Header
from weirline.flow.limits import Tunnels
from weirline.flow.message_facts import read_message
from weirline.flow.report import Unscanned
from weirline.policy.defaults import BodyOver
from weirline.policy.policy import BodyOverDo

BUFFER = 1000
LIMIT = 5000


def choose(
    *fields: Header,
    do: BodyOverDo = BodyOverDo.SCAN_START_AND_TAG,
    blocks: bool = False,
    tunnels: Tunnels = Tunnels.UNREAD,
) -> BodyChoice:
    return choose_body(
        read_message(fields),
        over=BodyOver(LIMIT, do),
        unscannable_blocks=blocks,
        envoy_buffer_bytes=BUFFER,
        tunnels=tunnels,
    )


@pytest.mark.parametrize(
    ("length", "mode"),
    [
        (b"0", BodyMode.NONE),
        (b"1", BodyMode.BUFFERED),
        (b"1000", BodyMode.BUFFERED),
        (b"1001", BodyMode.STREAMED),
        (b"5000", BodyMode.STREAMED),
        (b"unknown", BodyMode.STREAMED),
    ],
)
def test_only_a_known_length_within_the_buffer_is_asked_for_whole(
    length: bytes, mode: BodyMode
) -> None:
    assert choose((b"content-length", length)) == BodyChoice(mode)


@pytest.mark.parametrize(
    ("do", "choice"),
    [
        (BodyOverDo.SCAN_START_AND_TAG, BodyChoice(BodyMode.STREAMED)),
        (BodyOverDo.PASS, BodyChoice(BodyMode.NONE, Unscanned.BODY_OVER)),
        (
            BodyOverDo.BLOCK,
            BodyChoice(BodyMode.NONE, Unscanned.BODY_OVER, Hindrance.TOO_LARGE),
        ),
    ],
)
def test_body_over_the_limit_goes_as_the_policy_says(do: BodyOverDo, choice: BodyChoice) -> None:
    assert choose((b"content-length", b"5001"), do=do) == choice


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ((b"content-encoding", b"gzip, dcb"), Unscanned.ENCODING),
        ((b"connection", b"upgrade"), Unscanned.UPGRADE),
    ],
)
def test_what_cannot_be_read_is_named_and_refused_on_demand(
    field: Header, reason: Unscanned
) -> None:
    assert choose(field) == BodyChoice(BodyMode.NONE, reason)
    refused = choose(field, blocks=True)
    assert refused == BodyChoice(BodyMode.NONE, reason, Hindrance.UNSCANNABLE)


@pytest.mark.parametrize(
    ("fields", "mode"),
    [
        ([(b"content-encoding", b"gzip")], BodyMode.FULL_DUPLEX),
        ([(b"content-encoding", b"gzip"), (b"content-length", b"9")], BodyMode.BUFFERED),
        ([(b"content-encoding", b"identity")], BodyMode.STREAMED),
        ([(b"trailer", b"x")], BodyMode.FULL_DUPLEX),
        ([(b"trailer", b"x"), (b"content-length", b"9")], BodyMode.BUFFERED),
        ([(b"content-type", b"application/grpc")], BodyMode.STREAMED),
        ([(b"content-type", b"application/connect+proto")], BodyMode.STREAMED),
        ([(b"content-type", b"text/event-stream")], BodyMode.FULL_DUPLEX),
        (
            [(b"content-type", b"text/event-stream"), (b"content-length", b"9")],
            BodyMode.FULL_DUPLEX,
        ),
    ],
)
def test_what_streaming_could_cut_is_asked_for_in_full_duplex(
    fields: list[Header], mode: BodyMode
) -> None:
    assert choose(*fields).mode is mode


def test_wrappings_are_named() -> None:
    fields = [(b"content-encoding", b"gzip, br"), (b"content-type", b"text/event-stream")]
    choice = choose(*fields)
    assert choice.codings == (Coding.GZIP, Coding.BR)
    assert choice.format is BodyFormat.EVENTS
    grpc = [(b"grpc-encoding", b"gzip"), (b"content-type", b"application/grpc")]
    assert choose(*grpc).message_codings == (Coding.GZIP,)
    assert choose((b"grpc-encoding", b"snappy"), grpc[1]).message_codings is None


def test_frames_in_a_coding_that_is_not_theirs_are_text() -> None:
    choice = choose((b"content-encoding", b"gzip"), (b"content-type", b"application/grpc"))
    assert choice == BodyChoice(BodyMode.FULL_DUPLEX, codings=(Coding.GZIP,))


def test_websocket_is_read_only_where_it_is_wanted() -> None:
    fields = [(b"connection", b"Upgrade"), (b"upgrade", b"WebSocket")]
    assert choose(*fields).unscanned is Unscanned.UPGRADE
    choice = choose(*fields, tunnels=Tunnels.WEBSOCKET)
    assert choice == BodyChoice(BodyMode.STREAMED, format=BodyFormat.WEBSOCKET)
    other = [(b"connection", b"Upgrade"), (b"upgrade", b"h2c")]
    assert choose(*other, tunnels=Tunnels.WEBSOCKET).unscanned is Unscanned.UPGRADE


@pytest.mark.parametrize("kind", [b"image/svg+xml", b"image/x+json"])
def test_pictures_written_as_text_are_text(kind: bytes) -> None:
    assert choose((b"content-type", kind)) == BodyChoice(BodyMode.STREAMED)


@pytest.mark.parametrize("kind", [b"image/png", b"video/mp4", b"audio/ogg", b"font/woff2"])
def test_media_pass_and_are_counted_even_where_the_unreadable_is_refused(kind: bytes) -> None:
    media = BodyChoice(BodyMode.NONE, Unscanned.MEDIA)
    assert choose((b"content-type", kind), blocks=True) == media
