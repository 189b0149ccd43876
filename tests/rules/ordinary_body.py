"""Bodies as ordinary services send them, full of what looks a little like a secret and is none.

Each maker returns a text of one sort from a seeded source: identifiers, hashes, times, prices,
telephone numbers, versions, pictures in base 64, pages, styles, minified scripts. Order
numbers of twelve and sixteen digits are made to fail Luhn's check: one that passes it and begins
like a card cannot be told from a card by anybody.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from random import Random

from weirline.detect.validators.luhn import is_valid as passes_luhn

Maker = Callable[[Random], bytes]

_TEXT = (
    "account address basket billing class className cart checkout customer data default delivery "
    "description disk-usage discount element error event export filter function handler header "
    "hidden image index invoice item label language layout length license list margin media menu "
    "message method module monkey name number object offset order package padding page payment "
    "press price product profile public query render request response return risk-level "
    "rotation scale script secret section session shadow sign size state status style submit sum "
    "table task-force text theme timeout title token total transform type update user value "
    "vendor version visible wallet width window keyword api-key-docs passwordless ssnippet"
)
_WORDS = _TEXT.split()
_HEX = "0123456789abcdef"


def _hex(rng: Random, count: int) -> str:
    return "".join(rng.choices(_HEX, k=count))


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choices("0123456789", k=count))


def _words(rng: Random, count: int) -> str:
    return " ".join(rng.choices(_WORDS, k=count))


def _name(rng: Random) -> str:
    return "_".join(rng.choices([word for word in _WORDS if word.isalpha()], k=2))


def _uuid(rng: Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _time(rng: Random) -> str:
    day = f"20{rng.randrange(10, 30)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    clock = f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
    return f"{day}T{clock}.{_digits(rng, 3)}Z"


def _phone(rng: Random) -> str:
    area, exchange, line = _digits(rng, 3), _digits(rng, 3), _digits(rng, 4)
    return rng.choice(
        (
            f"+1-{area}-{exchange}-{line}",
            f"({area}) {exchange}-{line}",
            f"+44 20 {line} {_digits(rng, 4)}",
            f"+49{_digits(rng, 10)}",
            f"{area}.{exchange}.{line}",
            f"+358-{area}-{_digits(rng, 2)}-{line}",
        )
    )


def _order(rng: Random, count: int = 16) -> str:
    while passes_luhn((number := _digits(rng, count)).encode()):
        pass
    return number


def api_json(rng: Random) -> bytes:
    """Records of an API: ids, hashes, times in every form, prices, places, telephones."""
    records = [
        {
            "id": rng.randrange(10**6, 10**10),
            "uuid": _uuid(rng),
            "order": _order(rng),
            "created_at": _time(rng),
            "updated_ms": rng.randrange(1_400_000_000_000, 1_999_999_999_999),
            "nanos": rng.randrange(1_400_000_000 * 10**9, 1_999_999_999 * 10**9),
            "price": round(rng.random() * 5000, 2),
            "ratio": rng.random(),
            "location": [rng.uniform(-90, 90), rng.uniform(-180, 180)],
            "phone": _phone(rng),
            "zip": _digits(rng, 5),
            "etag": f'W/"{_hex(rng, 32)}"',
            "commit": _hex(rng, 40),
            "sha256": _hex(rng, 64),
            "integrity": "sha512-" + base64.b64encode(rng.randbytes(64)).decode(),
            "cursor": base64.urlsafe_b64encode(rng.randbytes(48)).decode(),
            "sku": f"{rng.choice('ABCDEFGHJK')}{_digits(rng, 3)}-{_digits(rng, 4)}",
            "version": f"{rng.randrange(30)}.{rng.randrange(90)}.{rng.randrange(300)}",
            "path": f"/v1/{_name(rng)}/{_uuid(rng)}?page={rng.randrange(99)}",
            "text": _words(rng, 12),
            "className": rng.randrange(10**8, 10**9),
            "key": f"cache-key-{_hex(rng, 32)}",
        }
        for _ in range(60)
    ]
    return json.dumps(records, separators=rng.choice(((",", ":"), (", ", ": ")))).encode()


def embedding_json(rng: Random) -> bytes:
    """A vector of numbers with sixteen digits behind the point, as models return them."""
    return json.dumps({"embedding": [rng.uniform(-1, 1) for _ in range(1536)]}).encode()


def html_page(rng: Random) -> bytes:
    """A page with classes, scripts by version, pictures by density and in base 64."""
    rows = "".join(
        f'<div class="sk-{_name(rng)} {_hex(rng, 8)}" data-id="{_uuid(rng)}" '
        f'style="width:{rng.randrange(900)}px"><a href="/p/{_order(rng, 12)}?utm={_name(rng)}">'
        f'<img src="/i/logo@2x.png" srcset="/i/{_name(rng)}@3x.webp 3x"></a>{_words(rng, 9)}'
        f"<time>{_time(rng)}</time> &copy; {rng.randrange(1990, 2030)} "
        f"{rng.randrange(100, 999)} {rng.randrange(1000, 9999)}</div>\n"
        for _ in range(60)
    )
    image = base64.b64encode(rng.randbytes(3000)).decode()
    script = (
        f"https://cdn.example/npm/{_name(rng)}@{rng.randrange(9)}.{rng.randrange(30)}.1/d.min.js"
    )
    return (
        f'<!doctype html><html><head><script src="{script}" integrity="sha384-'
        f'{base64.b64encode(rng.randbytes(48)).decode()}"></script></head><body>{rows}'
        f'<img src="data:image/png;base64,{image}"></body></html>'
    ).encode()


def style_sheet(rng: Random) -> bytes:
    """Rules, colours, media queries, fonts by hash."""
    rules = [
        f"@media (min-width:{rng.randrange(200, 2000)}px){{.{_name(rng)}--{_hex(rng, 6)}:hover"
        f"{{color:#{_hex(rng, 6)};margin:{rng.random():.15f}em -{rng.randrange(99)}px;"
        f"background:url(/f/{_hex(rng, 20)}.woff2?{_digits(rng, 10)})}}}}"
        for _ in range(150)
    ]
    return "\n".join(rules).encode()


def minified_script(rng: Random) -> bytes:
    """Calls on one-letter names, numbers of any form, hashes of chunks, long names with dots."""
    calls = [
        f'{rng.choice("abcdefgh")}.{_name(rng)}({rng.randrange(10**5)},"{_hex(rng, 20)}",'
        f"{rng.random()}),function(e,t){{return e.{_name(rng)}.{_name(rng)}&&t[{_digits(rng, 9)}]"
        f'?"{_name(rng)}-{_name(rng)}":void 0}}'
        for _ in range(150)
    ]
    chunks = json.dumps({str(rng.randrange(10**4)): _hex(rng, 20) for _ in range(60)})
    mapping = base64.b64encode(rng.randbytes(1500)).decode()
    return f"!function(){{{';'.join(calls)};var c={chunks}}}();\n//# {mapping}".encode()


def number_table(rng: Random) -> bytes:
    """Comma separated rows: times, amounts, quantities, telephones, hashes, ids."""
    head = "ts,account,amount,phone,hash,ref,secret_level,ssn_verified\n"
    rows = [
        f"{rng.randrange(1_500_000_000, 1_900_000_000)},{_digits(rng, 11)},"
        f"{rng.randrange(10**8) / 100:.2f},{_phone(rng)},{_hex(rng, 40)},{_order(rng)},"
        f"{rng.randrange(9)},{rng.choice(('true', 'false'))}\n"
        for _ in range(150)
    ]
    return (head + "".join(rows)).encode()


def log_lines(rng: Random) -> bytes:
    """Lines of a server: times, addresses, request ids, durations, stack frames, image digests."""
    lines = [
        f"{_time(rng)} {rng.choice(('INFO', 'WARN', 'ERROR'))} "
        f"[{'.'.join(rng.choices(_WORDS, k=4))}.Sk{_hex(rng, 6)}] {rng.randrange(256)}."
        f"{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}:{rng.randrange(65536)} "
        f'"GET /{_name(rng)}/{_digits(rng, 8)} HTTP/1.1" 200 {rng.randrange(10**6)} '
        f"{rng.randrange(999)} {rng.randrange(99)} rid={_uuid(rng)} trace={_hex(rng, 32)} "
        f"obj@{_hex(rng, 8)} img@sha256:{_hex(rng, 64)} t={rng.randrange(10**12, 2 * 10**12)}us "
        f"goroutine {rng.randrange(999)} {_words(rng, 5)}"
        for _ in range(150)
    ]
    return "\n".join(lines).encode()


def binary_in_base64(rng: Random) -> bytes:
    """A file in base 64, in lines as in mail or in one, in either alphabet."""
    data = rng.randbytes(rng.randrange(10_000, 40_000))
    match rng.randrange(3):
        case 0:
            return base64.encodebytes(data)
        case 1:
            return base64.b64encode(data)
        case _:
            return base64.urlsafe_b64encode(data)


def checksum_list(rng: Random) -> bytes:
    """Names of files with their digests, and a lock file of packages."""
    lines = []
    for _ in range(120):
        digest = hashlib.sha1(rng.randbytes(8), usedforsecurity=False).hexdigest()
        lines.append(f"{digest}  {_name(rng)}-{rng.randrange(9)}.tar.gz")
        integrity = base64.b64encode(rng.randbytes(64)).decode()
        lines.append(f'"{_name(rng)}@^{rng.randrange(30)}.0.1", integrity sha512-{integrity}')
    return "\n".join(lines).encode()


def public_armour(rng: Random) -> bytes:
    """A certificate and a public key, and prose that names what it must not contain."""
    body = "\n".join(base64.b64encode(rng.randbytes(48)).decode() for _ in range(20))
    return (
        f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"
        f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"
        "The file starts with -----BEGIN PRIVATE KEY----- and you must keep it to yourself.\n"
        f"aws_secret_access_key = <your key>\nghp_xxxx {_words(rng, 40)}\n"
    ).encode()


MAKERS: Mapping[str, Maker] = {
    maker.__name__: maker
    for maker in (
        api_json,
        embedding_json,
        html_page,
        style_sheet,
        minified_script,
        number_table,
        log_lines,
        binary_in_base64,
        checksum_list,
        public_armour,
    )
}
