"""The clean body all scan figures are taken on: API JSON in which nothing is to be found.

Each 200 bytes hold one timestamp, one price, one integer id and one UUID, which are what makes
triggers fire for nothing in real answers.
"""

from __future__ import annotations

import json
import uuid
from random import Random

_WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "haven", "inlet", "knoll")
_ROW_BYTES = 200


def clean_body(size_bytes: int, seed: int) -> bytes:
    """Return a JSON list of records, about `size_bytes` long and never longer, from `seed`."""
    random = Random(seed)  # noqa: S311  (not for secrets)
    rows: list[bytes] = []
    total = 2
    while True:
        row = _row(random)
        if total + len(row) + 1 > size_bytes:
            return b"[" + b",".join(rows) + b"]"
        rows.append(row)
        total += len(row) + 1


def _row(random: Random) -> bytes:
    record = {
        "id": random.randrange(1, 10_000_000),
        "ref": str(uuid.UUID(int=random.getrandbits(128), version=4)),
        "at": f"2025-{random.randrange(1, 13):02}-{random.randrange(1, 29):02}T"
        f"{random.randrange(24):02}:{random.randrange(60):02}:{random.randrange(60):02}Z",
        "price": round(random.uniform(1, 999), 2),
        "name": " ".join(random.choice(_WORDS) for _ in range(3)),
        "note": "",
    }
    missing = _ROW_BYTES - len(_dumped(record)) - 1
    filler = ""
    while len(filler) < missing:
        filler += random.choice(_WORDS) + " "
    record["note"] = filler[: max(missing, 0)]
    return _dumped(record)


def _dumped(record: dict[str, object]) -> bytes:
    return json.dumps(record, separators=(",", ":")).encode()
