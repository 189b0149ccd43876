"""Chooses how a body is to be handed over, before any of it has come.

The choice must be right at once: Envoy buffers by the mode in force, and a body that overflows its
buffer is a 500 or a request that hangs. So a body is asked for whole only where its length is known
to fit; it is streamed where it is longer or unknown; and nothing is asked for where nothing could
be done with it. Where trailers can follow, a held tail would have no place to go (STREAMED marks no
last chunk before trailers), so such bodies are not scanned, and counted.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from weirline.flow.events import BodyMode
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
    """The mode to ask for; why the body passes unseen; what keeps it from passing at all."""

    mode: BodyMode
    unscanned: Unscanned | None = None
    hindrance: Hindrance | None = None


_NOTHING = BodyChoice(BodyMode.NONE)
_WHOLE = BodyChoice(BodyMode.BUFFERED)
_CHUNKS = BodyChoice(BodyMode.STREAMED)


def choose_body(
    message: MessageFacts, *, over: BodyOver, unscannable_blocks: bool, envoy_buffer_bytes: int
) -> BodyChoice:
    """Choose for a message in scope whose headers say that a body follows."""
    if message.upgrade:
        return _unscannable(Unscanned.UPGRADE, blocks=unscannable_blocks)
    if message.announces_trailers:
        return _unscannable(Unscanned.TRAILERS, blocks=unscannable_blocks)
    if message.encoded:
        return _unscannable(Unscanned.ENCODING, blocks=unscannable_blocks)
    if message.content_type.startswith(_MEDIA) and not message.content_type.endswith(_TEXT):
        return BodyChoice(BodyMode.NONE, Unscanned.MEDIA)
    length = message.content_length
    if length is None:
        return _CHUNKS
    if length == 0:
        return _NOTHING
    if length > over.limit:
        return _over(over)
    return _WHOLE if length <= envoy_buffer_bytes else _CHUNKS


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
