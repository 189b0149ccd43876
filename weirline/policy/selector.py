"""Selectors as they are written: which exchanges a rule looks at.

Fields of one selector must all hold, values of one list are alternatives. Nothing here knows how a
selector is matched (`condition` does) or whether it makes sense (`check` does).
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from weirline.policy.facts import Direction

Host = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=253,
        description="Host name without port; `*.shop.example` is any host below shop.example.",
        examples=["api.shop.example", "*.shop.example"],
    ),
]
Path = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=2048,
        description=(
            "Path template without query: `{id}` or `*` is one segment, `**` at the end the rest."
        ),
        examples=["/v1/customers/{id}", "/internal/**"],
    ),
]
Method = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=32, description="HTTP method, upper case.", examples=["GET"]
    ),
]
ContentType = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=255,
        description="Media type without parameters; `text/*` is any subtype.",
        examples=["application/json", "text/*"],
    ),
]


class Selector(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which messages: every field given must hold, and of a list one value is enough.

    A field that is not given holds always. `direction` is the message examined; `host`, `path` and
    `method` are those of the request, also where its response is examined.
    """

    direction: Direction | None = None
    host: Host | tuple[Host, ...] | None = None
    path: Path | tuple[Path, ...] | None = None
    method: Method | tuple[Method, ...] | None = None
    content_type: ContentType | tuple[ContentType, ...] | None = None


class Condition(Selector, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A selector written in place; `all` and `any` join further ones, named or in place.

    Everything given in one condition must hold: its own fields, all of `all`, one of `any`.
    """

    all: tuple[str | Condition, ...] | None = None
    any: tuple[str | Condition, ...] | None = None


def alternatives(value: str | tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return the values of a field as written, one or many; None where the field is not given."""
    return (value,) if isinstance(value, str) else value
