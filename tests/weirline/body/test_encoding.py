"""Content codings: undone in any pieces, within bounds, and done again."""

from __future__ import annotations

import gzip
import itertools
import os
import random
import zlib
from contextlib import suppress

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from weirline.body.encoding import (
    MAX_STACKED,
    MOST_MEMBERS,
    RATIO,
    RATIO_FLOOR_BYTES,
    Coding,
    Decoder,
    Encoder,
    codings_of,
    narrowed,
)
from weirline.errors import Unreadable

TEXT = b'{"name": "weir", "numbers": [1, 2, 3]}\n' * 500
STACKS = [(coding,) for coding in Coding] + [
    (Coding.GZIP, Coding.BR),
    (Coding.ZSTD, Coding.DEFLATE, Coding.GZIP, Coding.BR),
]
ZEROS = bytes(20 << 20)


def unpacked(data: bytes, codings: tuple[Coding, ...], step: int = 1 << 30) -> bytes:
    decoder = Decoder(codings, max_ratio=10_000)
    out = b"".join(
        piece for at in range(0, len(data), step) for piece in decoder.pieces(data[at : at + step])
    )
    decoder.end()
    return out


@pytest.mark.parametrize("codings", STACKS)
@pytest.mark.parametrize("step", [1, 7, 1000, 1 << 30])
def test_what_was_packed_is_unpacked_whatever_the_chunks(
    codings: tuple[Coding, ...], step: int
) -> None:
    encoder = Encoder(codings)
    packed = encoder.feed(TEXT[:100]) + encoder.feed(b"") + encoder.finish(TEXT[100:])
    assert unpacked(packed, codings, step) == TEXT


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        (Coding.GZIP, gzip.compress(TEXT, mtime=0)),
        (Coding.DEFLATE, zlib.compress(TEXT)),
        (Coding.DEFLATE, zlib.compress(TEXT, wbits=-15)),
        (Coding.BR, brotli.compress(TEXT)),
        (Coding.ZSTD, zstandard.compress(TEXT)),
    ],
)
def test_what_others_packed_is_unpacked(coding: Coding, packed: bytes) -> None:
    assert unpacked(packed, (coding,)) == TEXT


@pytest.mark.parametrize("codings", STACKS)
def test_every_piece_can_be_unpacked_as_soon_as_it_is_packed(codings: tuple[Coding, ...]) -> None:
    encoder, decoder = Encoder(codings), Decoder(codings, max_ratio=100)
    for piece in (b"first", b"second", b"third"):
        assert b"".join(decoder.pieces(encoder.feed(piece))) == piece


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        (Coding.GZIP, gzip.compress(b"one ", mtime=0) + gzip.compress(b"two", mtime=0)),
        (Coding.GZIP, gzip.compress(b"one two", mtime=0) + bytes(100)),
        (Coding.ZSTD, zstandard.compress(b"one ") + zstandard.compress(b"two")),
    ],
)
@pytest.mark.parametrize("step", [1, 5, 1000])
def test_several_members_are_one_body(coding: Coding, packed: bytes, step: int) -> None:
    assert unpacked(packed, (coding,), step) == b"one two"


@pytest.mark.parametrize(
    ("coding", "member"),
    [(Coding.GZIP, gzip.compress(b"x", mtime=0)), (Coding.ZSTD, zstandard.compress(b"x"))],
)
def test_more_members_than_are_set_up_are_broken(coding: Coding, member: bytes) -> None:
    assert unpacked(member * MOST_MEMBERS, (coding,)) == b"x" * MOST_MEMBERS
    with pytest.raises(Unreadable, match="broken"):
        unpacked(member * (MOST_MEMBERS + 1), (coding,))


@pytest.mark.parametrize("coding", list(Coding))
def test_bytes_behind_the_end_are_broken(coding: Coding) -> None:
    packed = Encoder((coding,)).finish(TEXT)
    with pytest.raises(Unreadable, match="broken"):
        unpacked(packed + b"behind the end", (coding,))


