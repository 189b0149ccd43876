"""The parts of a HAR file: what went over the wire, each exchange by its number.

A part is named by the number of its entry, its method and the template of its path. A template
keeps only words that many APIs have in common; paths, queries and field names may hold values, so
they are scanned and never shown. A file that is no HAR is scanned as the text it is.
Source: HTTP Archive 1.2.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import msgspec

SUFFIX: Final = ".har"
_METHODS: Final = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_WORDS: Final = (
    "account accounts address addresses admin api app apps assets auth batch billing bulk "
    "card cards cart carts catalog categories chat checkout client clients collect comments "
    "complete completions config contact contacts content css customer customers data delete "
    "devices docs documents download events export feed file files fonts forgot-password "
    "graphql groups health home identity images img import inbox index invoices items jobs "
    "js json list locations login logout logs me members message messages metrics models "
    "notifications oauth oauth2 offers order orders organizations orgs pages password "
    "payment payments people permissions plans posts preferences prices product products "
    "profile profiles projects public query quotes records refunds register reports reset "
    "reset-password rest reviews roles rpc search session sessions settings shipping signin "
    "signup sso static status stream subscriptions support tags tasks teams tickets token "
    "tokens transactions update upload uploads user users v validate verify version web "
    "webhook webhooks wp-json"
)
_COMMON: Final = frozenset(_WORDS.split())
_VERSION: Final = re.compile(r"v\d{1,2}(?:\.\d{1,2})?")
_MOST_SEGMENTS: Final = 8


class Field(msgspec.Struct, frozen=True):
    """A header, or a parameter of a form."""

    name: str = ""
    value: str = ""


class Posted(msgspec.Struct, frozen=True):
    """The body of a request."""

    text: str = ""
    params: tuple[Field, ...] = ()


class Request(msgspec.Struct, frozen=True):
    """A request."""

    method: str = ""
    url: str = ""
    headers: tuple[Field, ...] = ()
    postData: Posted | None = None  # noqa: N815 - the format's own name


class Content(msgspec.Struct, frozen=True):
    """The body of a response; `encoding` is `base64` or empty."""

    text: str = ""
    encoding: str = ""


class Response(msgspec.Struct, frozen=True):
    """A response."""

    headers: tuple[Field, ...] = ()
    content: Content | None = None


class Entry(msgspec.Struct, frozen=True):
    """One exchange."""

    request: Request = Request()
    response: Response = Response()


class Log(msgspec.Struct, frozen=True):
    """All exchanges."""

    entries: tuple[Entry, ...]


class Archive(msgspec.Struct, frozen=True):
    """A HAR file; fields that hold no traffic are left out."""

    log: Log


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of one exchange, and the name that output shows it by."""

    name: str
    text: bytes


def parts(content: bytes) -> Iterator[Part] | None:
    """Return the parts of a HAR file in the order of its entries, None if it is none."""
    try:
        archive = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=Archive)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return _parts(archive)


def template(url: str) -> str:
    """Return the path of `url` with `*` for all that is not a word common to many APIs."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return "/*"
    segments = [segment for segment in path.split("/") if segment]
    shown = [
        segment if segment in _COMMON or _VERSION.fullmatch(segment) else "*"
        for segment in segments[:_MOST_SEGMENTS]
    ]
    more = ["**"] if len(segments) > _MOST_SEGMENTS else []
    return "/" + "/".join(shown + more)


def _parts(archive: Archive) -> Iterator[Part]:
    for number, entry in enumerate(archive.log.entries):
        request, response = entry.request, entry.response
        method = request.method if request.method in _METHODS else "*"
        name = f"entries[{number}] {method} {template(request.url)}"
        yield Part(f"{name} request.url", _bytes(request.url))
        yield Part(f"{name} request.headers", _fields(request.headers))
        if request.postData is not None:
            post = request.postData
            body = _bytes(post.text) or _fields(post.params)
            yield Part(f"{name} request.postData", body)
        yield Part(f"{name} response.headers", _fields(response.headers))
        if response.content is not None:
            yield Part(f"{name} response.content", _body(response.content))


def _fields(fields: tuple[Field, ...]) -> bytes:
    return b"".join(_bytes(f"{field.name}: {field.value}\n") for field in fields)


def _body(content: Content) -> bytes:
    if content.encoding == "base64":
        try:
            return base64.b64decode(content.text, validate=True)
        except (binascii.Error, ValueError):
            pass
    return _bytes(content.text)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
