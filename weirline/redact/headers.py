"""Which header and trailer fields must change because a body is changed, or may be.

A mask keeps the length, so content-length stays true. What says something about the bytes does not:
digests are removed, a strong ETag is weakened where the body was seen before the headers left, and
removed where they leave first. A signature over the body is broken by any change; it is left in
place, so that the receiver notices, and named, so that the caller can count it. Fields that steer
routing (host, pseudo-header fields, x-envoy-*) are never touched.
Source: RFC 9110 sections 8.8.3, 12.5.3, 14.2; RFC 1864, 9421, 9530; AWS Signature Version 4.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from weirline.body.encoding import narrowed

Field = tuple[bytes, bytes]

_DIGESTS = frozenset((b"digest", b"content-digest", b"repr-digest", b"content-md5"))
PARTIAL_ASKS = frozenset((b"accept-encoding", b"range", b"if-range"))
_MESSAGE_SIGNATURES = frozenset((b"signature", b"signature-input"))
_PAYLOAD_HASHES = frozenset((b"x-amz-content-sha256",))
_WEBHOOK_SIGNATURES = frozenset(
    (
        b"x-hub-signature",
        b"x-hub-signature-256",
        b"stripe-signature",
        b"x-slack-signature",
        b"x-shopify-hmac-sha256",
        b"x-twilio-signature",
        b"webhook-signature",
    )
)
VALIDATORS = _DIGESTS | {b"etag"}  # what `edit_for_body` may change
# Where `broken_signature` looks.
SIGNATURES = _MESSAGE_SIGNATURES | _PAYLOAD_HASHES | _WEBHOOK_SIGNATURES | {b"authorization"}
_AWS_SCHEMES = (b"aws4-hmac-sha256", b"aws4-ecdsa-p256-sha256")
_FORBIDDEN = bytes.maketrans(b"\r\n\x00", b"   ")


class BodyFate(enum.Enum):
    """What is known of a body's change when its headers are answered."""

    CHANGED = "changed"  # seen whole and masked; its headers are still here
    MAY_CHANGE = "may_change"  # its headers leave before it is seen


class BrokenSignature(enum.StrEnum):
    """A signature over the body that a mask makes false."""

    HTTP_MESSAGE = "http_message"  # RFC 9421
    AWS_SIGV4 = "aws_sigv4"
    WEBHOOK = "webhook"  # a provider's HMAC field


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """Fields to remove, then fields to set, each replacing all of its name."""

    remove: tuple[bytes, ...] = ()
    set: tuple[Field, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to change."""
        return bool(self.remove or self.set)


def edit_for_body(fields: Sequence[Field], fate: BodyFate) -> FieldEdit:
    """Return what must change in the headers of a message whose body is changed, or may be.

    The same for requests and responses; names are expected in lower case, as Envoy sends them.
    """
    remove: dict[bytes, None] = {}
    setting: list[Field] = []
    for name, value in fields:
        if name in _DIGESTS:
            remove[name] = None
        elif name == b"etag":
            tag = value.strip()
            if fate is BodyFate.MAY_CHANGE:
                remove[name] = None
            elif not tag.startswith(b"W/"):
                setting.append((name, b"W/" + clean_value(tag)))
    return FieldEdit(tuple(remove), tuple(setting))


def edit_trailers(fields: Sequence[Field]) -> FieldEdit:
    """Return what must change in trailers of a message whose body is changed, or may be."""
    return edit_for_body(fields, BodyFate.MAY_CHANGE)


def edit_for_protected_response(fields: Sequence[Field]) -> FieldEdit:
    """Return what must change in a request whose response may be masked.

    It must come whole, as a value cut by a range would be seen by halves, and in codings that can
    be undone here.
    """
    accepted = b", ".join(value for name, value in fields if name == b"accept-encoding")
    kept = narrowed(accepted) if accepted else accepted
    setting = () if kept is accepted else ((b"accept-encoding", clean_value(kept)),)
    asks = (name for name, _ in fields if name in PARTIAL_ASKS and name != b"accept-encoding")
    return FieldEdit(tuple(dict.fromkeys(asks)), setting)


def broken_signature(fields: Sequence[Field]) -> BrokenSignature | None:
    """Return which signature over the body these headers carry, if any."""
    for name, value in fields:
        if name in _MESSAGE_SIGNATURES:
            return BrokenSignature.HTTP_MESSAGE
        if name in _PAYLOAD_HASHES:
            return BrokenSignature.AWS_SIGV4
        if name == b"authorization" and value.lstrip().lower().startswith(_AWS_SCHEMES):
            return BrokenSignature.AWS_SIGV4
        if name in _WEBHOOK_SIGNATURES:
            return BrokenSignature.WEBHOOK
    return None


def may_set(name: bytes) -> bool:
    """Say whether a field may be set by us: not those that steer routing, save `:path`."""
    if name.startswith(b":"):
        return name == b":path"
    return name != b"host" and not name.startswith(b"x-envoy-")


def clean_value(value: bytes) -> bytes:
    """Return a field value with CR, LF and NUL as spaces, of the same length (RFC 9110 5.5)."""
    return value.translate(_FORBIDDEN)
