"""Breaks recorded HTTP/2 the way a broken or hostile client might, from a seeded generator.

Works on frames (nine bytes of head, a payload), so that most of what is changed is still read as
far as it is meant to be; a few mutations know nothing of frames. Source: RFC 9113 section 4.1.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from tests.extproc.h2.wire import PREFACE

HEAD = 9
MOST_FRAMES = 60
FEWEST_FRAMES = 4
BROKEN_START_SHARE = 0.05

Frames = list[bytes]
Mutation = Callable[[Frames, random.Random, Sequence[Frames]], None]


def frames_of(recorded: bytes) -> Frames:
    """Cut what a client sent behind its preface into frames; a last one cut short is left out."""
    assert recorded.startswith(PREFACE)
    frames, at = [], len(PREFACE)
    while at + HEAD <= len(recorded):
        end = at + HEAD + int.from_bytes(recorded[at : at + 3], "big")
        if end > len(recorded):
            break
        frames.append(recorded[at:end])
        at = end
    return frames


def flip_bits(frames: Frames, rng: random.Random, _: Sequence[Frames]) -> None:
    """One to eight bits turned in one frame."""
    at = rng.randrange(len(frames))
    out = bytearray(frames[at])
    for _turn in range(rng.randint(1, 8)):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    frames[at] = bytes(out)


def cut_payload(frames: Frames, rng: random.Random, _: Sequence[Frames]) -> None:
    """A payload cut short, with the length put right."""
    at = rng.randrange(len(frames))
    payload = frames[at][HEAD:]
    payload = payload[: rng.randrange(len(payload) + 1)]
    frames[at] = len(payload).to_bytes(3, "big") + frames[at][3:HEAD] + payload


def claim_length(frames: Frames, rng: random.Random, _: Sequence[Frames]) -> None:
    """A length that is not the payload's."""
    at = rng.randrange(len(frames))
    size = rng.choice((0, 1, 4, 5, 8, 9, 16_384, 16_385, (1 << 24) - 1, rng.randrange(1 << 15)))
    frames[at] = size.to_bytes(3, "big") + frames[at][3:]


def change_type(frames: Frames, rng: random.Random, _: Sequence[Frames]) -> None:
    """Another type of frame around the same payload."""
    at = rng.randrange(len(frames))
    frames[at] = frames[at][:3] + bytes((rng.choice((*range(11), 255)),)) + frames[at][4:]


def change_flags(frames: Frames, rng: random.Random, _: Sequence[Frames]) -> None:
    """Other flags."""
    at = rng.randrange(len(frames))
    frames[at] = frames[at][:4] + bytes((rng.randrange(256),)) + frames[at][5:]


def change_stream(frames: Frames, rng: random.Random, _: Sequence[Frames]) -> None:
    """Another stream: none, an old one, a neighbour, the last there can be."""
    at = rng.randrange(len(frames))
    number = rng.choice((0, 1, 2, 3, 5, 7, 99, 1 << 30, (1 << 31) - 1, (1 << 32) - 1))
    frames[at] = frames[at][:5] + number.to_bytes(4, "big") + frames[at][HEAD:]


def repeat_frame(frames: Frames, rng: random.Random, _: Sequence[Frames]) -> None:
    """The same frame again, once or very often."""
    at = rng.randrange(len(frames))
    frames[at:at] = [frames[at]] * rng.choice((1, 1, 1, 2, 50))


def drop_frame(frames: Frames, rng: random.Random, _: Sequence[Frames]) -> None:
    """A frame missing."""
    if len(frames) > 1:
        del frames[rng.randrange(len(frames))]


def swap_frames(frames: Frames, rng: random.Random, _: Sequence[Frames]) -> None:
    """Two frames in each other's place."""
    one, other = rng.randrange(len(frames)), rng.randrange(len(frames))
    frames[one], frames[other] = frames[other], frames[one]


def insert_frame(frames: Frames, rng: random.Random, _: Sequence[Frames]) -> None:
    """A frame that nobody recorded: any type, flags and stream, random payload."""
    payload = rng.randbytes(rng.choice((0, 1, 4, 5, 6, 8, 17, 300)))
    head = len(payload).to_bytes(3, "big") + bytes((rng.randrange(12), rng.randrange(256)))
    number = rng.choice((0, 1, 3, 5, 7)).to_bytes(4, "big")
    frames.insert(rng.randrange(len(frames) + 1), head + number + payload)


def insert_junk(frames: Frames, rng: random.Random, _: Sequence[Frames]) -> None:
    """Bytes between frames, so that nothing behind them is where it seems."""
    frames.insert(rng.randrange(len(frames) + 1), rng.randbytes(rng.randint(1, 20)))


def splice(frames: Frames, rng: random.Random, others: Sequence[Frames]) -> None:
    """The tail of another recording behind the head of this one."""
    other = rng.choice(others)
    at = rng.randrange(len(frames))
    start = rng.randrange(len(other))
    frames[at:] = other[start : start + MOST_FRAMES]


def change_prefix(frames: Frames, rng: random.Random, _: Sequence[Frames]) -> None:
    """Another flag or length in a gRPC prefix (the first bytes of a DATA frame)."""
    data = [at for at, each in enumerate(frames) if len(each) > HEAD + 5 and each[3] == 0]
    if data:
        at = rng.choice(data)
        flag = rng.choice((0, 0, 0, 1, 2, 255))
        size = rng.choice((0, 1, 5, 1 << 14, 1 << 20, (1 << 32) - 1))
        prefix = bytes((flag,)) + size.to_bytes(4, "big")
        frames[at] = frames[at][:HEAD] + prefix + frames[at][HEAD + 5 :]


MUTATIONS: tuple[Mutation, ...] = (
    flip_bits,
    cut_payload,
    claim_length,
    change_type,
    change_flags,
    change_stream,
    repeat_frame,
    drop_frame,
    swap_frames,
    insert_frame,
    insert_junk,
    splice,
    change_prefix,
)


def mutated(recordings: Sequence[Frames], rng: random.Random) -> tuple[bytes, set[str]]:
    """A new stream of bytes, and the names of the mutations in it."""
    frames = list(rng.choice(recordings)[: rng.randint(FEWEST_FRAMES, MOST_FRAMES)])
    first = frames.pop(0)  # SETTINGS: without them nothing behind is read
    names = set()
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        mutation = rng.choice(MUTATIONS)
        mutation(frames, rng, recordings)
        names.add(mutation.__name__)
    start = PREFACE + first
    if rng.random() < BROKEN_START_SHARE:
        broken = [start]
        flip_bits(broken, rng, recordings)
        start = broken[0]
    return start + b"".join(frames), names
