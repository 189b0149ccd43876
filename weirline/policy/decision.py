"""What a policy decided for one message: which spans to mask, whether to block, who said so."""

from __future__ import annotations

from dataclasses import dataclass, field

from weirline.detect.finding import Finding


@dataclass(frozen=True, slots=True)
class Mask:
    """How to mask one value: the first and last characters that stay readable."""

    keep_first: int = 0
    keep_last: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """The answer that takes the place of a blocked message.

    `status` is 400 to 599. `body` is sent as is; the default says nothing about the finding.
    """

    status: int = 403
    body: bytes = b'{"error":"blocked by data policy"}\n'
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Redaction:
    """One span to mask, and how."""

    finding: Finding
    mask: Mask


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
    """The outcome for one piece of text: what to mask, whether to block, what to count."""

    redactions: tuple[Redaction, ...] = ()
    block: Block | None = None
    rulings: tuple[Ruling, ...] = field(default=())
