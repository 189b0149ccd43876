"""Puts masks into a text: one new text of the same length, joined once.

Refuses spans that overlap or leave the text: findings come resolved, so either is a fault of ours,
and masking the wrong bytes would be worse than failing.
"""

from __future__ import annotations

from collections.abc import Sequence

from weirline.errors import FlowUsageError
from weirline.policy.decision import Redaction
from weirline.redact.mask import mask_value


def rewrite(text: bytes, redactions: Sequence[Redaction]) -> bytes:
    """Return `text` with every span masked; the same object where there is nothing to mask.

    Spans may come in any order but must not overlap, else FlowUsageError. Cost: one copy of the
    text, and a look at each masked value's bytes.
    """
    if not redactions:
        return text
    parts: list[bytes] = []
    position = 0
    for redaction in sorted(redactions, key=_start):
        start, end = redaction.finding.start, redaction.finding.end
        if start < position or end < start or end > len(text):
            raise FlowUsageError("spans to mask overlap or leave the text")
        parts.append(text[position:start])
        parts.append(mask_value(text, start, end, mask=redaction.mask))
        position = end
    parts.append(text[position:])
    return b"".join(parts)


def _start(redaction: Redaction) -> int:
    return redaction.finding.start
