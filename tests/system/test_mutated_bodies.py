"""Bodies of every format, damaged at random and cut at random: no reader raises what it may not.

What a reader may do with damage is to read it, or to say that it is unreadable and give back what
came. A few inputs a format each time, 20,000 by `--all`, a million by `dev.py test -m long`.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.fakes.scanner import HashScanner
from tests.playbook import REDACT_BOTH, policy
from tests.weirline.flow.splits import WRAPPINGS, random_splits
from weirline.body.reading import Reader
from weirline.body.schema import Field, FieldKind, Layout, Schemas
from weirline.errors import Unreadable
from weirline.flow.events import BodyMode
from weirline.flow.judge import Judge
from weirline.flow.limits import Limits
from weirline.flow.message import new_message
from weirline.flow.reader_choice import make_reader
from weirline.flow.report import FlowReport
from weirline.policy.facts import Direction, Facts
from weirline.policy.policy import AlreadySent, HeldTooLong

SMALL, MANY, MOST = 200, 20_000, 1_000_000
LARGEST_BYTES = 4096
LAYOUT = Layout({number: Field(b"f", kind) for number, kind in enumerate(FieldKind, start=1)})
LAYOUT[3] = Field(b"again", FieldKind.MESSAGE, LAYOUT)
LIMITS = Limits(frame_bytes=2048, hold_back_bytes=256, schemas=Schemas({}, {"/a.B/C": LAYOUT}))
SCOPE = policy(REDACT_BOTH).scope(Facts(Direction.RESPONSE))
Mutation = Callable[[bytearray, random.Random], None]


def _flip(body: bytearray, rng: random.Random) -> None:
    body[rng.randrange(len(body))] ^= 1 << rng.randrange(8)


def _border(body: bytearray, rng: random.Random) -> None:
    body[rng.randrange(len(body))] = rng.choice(b'\x00\x01\x7f\x80\xff\r\n"\\{}[]=%&;:-')


def _drop(body: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(body))
    del body[at : at + rng.randrange(1, 9)]


def _repeat(body: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(body))
    body[at:at] = body[at : at + rng.randrange(1, 65)] * rng.randrange(1, 5)


def _insert(body: bytearray, rng: random.Random) -> None:
    at = rng.randrange(len(body))
    body[at:at] = rng.randbytes(rng.randrange(1, 9))


def _cut_off(body: bytearray, rng: random.Random) -> None:
    del body[rng.randrange(len(body)) :]


MUTATIONS: tuple[Mutation, ...] = (_flip, _border, _drop, _repeat, _insert, _cut_off)


def mutated(body: bytes, rng: random.Random) -> bytes:
    """A damaged body of at most LARGEST_BYTES."""
    new = bytearray(body)
    for _ in range(rng.randrange(1, 7)):
        if new:
            rng.choice(MUTATIONS)(new, rng)
    return bytes(new[:LARGEST_BYTES]) or b"\0"


def seeds(wrapping: str, rng: random.Random) -> list[bytes]:
    """Sound bodies of one format, with values and without."""
    write = WRAPPINGS[wrapping].write
    texts = [b"#123456", b"a", b"x" * 200, b"id #123456 and #65", b"{}", b"caf\xc3\xa9 \\u0040 %40"]
    return [write(rng.choice(("id", "note", "content")), text) for text in texts * 3]


def play(wrapping: str, body: bytes, rng: random.Random) -> bool:
    """Send one body through its reader; False where that said that it cannot be read."""
    message = new_message(Direction.RESPONSE, BodyMode.FULL_DUPLEX)
    message.scope = SCOPE
    reader = make_reader(
        WRAPPINGS[wrapping].choice,
        Judge(message, FlowReport(), AlreadySent.CUT, rng.choice(tuple(HeldTooLong))),
        scanner=HashScanner(),
        limits=LIMITS,
        scope=SCOPE,
        text_limit=1 << 16,
        facts=Facts(Direction.RESPONSE, path=rng.choice(("/a.B/C", "/other"))),
    )
    (chunks,) = random_splits(body, rng, 1)
    for at, chunk in enumerate(chunks):
        try:
            released = reader.feed(chunk, last=at == len(chunks) - 1)
        except Unreadable:
            salvaged = reader.salvage()
            assert salvaged is None or isinstance(salvaged, bytes)
            reader.let_pass()
            return False
        assert released is None or isinstance(released, bytes)
        if rng.random() < 0.1:
            assert isinstance(reader.release(), bytes)
        assert reader.held_bytes <= LIMITS.frame_bytes + LARGEST_BYTES
    return True


def fuzz(wrapping: str, inputs: int) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    sound = seeds(wrapping, rng)
    for _ in range(inputs):
        play(wrapping, mutated(rng.choice(sound), rng), rng)


@pytest.mark.parametrize("wrapping", sorted(WRAPPINGS))
def test_damaged_body_raises_nothing_but_unreadable(wrapping: str) -> None:
    fuzz(wrapping, SMALL)


@pytest.mark.slow
@pytest.mark.full
@pytest.mark.parametrize("wrapping", sorted(WRAPPINGS))
def test_twenty_thousand_damaged_bodies_raise_nothing_but_unreadable(wrapping: str) -> None:
    fuzz(wrapping, MANY)


@pytest.mark.full
@pytest.mark.long
@pytest.mark.parametrize("wrapping", sorted(WRAPPINGS))
def test_a_million_damaged_bodies_raise_nothing_but_unreadable(wrapping: str) -> None:
    fuzz(wrapping, MOST)


def read_everything(inputs: int) -> None:
    """All readings of damaged text: JSON, forms, entities, multipart, charsets, base64."""
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    sound = [
        body for name in ("json", "form", "upload", "tool_result") for body in seeds(name, rng)
    ]
    reader = Reader()
    for _ in range(inputs):
        body = mutated(rng.choice(sound), rng)
        for view in reader.readings(body).views:
            text = view.text
            if text:
                start, end = view.to_wire(0, len(text))
                assert 0 <= start <= end <= len(body)


def test_damaged_text_is_read_without_a_fault() -> None:
    read_everything(SMALL)


@pytest.mark.slow
@pytest.mark.full
def test_twenty_thousand_damaged_texts_are_read_without_a_fault() -> None:
    read_everything(MANY)


@pytest.mark.full
@pytest.mark.long
def test_a_million_damaged_texts_are_read_without_a_fault() -> None:
    read_everything(MOST)
