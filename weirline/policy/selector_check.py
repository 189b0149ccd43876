"""Finds values of a selector that no message can ever have, one reason for each."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping

from weirline.policy.path_template import BadTemplateError, split_template
from weirline.policy.selector import Party, Selector, alternatives
from weirline.policy.who_atom import spiffe_path

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2
_HOST = re.compile(r"(?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/(?:\*|[A-Za-z0-9!#$&^_.+-]+)")


def selector_faults(selector: Selector) -> Iterator[tuple[str, int | None, str]]:
    """Yield field, position in its list (None where it is no list) and how to mend it."""
    for field, check in _CHECKS.items():
        written: str | tuple[str, ...] | None = getattr(selector, field)
        if written == ():
            yield field, None, "an empty list matches nothing: remove the field to match all"
        for index, value in enumerate(alternatives(written) or ()):
            mend = check(value)
            if mend is not None:
                yield field, None if isinstance(written, str) else index, mend
    for field in ("caller", "callee"):
        party: Party | None = getattr(selector, field)
        if party is not None:
            mend = party_fault(party)
            if mend is not None:
                yield field, None, mend
    for field in ("query", "header", "claim"):
        wanted: Mapping[str, object] | None = getattr(selector, field)
        if wanted is not None and (not wanted or () in wanted.values()):
            yield field, None, "an empty one matches nothing or everything: remove it"


def party_fault(party: Party) -> str | None:
    """Return what is wrong with one end, None where nothing is."""
    given = [name for name in party.__struct_fields__ if getattr(party, name) is not None]
    if not given:
        return "an empty one matches every end: remove the field"
    if () in (party.spiffe, party.namespace, party.service):
        return "an empty list matches nothing: remove the field to match all"
    if party.outside is not None and len(given) > 1:
        return "an end outside the mesh has no identity: remove `outside` or the rest"
    for pattern in alternatives(party.spiffe) or ():
        if not pattern.startswith("spiffe://") or _path(spiffe_path(pattern)) is not None:
            return "a SPIFFE id starts with spiffe://; `*` is a whole segment, `**` the rest"
    if any(name.count(".") != 1 for name in alternatives(party.service) or ()):
        return "a service is written as name.namespace"
    return None


def _address(value: str) -> str | None:
    try:
        ipaddress.ip_network(value)
    except ValueError:
        return "an address or a range without host bits, such as 10.0.0.0/8"
    return None


def _host(value: str) -> str | None:
    if _HOST.fullmatch(value):
        return None
    if ":" in value and "[" not in value:
        return "hosts are compared without port: leave out the colon and what follows"
    return "a host name, or `*.` and a host name for every host below it"


def _path(value: str) -> str | None:
    try:
        split_template(value)
    except BadTemplateError as error:
        return error.reason
    return None


def _method(value: str) -> str | None:
    if not _TOKEN.fullmatch(value):
        return "a method is one word, such as GET"
    return None if value == value.upper() else "methods are case-sensitive: write it in capitals"


def _content_type(value: str) -> str | None:
    if ";" in value:
        return "media types are compared without parameters: leave out the semicolon and the rest"
    if value == "*/*":
        return "remove the field to match every content type"
    return None if _MEDIA_TYPE.fullmatch(value) else "type/subtype, or `type/*`"


_CHECKS: dict[str, Callable[[str], str | None]] = {
    "host": _host,
    "path": _path,
    "method": _method,
    "content_type": _content_type,
    "address": _address,
}
