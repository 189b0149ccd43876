"""What a policy decided for one message: which spans to mask, whether to block, who said so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from weirline.detect.finding import Finding

if TYPE_CHECKING:
    from weirline.policy.compiled_window import Sighting


@dataclass(frozen=True, slots=True)
class Mask:
    """How to mask one value: the first and last characters that stay readable."""

    keep_first: int = 0
    keep_last: int = 0


@dataclass(frozen=True, slots=True)
class Replace:
    """Put this text in a value's place."""

    text: bytes


@dataclass(frozen=True, slots=True)
class KeyedHash:
    """Put a hash in a value's place, as long as the value; `key` is 32 bytes."""

    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tokenise:
    """Put a stand-in of the same form in a value's place; `key` is 32 bytes."""

    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Remove:
    """Put nothing in a value's place."""


Operator = Mask | Replace | KeyedHash | Tokenise | Remove


@dataclass(frozen=True, slots=True)
class Block:
    """The answer that takes the place of a blocked message.

    `status` is 400 to 599. `body` is sent as is; the default says nothing about the finding.
    `grpc_status` is for clients that speak gRPC, `headers` are sent beside the content type.
    """

    status: int = 403
    body: bytes = b'{"error":"blocked by data policy"}\n'
    content_type: str = "application/json"
    grpc_status: int = 7
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Redaction:
    """One span to make unreadable, and how."""

    finding: Finding
    mask: Operator


@dataclass(frozen=True, slots=True)
class Ruling:
    """One finding with the action that applies to it: `observe`, `redact` or `block`.

    `shadow` is true where the action was decided and counted but must not be carried out.
    """

    finding: Finding
    action: str
    rule: str
    shadow: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome for one piece of text: what to mask, whether to block, what to count.

    `seen` is what it adds to windows.
    """

    redactions: tuple[Redaction, ...] = ()
    block: Block | None = None
    rulings: tuple[Ruling, ...] = field(default=())
    tags: tuple[tuple[bytes, bytes], ...] = ()
    seen: tuple[Sighting, ...] = ()
