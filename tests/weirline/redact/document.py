"""Documents with values in them, of every content type that is read, and how each is parsed.

A document is made from a generator of randomness; so is what it is written with: escapes that a
program may or may not use, encodings, charsets. Its reader gives back the shape (what a mask must
leave as it is) and the texts in it (what a mask changes).
"""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import quopri
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from html.parser import HTMLParser
from random import Random
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote, quote_plus
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from weirline.specimen import SPECIMENS
from weirline.specimen.specimen import Specimen

Shape = tuple[object, ...]
WORDS: Final = (
    "order",
    "großer",
    "blue house",
    "naïve",
    "7",
    "x=1&y",
    "100%",
    'a "b"',
    "it's",
    "\u2014",
)
# Kinds that are found wherever they stand; the names are the detectors'.
KINDS: Final = tuple(
    SPECIMENS[kind]
    for kind in (
        *("payment_card", "us_ssn", "iban", "email", "jwt", "private_key", "github_app_token"),
        *("aws_access_key_id", "slack_bot_token", "slack_webhook_url", "discord_bot_token"),
        *("stripe_secret_key", "square_access_token", "telegram_bot_token", "grafana_token"),
        *("gitlab_token", "npm_access_token", "openai_api_key", "mailchimp_api_key"),
    )
)


class Read(NamedTuple):
    """A parsed document: what stays as it is, and every text in it."""

    shape: Shape
    texts: list[str]


class ContentType(NamedTuple):
    """One content type: how to make a document with the values in it, and how to read it."""

    name: str
    make: Callable[[Random, list[tuple[str, str]]], bytes]
    read: Callable[[bytes], Read]


def values(rng: Random) -> list[tuple[str, str]]:
    """Return up to four values, each with the name that is usual for its kind."""
    return [_value(rng, rng.choice(KINDS)) for _ in range(rng.randrange(1, 5))]


def _value(rng: Random, kind: Specimen) -> tuple[str, str]:
    return kind.key, kind.valid(rng).decode()


def _fields(rng: Random, planted: list[tuple[str, str]]) -> list[tuple[str, str]]:
    others = [(f"f{n}", rng.choice(WORDS)) for n in range(rng.randrange(1, 5))]
    fields = [(key.replace(" ", "_"), value) for key, value in planted] + others
    rng.shuffle(fields)
    return fields


# JSON


def _json(rng: Random, planted: list[tuple[str, str]]) -> bytes:
    return _json_text(rng, planted).encode()


def _json_text(rng: Random, planted: list[tuple[str, str]]) -> str:
    rows: list[object] = [{key: _leaf(rng, value)} for key, value in _fields(rng, planted)]
    document = {"n": rng.randrange(10**9), "rows": rows, "more": {"at": 1.5, "none": None}}
    text = json.dumps(document, ensure_ascii=rng.random() < 0.5, indent=rng.choice((None, 1)))
    return text.replace("/", "\\/") if rng.random() < 0.3 else text


def _leaf(rng: Random, value: str) -> object:
    match rng.randrange(6):
        case 0:
            return {"note": f"see {value} again"}
        case 1:
            return json.dumps({"inner": [value, 1]})
        case 2:
            return base64.b64encode(f"text with {value} in it".encode()).decode()
        case 3 if value.isdigit() and value[0] != "0":
            return int(value)
        case 4:
            return f"https://api.example/?q={quote(value)}&n=1"
        case _:
            return value


def _read_json(data: bytes) -> Read:
    texts: list[str] = []
    return Read((_shape(json.loads(data, object_pairs_hook=list), texts),), texts)


def _shape(node: object, texts: list[str]) -> object:
    if isinstance(node, list):
        return [_shape(each, texts) for each in node]
    if isinstance(node, tuple):
        return (node[0], _shape(node[1], texts))
    if isinstance(node, str) and node[:1] in {"{", "["}:
        return ("inner", _shape(json.loads(node, object_pairs_hook=list), texts))
    texts.append(str(node))
    return type(node).__name__


def _ndjson(rng: Random, planted: list[tuple[str, str]]) -> bytes:
    lines = [json.dumps({"id": n, key: value}) for n, (key, value) in enumerate(planted)]
    return "".join(line + "\n" for line in lines).encode()


def _read_ndjson(data: bytes) -> Read:
    texts: list[str] = []
    return Read(tuple(_shape(json.loads(line), texts) for line in data.splitlines()), texts)


def _wide(charset: str) -> Callable[[Random, list[tuple[str, str]]], bytes]:
    return lambda rng, planted: _json_text(rng, planted).encode(charset)


# Forms and addresses


def _form(rng: Random, planted: list[tuple[str, str]]) -> bytes:
    write = rng.choice((quote_plus, quote, lambda text: quote(quote(text))))
    return "&".join(f"{key}={write(value)}" for key, value in _fields(rng, planted)).encode()


