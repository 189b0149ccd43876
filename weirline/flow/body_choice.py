"""Chooses how a body is to be handed over, before any of it has come.

The choice must be right at once: Envoy buffers by the mode in force, and a body that overflows its
buffer is a 500 or a request that hangs. So a body is asked for whole only where its length is known
to fit; it is streamed where it is longer or unknown; and nothing is asked for where nothing could
be done with it. STREAMED marks no last chunk before trailers and takes no answer unasked, so where
trailers can follow, where the end of a packed stream is owed, or where events must not wait for
each other, FULL_DUPLEX is taken. Frames that say their length leave nothing held at their end, so
gRPC is streamed: in FULL_DUPLEX by override Envoy (1.40) waits for ever where trailers without a
body came before our answer.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from weirline.body.body_format import BodyFormat, format_of
from weirline.body.encoding import Coding, codings_of
from weirline.flow.events import BodyMode
from weirline.flow.limits import Tunnels
from weirline.flow.message_facts import MessageFacts
from weirline.flow.report import Unscanned
from weirline.policy.defaults import BodyOver
from weirline.policy.policy import BodyOverDo

_MEDIA = ("image/", "audio/", "video/", "font/")
_TEXT = ("+xml", "+json")  # RFC 6838 section 4.2.8: text, whatever it depicts


class Hindrance(enum.Enum):
    """Why the message itself must be answered by us."""

    TOO_LARGE = "too_large"
    UNSCANNABLE = "unscannable"


@dataclass(frozen=True, slots=True)
class BodyChoice:
    """The mode to ask for; why the body passes unseen; what keeps it from passing at all.

    `codings` and `format` say how its text is wrapped, `message_codings` how each message of a
    framed body may be; None is a coding that is not known.
    """

    mode: BodyMode
    unscanned: Unscanned | None = None
    hindrance: Hindrance | None = None
    codings: tuple[Coding, ...] = ()
    format: BodyFormat = BodyFormat.TEXT
    message_codings: tuple[Coding, ...] | None = ()


_NOTHING = BodyChoice(BodyMode.NONE)
_WHOLE = BodyChoice(BodyMode.BUFFERED)
_CHUNKS = BodyChoice(BodyMode.STREAMED)
_WEBSOCKET = BodyChoice(BodyMode.STREAMED, format=BodyFormat.WEBSOCKET)
_PLAIN = BodyFormat.TEXT


def choose_body(
    message: MessageFacts,
    *,
    over: BodyOver,
    unscannable_blocks: bool,
    envoy_buffer_bytes: int,
    tunnels: Tunnels = Tunnels.UNREAD,
) -> BodyChoice:
    """Choose for a message in scope whose headers say that a body follows."""
    if message.upgrade:
        if message.websocket and tunnels is Tunnels.WEBSOCKET:
            return _WEBSOCKET
        return _unscannable(Unscanned.UPGRADE, blocks=unscannable_blocks)
    codings: tuple[Coding, ...] = ()
    if message.encoding:
        known = codings_of(message.encoding)
        if known is None:
            return _unscannable(Unscanned.ENCODING, blocks=unscannable_blocks)
        codings = known
    if message.content_type.startswith(_MEDIA) and not message.content_type.endswith(_TEXT):
        return BodyChoice(BodyMode.NONE, Unscanned.MEDIA)
    length = message.content_length
    if length == 0:
        return _NOTHING
    if length is not None and length > over.limit:
        choice = _over(over)
        if choice.mode is BodyMode.NONE:
            return choice
    fits = length is not None and length <= min(envoy_buffer_bytes, over.limit)
    format_ = format_of(message.content_type)
    if codings and format_.framed:
        format_ = _PLAIN  # frames have a coding of their own, and nobody speaks this
    if format_ is _PLAIN and not codings and not message.announces_trailers:
        return _WHOLE if fits else _CHUNKS
    whole = fits and not format_.streams
    stream = BodyMode.STREAMED if format_.framed else BodyMode.FULL_DUPLEX
    return BodyChoice(
        BodyMode.BUFFERED if whole else stream,
        codings=codings,
        format=format_,
        message_codings=codings_of(message.message_encoding),
    )


def _over(over: BodyOver) -> BodyChoice:
    match over.do:
        case BodyOverDo.BLOCK:
            return BodyChoice(BodyMode.NONE, Unscanned.BODY_OVER, Hindrance.TOO_LARGE)
        case BodyOverDo.PASS:
            return BodyChoice(BodyMode.NONE, Unscanned.BODY_OVER)
        case BodyOverDo.SCAN_START_AND_TAG:
            return _CHUNKS


def _unscannable(reason: Unscanned, *, blocks: bool) -> BodyChoice:
    return BodyChoice(BodyMode.NONE, reason, Hindrance.UNSCANNABLE if blocks else None)
