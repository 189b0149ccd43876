"""What the demo calls a leak: one answer of an API that holds values it should not give out.

Planted leaks and leaks read from a file have the same shape, so everything after them is one path.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Leak:
    """One leaking answer.

    `path` is the request target, query included. `values` are the sensitive values in `body`, as
    they are meant: a JSON body may hold them escaped. `cause` says how such a leak comes about,
    `title` what it looks like; both are empty where nobody said.
    """

    path: str
    content_type: str
    body: bytes
    values: tuple[bytes, ...]
    status: int = 200
    cause: str = ""
    title: str = ""

    @property
    def name(self) -> str:
        """Return what to call the leak: its cause and title, or else its path."""
        return f"{self.cause}: {self.title}" if self.cause else self.path
