"""The ways a value may be written in, each as a small document that a program might send."""

from __future__ import annotations

import base64
import gzip
import html
import json
import quopri
from collections.abc import Callable
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import Final, NamedTuple
from urllib.parse import quote, quote_plus


class Spelling(NamedTuple):
    """One way of writing: what it is called, and how it is done."""

    name: str
    write: Callable[[str, str], bytes]
    """Takes the name of a field and the value."""


def plain(key: str, value: str) -> str:
    """A document of one field, as text."""
    return f"{key}: {value} (sent today)\n"


def as_json(key: str, value: str) -> str:
    """The same as JSON."""
    return json.dumps({"id": 7, key: value, "end": True})


def _all_percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _unicode(text: str) -> str:
    return "".join(f"\\u{ord(one):04x}" for one in text)


def _full_width(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if one.isalnum() else one for one in text)


def _digits_from(zero: int) -> Callable[[str], str]:
    def write(text: str) -> str:
        return "".join(chr(zero + int(one)) if one.isdigit() else one for one in text)

    return write


def _between(sign: str) -> Callable[[str], str]:
    """Put `sign` into the middle of the text, and twice more."""

    def write(text: str) -> str:
        third = max(len(text) // 3, 1)
        return sign.join((text[:third], text[third : 2 * third], text[2 * third :]))

    return write


def _in_plain(change: Callable[[str], str]) -> Callable[[str, str], bytes]:
    return lambda key, value: plain(key, change(value)).encode()


def _in_json(change: Callable[[str], str]) -> Callable[[str, str], bytes]:
    """Write the value changed and the rest as JSON; `change` escapes what JSON asks for."""

    def write(key: str, value: str) -> bytes:
        return f'{{"id":7,"{key}":"{change(value)}","end":true}}'.encode()

    return write


def _encoded(charset: str) -> Callable[[str, str], bytes]:
    return lambda key, value: as_json(key, value).encode(charset)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _wrapped(key: str, value: str) -> bytes:
    return base64.encodebytes((plain(key, value) * 2).encode())


def _json_in_json(key: str, value: str) -> bytes:
    return json.dumps({"event": json.dumps({"body": as_json(key, value)})}).encode()


def _multipart(charset: str) -> Callable[[str, str], bytes]:
    def write(key: str, value: str) -> bytes:
        message = MIMEMultipart("form-data", boundary="b7f9")
        message.attach(MIMEText("nothing here", "plain", "utf-8"))
        message.attach(MIMEText(plain(key, value), "plain", charset))
        message.attach(MIMEText("nor here", "plain", "us-ascii"))
        return message.as_bytes()

    return write


def _raw_part(key: str, value: str) -> bytes:
    part = plain(key, value).encode("utf-16-le")
    return (
        b'--b1\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b1\r\n'
        b"Content-Type: text/plain; charset=utf-16\r\n\r\n" + part + b"\r\n--b1\r\n"
        b'Content-Disposition: form-data; name="c"\r\n\r\nx\r\n--b1--\r\n'
    )


def _credentials(_key: str, value: str) -> bytes:
    return b"authorization: Basic " + _base64(f"user:{value}").encode() + b"\n"


def _json_string(text: str) -> str:
    return json.dumps(text)[1:-1]


def _gzipped(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _utf_7(text: str) -> str:
    """Write every character in UTF-7's base64, as a writer of it may."""
    return "+" + base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=") + "-"


SPELLINGS: Final = (
    Spelling("as it stands, in JSON", lambda key, value: as_json(key, value).encode()),
    Spelling("percent, signs only", lambda key, value: f"{key}={quote_plus(value)}&x=1".encode()),
    Spelling("percent, every byte", lambda key, value: f"{key}={_all_percent(value)}&x=1".encode()),
    Spelling(
        "percent twice", lambda key, value: f"{key}={quote(_all_percent(value))}&x=1".encode()
    ),
    Spelling(
        "percent three times",
        lambda key, value: f"{key}={quote(quote(_all_percent(value)))}&x=1".encode(),
    ),
    Spelling(
        "percent-u",
        lambda key, value: f"{key}={''.join(f'%u{ord(one):04x}' for one in value)}&x=1".encode(),
    ),
    Spelling(r"JSON \u, every character", _in_json(_unicode)),
    Spelling(
        r"JSON \u in a string in a string",
        _in_json(lambda text: _unicode(text).replace("\\", "\\\\\\\\")),
    ),
    Spelling("JSON in JSON in JSON", _json_in_json),
    Spelling(
        "JSON in a form",
        lambda key, value: f"payload={quote_plus(as_json(key, value))}".encode(),
    ),
    Spelling(
        "HTML numbers, decimal", _in_plain(lambda text: "".join(f"&#{ord(one)};" for one in text))
    ),
    Spelling(
        "HTML numbers, hexadecimal",
        _in_plain(lambda text: "".join(f"&#x{ord(one):X};" for one in text)),
    ),
    Spelling(
        "HTML names",
        _in_plain(
            lambda text: (
                html.escape(text)
                .replace("@", "&commat;")
                .replace(".", "&period;")
                .replace("-", "&hyphen;")
                .replace(" ", "&nbsp;")
                .replace("_", "&lowbar;")
            )
        ),
    ),
    Spelling("base64 in JSON", _in_json(_base64)),
    Spelling(
        "base64 in JSON, URL alphabet, no padding",
        _in_json(lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")),
    ),
    Spelling("base64 of base64 in JSON", _in_json(lambda text: _base64(_base64(text)))),
    Spelling(
        "base64 of a document in JSON",
        lambda key, value: json.dumps({"data": _base64(as_json(key, value))}).encode(),
    ),
    Spelling(
        "base64 in a data: URL",
        lambda key, value: (
            f'<a href="data:text/plain;base64,{_base64(plain(key, value))}">x</a>'.encode()
        ),
    ),
    Spelling("base64 in lines", _wrapped),
    Spelling("Basic credentials", _credentials),
    Spelling(
        "base64 of UTF-16", _in_json(lambda t: base64.b64encode(t.encode("utf-16-le")).decode())
    ),
    Spelling(
        "quoted-printable",
        lambda key, value: (
            b"content-transfer-encoding: quoted-printable\n\n"
            + quopri.encodestring(plain(key, "=" + value).encode()).replace(b"@", b"=40")
        ),
    ),
    Spelling("UTF-16LE", _encoded("utf-16-le")),
    Spelling("UTF-16BE", _encoded("utf-16-be")),
    Spelling("UTF-16 with a mark", _encoded("utf-16")),
    Spelling("UTF-32LE", _encoded("utf-32-le")),
    Spelling("multipart, part in base64", _multipart("utf-8")),
    Spelling("multipart, part in UTF-16", _raw_part),
    Spelling("full-width letters and digits", _in_plain(_full_width)),
    Spelling("Arabic-Indic digits", _in_plain(_digits_from(0x660))),
    Spelling("Devanagari digits", _in_plain(_digits_from(0x966))),
    Spelling("zero-width space inside", _in_plain(_between("\u200b"))),
    Spelling("zero-width non-joiner inside", _in_plain(_between("\u200c"))),
    Spelling("soft hyphen inside", _in_plain(_between("\u00ad"))),
    Spelling("byte order mark inside", _in_plain(_between("\ufeff"))),
    Spelling("no-break spaces", _in_plain(lambda text: text.replace(" ", "\u00a0"))),
    Spelling("no-break spaces as JSON escapes", _in_json(lambda t: t.replace(" ", "\\u00a0"))),
    Spelling(
        "soft hyphens in Latin-1",
        lambda key, value: plain(key, _between("\u00ad")(value)).encode("latin-1"),
    ),
    Spelling("UTF-7", _in_plain(_utf_7)),
    Spelling("hexadecimal digits", _in_json(lambda text: text.encode().hex())),
    Spelling(
        "gzip in base64",
        lambda key, value: json.dumps({"data": _gzipped(plain(key, value))}).encode(),
    ),
)