@pytest.mark.parametrize("coding", list(Coding))
def test_end_that_is_missing_is_told(coding: Coding) -> None:
    packed = Encoder((coding,)).finish(TEXT)
    for cut in (1, len(packed) // 2, len(packed) - 1):
        with pytest.raises(Unreadable, match="truncated"):
            unpacked(packed[:cut], (coding,))


@pytest.mark.parametrize("coding", list(Coding))
def test_empty_body_is_no_fault(coding: Coding) -> None:
    assert unpacked(b"", (coding,)) == b""


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [
        (Coding.GZIP, gzip.compress(ZEROS, mtime=0)),
        (Coding.DEFLATE, zlib.compress(ZEROS)),
        (Coding.BR, brotli.compress(ZEROS, quality=3)),
        (Coding.ZSTD, zstandard.compress(ZEROS)),
    ],
)
def test_body_that_unpacks_to_too_much_is_given_up_early(coding: Coding, bomb: bytes) -> None:
    made: list[int] = []
    pieces = map(len, Decoder((coding,), max_ratio=100).pieces(bomb))
    with pytest.raises(Unreadable, match=RATIO):
        made.extend(pieces)
    assert sum(made) <= max(RATIO_FLOOR_BYTES, 100 * len(bomb))


def test_bomb_in_an_outer_coding_counts_although_nothing_comes_out() -> None:
    empty_blocks = b"\x00\x00\x00\xff\xff" * 600_000  # of deflate; br outside packs them well
    codings = (Coding.DEFLATE, Coding.BR)
    pieces = Decoder(codings, max_ratio=100).pieces(brotli.compress(empty_blocks, quality=1))
    with pytest.raises(Unreadable, match=RATIO):
        list(pieces)


def test_window_above_what_every_decoder_has_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    packed = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    data = packed.compress(os.urandom(1 << 20)) + packed.flush()
    with pytest.raises(Unreadable, match="broken"):
        unpacked(data, (Coding.ZSTD,))


@given(data=st.binary(max_size=200), coding=st.sampled_from(list(Coding)))
def test_noise_is_unreadable_or_unpacks_and_nothing_else(data: bytes, coding: Coding) -> None:
    with suppress(Unreadable):
        unpacked(data, (coding,))


@pytest.mark.parametrize("coding", list(Coding))
def test_flipped_bits_are_unreadable_or_unpack_and_nothing_else(coding: Coding) -> None:
    rng = random.Random(7)
    packed = Encoder((coding,)).finish(TEXT)
    for _ in range(500):
        damaged = bytearray(packed)
        for _ in range(rng.randint(1, 3)):
            damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
        with suppress(Unreadable):
            unpacked(bytes(damaged), (coding,))


@pytest.mark.parametrize(
    ("value", "codings"),
    [
        (b"gzip", (Coding.GZIP,)),
        (b" X-GZip , identity", (Coding.GZIP,)),
        (b"identity", ()),
        (b"", ()),
        (b"zstd,br,deflate", (Coding.ZSTD, Coding.BR, Coding.DEFLATE)),
        (b"compress", None),
        (b"gzip, dcb", None),
        (b",".join([b"gzip"] * (MAX_STACKED + 1)), None),
    ],
)
def test_codings_are_named_in_the_order_they_were_applied(
    value: bytes, codings: tuple[Coding, ...] | None
) -> None:
    assert codings_of(value) == codings


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (b"gzip, deflate, br, zstd, dcb, dcz", b"gzip, deflate, br, zstd"),
        (b"gzip;q=1.0, *;q=0.5", b"gzip;q=1.0"),
        (b"*", b"identity"),
        (b"compress", b"identity"),
        (b"GZIP", b"GZIP"),
    ],
)
def test_only_known_codings_are_asked_for(value: bytes, kept: bytes) -> None:
    assert narrowed(value) == kept


def test_request_that_asks_for_known_codings_only_is_left_alone() -> None:
    value = b"gzip, br;q=0.9,identity;q=0"
    assert narrowed(value) is value


def test_stacks_up_to_the_most_are_known() -> None:
    for stack in itertools.product((b"gzip", b"br"), repeat=MAX_STACKED):
        assert codings_of(b", ".join(stack)) is not None