def _read_form(data: bytes) -> Read:
    pairs = parse_qsl(data.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    texts = [value for _, value in pairs]
    return Read(tuple(key for key, _ in pairs), texts)


# XML and HTML


def _xml(rng: Random, planted: list[tuple[str, str]]) -> bytes:
    rows = "".join(_element(rng, key, value) for key, value in _fields(rng, planted))
    body = f"<m:get xmlns:m='urn:x'>{rows}</m:get>"
    return (
        "<?xml version='1.0'?><s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>"
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def _element(rng: Random, key: str, value: str) -> str:
    match rng.randrange(4):
        case 0:
            return f"<{key}><![CDATA[{value}]]></{key}>"
        case 1:
            return f"<row {key}={quoteattr(value)}/>"
        case 2:
            written = "".join(
                f"&#{ord(one)};" if rng.random() < 0.3 else escape(one) for one in value
            )
            return f"<{key}>{written}</{key}>"
        case _:
            return f"<{key}>{escape(value)}</{key}>"


def _read_xml(data: bytes) -> Read:
    texts: list[str] = []
    shape: list[object] = []
    for element in ElementTree.fromstring(data).iter():  # noqa: S314
        shape.append((element.tag, sorted(element.attrib)))
        texts += (element.text or "", element.tail or "", *element.attrib.values())
    return Read(tuple(shape), texts)


def _html(rng: Random, planted: list[tuple[str, str]]) -> bytes:
    rows = "".join(
        f"<tr><td>{html.escape(key)}</td><td title='x'>{_html_text(rng, value)}</td></tr>"
        for key, value in _fields(rng, planted)
    )
    return f"<!DOCTYPE html><title>r</title><table>{rows}</table><p>a &amp; b".encode()


def _html_text(rng: Random, value: str) -> str:
    text = html.escape(value)
    if rng.random() < 0.5:
        text = text.replace("@", "&commat;").replace("-", "&#x2d;").replace(".", "&period;")
    return text


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.shape: list[object] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.shape.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _read_html(data: bytes) -> Read:
    tags = _Tags()
    tags.feed(data.decode())
    tags.close()
    return Read(tuple(tags.shape), tags.texts)


# Tables and text


def _csv(rng: Random, planted: list[tuple[str, str]]) -> bytes:
    fields = _fields(rng, planted)
    page = io.StringIO()
    writer = csv.writer(page, quoting=rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)))
    writer.writerow([key for key, _ in fields])
    writer.writerow([value for _, value in fields])
    return page.getvalue().encode()


def _read_csv(data: bytes) -> Read:
    rows = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
    return Read((*rows[0], *(len(row) for row in rows)), [cell for row in rows[1:] for cell in row])


def _text(charset: str) -> Callable[[Random, list[tuple[str, str]]], bytes]:
    def make(rng: Random, planted: list[tuple[str, str]]) -> bytes:
        lines = (f"{key}: {value}\n" for key, value in _fields(rng, planted))
        return "".join(lines).replace("\u2014", "-").encode(charset)

    return make


def _read_text(charset: str) -> Callable[[bytes], Read]:
    def read(data: bytes) -> Read:
        lines = data.decode(charset).splitlines()
        return Read((len(lines),), lines)

    return read


# Parts


def _multipart(rng: Random, planted: list[tuple[str, str]]) -> bytes:
    parts = b"".join(
        b"--b7f\r\n" + _part(rng, key, value) + b"\r\n" for key, value in _fields(rng, planted)
    )
    return b"Content-Type: multipart/form-data; boundary=b7f\r\n\r\n" + parts + b"--b7f--\r\n"


def _part(rng: Random, key: str, value: str) -> bytes:
    head = f'Content-Disposition: form-data; name="{key}"\r\n'
    text = f"{key} is {value} today"
    match rng.randrange(4):
        case 0:
            head += (
                "Content-Transfer-Encoding: base64\r\nContent-Type: text/plain; charset=utf-8\r\n"
            )
            content = base64.encodebytes(text.encode()).replace(b"\n", b"\r\n").rstrip()
        case 1:
            head += "Content-Transfer-Encoding: quoted-printable\r\n"
            head += "Content-Type: text/plain; charset=utf-8\r\n"
            content = quopri.encodestring(text.encode()).replace(b"\n", b"\r\n")
        case 2:
            head += "Content-Type: text/plain; charset=utf-16le\r\n"
            content = text.replace("\n", " ").encode("utf-16-le")
        case _:
            content = text.encode()
    return head.encode() + b"\r\n" + content


def _read_multipart(data: bytes) -> Read:
    shape: list[object] = []
    texts: list[str] = []
    for part in _parts(message_from_bytes(data)):
        shape.append(part.items())
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        texts.append(content.decode(part.get_content_charset("utf-8")))
    return Read(tuple(shape), texts)


def _parts(message: Message) -> Iterator[Message]:
    assert message.is_multipart()
    assert not message.defects
    for part in message.get_payload():
        assert isinstance(part, Message)
        assert not part.defects
        yield part


CONTENT_TYPES: Final = (
    ContentType("json", _json, _read_json),
    ContentType("ndjson", _ndjson, _read_ndjson),
    ContentType(
        "json in utf-16", _wide("utf-16-le"), lambda d: _read_json(_narrow(d, "utf-16-le"))
    ),
    ContentType(
        "json in utf-32", _wide("utf-32-be"), lambda d: _read_json(_narrow(d, "utf-32-be"))
    ),
    ContentType("form", _form, _read_form),
    ContentType("soap", _xml, _read_xml),
    ContentType("html", _html, _read_html),
    ContentType("csv", _csv, _read_csv),
    ContentType("multipart", _multipart, _read_multipart),
    ContentType("text", _text("utf-8"), _read_text("utf-8")),
    ContentType("text in latin-1", _text("latin-1"), _read_text("latin-1")),
)


def _narrow(data: bytes, charset: str) -> bytes:
    return data.decode(charset).encode()


def plain_texts(read: Read) -> list[str]:
    """Return the texts of a document, and what those of them are that are written once more."""
    found = list(read.texts)
    for text in read.texts:
        found.append(_unquoted(text))
        try:
            found.append(base64.b64decode(text, validate=True).decode())
        except ValueError:
            continue
    return found


def _unquoted(text: str) -> str:
    pairs = parse_qsl(text.partition("?")[2])
    return " ".join(value for _, value in pairs) or "".join(v for _, v in parse_qsl("a=" + text))
