"""The bodies of `bench detect`: one with nothing to find, one with much, and hostile ones.

All are made from a printed seed. The hostile ones are what a sender who wants to slow us down would
write: beginnings of values without end, and text that makes every step look twice.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from typing import Final

from loadtest.clean_body import WORDS, clean_body
from weirline.specimen import SPECIMENS

SEED: Final = 20251101
FINDING_EVERY: Final = 512  # bytes
_SHARES: Final = (("card", 40), ("mail", 30), ("phone", 20), ("secret", 10))
_SECRETS: Final = ("aws_access_key_id", "github_personal_token", "stripe_secret_key", "jwt")


def clean(size_bytes: int) -> bytes:
    """Return an API's JSON: per 200 bytes a timestamp, a price, an integer id and a UUID."""
    return clean_body(size_bytes, seed=SEED)


def dense(size_bytes: int) -> bytes:
    """Return an API's JSON with two findings a KiB: cards, mails, phones and secrets."""
    rng = random.Random(SEED)
    records = []
    size = 0
    while size < size_bytes:
        records.append(_record(rng))
        size += len(records[-1]) + 1
    return b"[" + b",".join(records) + b"]"


def _record(rng: random.Random) -> bytes:
    sort = rng.choices([name for name, _ in _SHARES], [share for _, share in _SHARES])[0]
    match sort:
        case "card":
            pair = {"card": SPECIMENS["payment_card"].valid(rng).decode()}
        case "mail":
            pair = {"email": SPECIMENS["email"].valid(rng).decode()}
        case "phone":
            pair = {"phone": _phone(rng)}
        case _:
            kind = SPECIMENS[rng.choice(_SECRETS)]
            pair = {kind.key: kind.valid(rng).decode()}
    filler = {"id": rng.randrange(10**6, 10**7), "text": "", "price": rng.randrange(9999) / 100}
    room = FINDING_EVERY - 1 - len(json.dumps(filler | pair))
    text = " ".join(rng.choice(WORDS) for _ in range(max(room, 0) // 4 + 1))
    return json.dumps(filler | pair | {"text": text[: max(room, 0)]}).encode()


def _phone(rng: random.Random) -> str:
    """Return a number of the United States, where area and exchange begin with 2 to 9."""
    area, exchange = rng.choice(("212", "415", "312", "617")), rng.randrange(200, 1000)
    return f"+1 {area} {exchange} {rng.randrange(10_000):04}"


def _repeated(unit: bytes) -> Callable[[int], bytes]:
    return lambda size_bytes: (unit * (size_bytes // len(unit) + 1))[:size_bytes]


def _digit_runs(size_bytes: int) -> bytes:
    rng = random.Random(SEED)
    runs = []
    size = 0
    while size <= size_bytes:
        length = rng.randrange(13, 20)
        runs.append(b"%d" % rng.randrange(10 ** (length - 1), 10**length))
        size += length + 1
    return b" ".join(runs)[:size_bytes]


HOSTILE: Final[Mapping[str, Callable[[int], bytes]]] = {
    "digits": _repeated(b"1234567890"),
    "ats": _repeated(b"@"),
    "a@a@": _repeated(b"a@"),
    "mails": _repeated(b"a@b.co "),
    "digit_runs": _digit_runs,
    "nested_escapes": _repeated(rb"\\\\\\\u0034\\\u0031\u0031%34%2531"),
    "key_headers": _repeated(b"-----BEGIN RSA PRIVATE KEY-----\n"),
}
