"""A header that tells the service behind us what was found; never what stood there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MOST_KINDS = 20  # named in one header


@dataclass(frozen=True, slots=True)
class Tag:
    """A header's name, lower case, and its text with `{kinds}` and `{rule}` to be filled in."""

    name: bytes
    text: str

    def fill(self, rule: str, kinds: Iterable[str]) -> tuple[bytes, bytes]:
        """Return the header field for what `rule` found."""
        named = ",".join(sorted(set(kinds))[:MOST_KINDS])
        text = self.text.replace("{kinds}", named).replace("{rule}", rule)
        return self.name, text.encode("ascii", "replace")
