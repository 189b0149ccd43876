"""Selectors as they are written: which exchanges a rule looks at.

Fields of one selector must all hold, values of one list are alternatives. Nothing here knows how a
selector is matched (`condition` does) or whether it makes sense (`check` does).
"""

from __future__ import annotations

from typing import Annotated, Literal

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

Namespace = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=253,
        description="Namespace of the workload: `/ns/N/` of its SPIFFE id.",
        examples=["payments"],
    ),
]
Service = Annotated[
    str,
    msgspec.Meta(
        min_length=3,
        max_length=253,
        description="Service account and namespace of its SPIFFE id, `name.namespace`.",
        examples=["analytics.data"],
    ),
]
SpiffeId = Annotated[
    str,
    msgspec.Meta(
        min_length=10,
        max_length=2048,
        description="SPIFFE id; `*` is one whole segment, `**` at the end the rest.",
        examples=["spiffe://prod/ns/billing/sa/*"],
    ),
]
Address = Annotated[
    str,
    msgspec.Meta(
        min_length=2,
        max_length=64,
        description="An address, or a range as CIDR.",
        examples=["10.0.0.0/8", "2001:db8::/32"],
    ),
]
FieldName = Annotated[
    str,
    msgspec.Meta(min_length=1, max_length=255, description="Name of a claim, header, parameter."),
]
Wanted = Annotated[
    str,
    msgspec.Meta(
        min_length=1, max_length=1024, description="The whole value; `*` alone is any value."
    ),
]
Fields = dict[FieldName, Wanted | tuple[Wanted, ...]]


class Party(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One end of an exchange; every field given must hold, and of a list one value is enough.

    `outside: mesh` is an end without a SPIFFE id that Envoy verified.
    """

    spiffe: SpiffeId | tuple[SpiffeId, ...] | None = None
    namespace: Namespace | tuple[Namespace, ...] | None = None
    service: Service | tuple[Service, ...] | None = None
    outside: Literal["mesh"] | None = None


class Selector(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which messages: every field given must hold, and of a list one value is enough.

    A field that is not given holds always. `direction` is the message examined; `host`, `path` and
    `method` are those of the request, also where its response is examined, and so are `caller` (who
    sent the request), `callee` (who answers it), `address`, `query`, `header` and `claim`.
    """

    direction: Direction | None = None
    host: Host | tuple[Host, ...] | None = None
    path: Path | tuple[Path, ...] | None = None
    method: Method | tuple[Method, ...] | None = None
    content_type: ContentType | tuple[ContentType, ...] | None = None
    caller: Party | None = None
    callee: Party | None = None
    address: Address | tuple[Address, ...] | None = None
    query: Fields | None = None
    header: Fields | None = None
    claim: Fields | None = None


class Condition(Selector, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A selector written in place; `all` and `any` join further ones, named or in place.

    Everything given in one condition must hold: its own fields, all of `all`, one of `any`.
    """

    all: tuple[str | Condition, ...] | None = None
    any: tuple[str | Condition, ...] | None = None


def alternatives(value: str | tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return the values of a field as written, one or many; None where the field is not given."""
    return (value,) if isinstance(value, str) else value
