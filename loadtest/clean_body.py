"""A JSON body of an ordinary API that holds nothing to find, for measuring what a clean scan costs.

Every 200 bytes hold one timestamp, one price, one integer id and one UUID: the digits and hex runs
that patterns for numbers and keys must step over. It holds no backslash, percent sign or non-ASCII
byte, so that no decoded view is needed; a body with them is another measurement.
"""

from __future__ import annotations

import random
import uuid

SEED = 20240601
RECORD_BYTES = 200
HEAD = b'{"items":['
LEAST_BYTES = 64

WORDS = (
    *("amber", "basin", "cedar", "delta", "ember", "field"),
    *("grove", "harbor", "island", "juniper", "kettle", "lantern"),
    *("meadow", "north", "orchard", "prairie", "quarry", "river"),
    *("summit", "timber", "upland", "valley", "willow", "yonder"),
)


def clean_body(size_bytes: int, *, seed: int = SEED) -> bytes:
    """Return exactly `size_bytes` of valid JSON, the same for the same seed.

    Raises ValueError below 64 bytes.
    """
    if size_bytes < LEAST_BYTES:
        raise ValueError(f"a clean body has at least {LEAST_BYTES} bytes")
    rng = random.Random(seed)
    tail_start = b'],"next":"'
    tail_end = b'"}'
    room = size_bytes - len(HEAD) - len(tail_start) - len(tail_end)
    # A comma follows every record but the last, so n records take n * 200 - 1 bytes.
    records = [_record(rng) for _ in range((room + 1) // RECORD_BYTES)]
    items = b",".join(records)
    return HEAD + items + tail_start + _words(rng, room - len(items)) + tail_end


def _record(rng: random.Random) -> bytes:
    day = f"20{rng.randrange(10, 26)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
    clock = f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
    start = (
        f'{{"id":{rng.randrange(10**6, 10**7)},"ref":"{uuid.UUID(int=rng.getrandbits(128))}",'
        f'"at":"{day}T{clock}Z","price":{rng.randrange(100, 99999) / 100:.2f},"text":"'
    ).encode()
    end = b'"}'
    return start + _words(rng, RECORD_BYTES - 1 - len(start) - len(end)) + end


def _words(rng: random.Random, size: int) -> bytes:
    text = " ".join(rng.choice(WORDS) for _ in range(size // 4 + 1))
    return text[:size].encode()
