"""What a request must meet, compiled: one of its values, and what that must be.

«May this user have this resource» is a comparison of two values of the request: a segment of its
path and a claim of its token. A claim counts only where the token was verified, and the value must
be right in every reading of the request, so that no spelling of a path gets around it.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from weirline.policy.facts import Facts
from weirline.policy.path_template import BadTemplateError, resolve_path, split_template
from weirline.policy.policy import Require
from weirline.policy.selector import Condition, Selector, alternatives
from weirline.policy.who import NOBODY, Who
from weirline.policy.who_atom import header_values, query_values


class Source(enum.Enum):
    """Where the value that is compared stands."""

    PATH = "path_param"
    QUERY = "query_param"
    HEADER = "header"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class ParamPlace:
    """A template as segments (`*` any one, `**` the rest) and which of them is the parameter."""

    segments: tuple[str, ...]
    position: int

    def value(self, path: str) -> str | None:
        """Return the parameter in `path`; None where the template does not match."""
        given = path[1:].split("/") if path.startswith("/") else []
        rest = self.segments[-1:] == ("**",)
        fixed = self.segments[:-1] if rest else self.segments
        if len(given) < len(fixed) or (len(given) > len(fixed) and not rest):
            return None
        for wanted, segment in zip(fixed, given, strict=False):
            if wanted not in ("*", segment):
                return None
        return given[self.position]


@dataclass(frozen=True, slots=True)
class CompiledRequire:
    """Says whether a request meets it. `claim` is empty where `values` are what is wanted."""

    source: Source
    name: str
    places: tuple[ParamPlace, ...]
    claim: str
    values: frozenset[str]

    def holds(self, facts: Facts) -> bool:
        """Say whether the value is there and right, in every reading of the request."""
        who = facts.who or NOBODY
        given = self._given(facts, who)
        wanted = self._wanted(who)
        return bool(given) and all(value in wanted for value in given)

    def _wanted(self, who: Who) -> frozenset[str]:
        if not self.claim:
            return self.values
        return frozenset(who.claims.get(self.claim, ())) if who.verified else frozenset()

    def _given(self, facts: Facts, who: Who) -> tuple[str, ...]:
        match self.source:
            case Source.PATH:
                return tuple(self._in_path(facts.path))
            case Source.QUERY:
                return query_values(who.query).get(self.name, ())
            case Source.HEADER:
                return header_values(who.headers).get(self.name.lower(), ())
            case Source.CLAIM:
                return who.claims.get(self.name, ()) if who.verified else ()

    def _in_path(self, path: str) -> Iterator[str]:
        """The values in all readings of the path; an empty one where a reading has none."""
        for reading in dict.fromkeys((path.rstrip("/") or "/", resolve_path(path))):
            found = [value for place in self.places if (value := place.value(reading)) is not None]
            yield from found or ("",)


def compile_require(
    written: Require, when: str | Condition | None, selectors: Mapping[str, Selector]
) -> CompiledRequire:
    """Compile a checked requirement; `when` is where its rule's path templates stand."""
    source = next(one for one in Source if getattr(written, one.value) is not None)
    name = str(getattr(written, source.value))
    return CompiledRequire(
        source=source,
        name=name,
        places=param_places(name, when, selectors) if source is Source.PATH else (),
        claim=written.equals_claim or "",
        values=frozenset(alternatives(written.equals) or ()),
    )


def param_places(
    name: str, when: str | Selector | None, selectors: Mapping[str, Selector]
) -> tuple[ParamPlace, ...]:
    """Return where `{name}` stands in the path templates that a condition names."""
    return tuple(
        place
        for template in _templates(when, selectors)
        if (place := _place(template, "{" + name + "}")) is not None
    )


def _place(template: str, parameter: str) -> ParamPlace | None:
    try:
        segments = split_template(template)
    except BadTemplateError:
        return None
    written = template[1:].split("/")
    return ParamPlace(tuple(segments), written.index(parameter)) if parameter in written else None


def _templates(when: str | Selector | None, selectors: Mapping[str, Selector]) -> Iterator[str]:
    written = selectors.get(when) if isinstance(when, str) else when
    if written is None:
        return
    yield from alternatives(written.path) or ()
    if isinstance(written, Condition):
        for part in (*(written.all or ()), *(written.any or ())):
            yield from _templates(part, selectors)
