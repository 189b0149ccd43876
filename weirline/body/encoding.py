"""Content codings: what a body was packed with, undone and done again, a piece at a time.

A few bytes may unpack to gigabytes, so nothing here ever unpacks more than one piece ahead of its
reader, and a body that grows beyond `max_ratio` is given up (Unreadable). The core knows no clock:
the bound on bytes unpacked, in every stage of a stack, is also the bound on time. It refuses to
guess: bytes behind the end of a stream, a stream that does not end and a window above 8 MiB are
all unreadable.
Source: RFC 9110 section 8.4; RFC 1950, 1951, 1952; RFC 7932; RFC 8878; RFC 9659.
"""

from __future__ import annotations

import enum
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final, Protocol

import brotli
import zstandard

from weirline.errors import Unreadable

PIECE_BYTES: Final = 64 << 10
MAX_STACKED: Final = 4  # codings on one body; more is no honest server's
RATIO_FLOOR_BYTES: Final = 1 << 20  # up to here any ratio is harmless
RATIO: Final = "ratio"  # why a body that unpacks to too much is unreadable
ZSTD_WINDOW_BYTES: Final = 8 << 20  # RFC 9659: what every decoder must, and ours does, take
MOST_MEMBERS: Final = 4096  # members or frames in one body; setting one up costs microseconds
_SLICE: Final = 4096  # what follows a member is copied, so little of it is given at once
_ZSTD_SLICE: Final = 256  # a block of 128 KiB may take four bytes: so at most 8 MiB a slice
_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP_BITS, _ZLIB_BITS, _RAW_BITS = 31, 15, -15


class Coding(enum.StrEnum):
    """A content coding that can be undone."""

    GZIP = "gzip"
    DEFLATE = "deflate"
    BR = "br"
    ZSTD = "zstd"


_NAMES = {
    b"gzip": Coding.GZIP,
    b"x-gzip": Coding.GZIP,
    b"deflate": Coding.DEFLATE,
    b"br": Coding.BR,
    b"zstd": Coding.ZSTD,
}
_ACCEPTED = frozenset((*_NAMES, b"identity"))


@lru_cache(maxsize=256)
def codings_of(content_encoding: bytes) -> tuple[Coding, ...] | None:
    """Return the codings in the order they were applied, None if one of them is unknown."""
    names = [name.strip().lower() for name in content_encoding.split(b",")]
    real = [name for name in names if name not in (b"", b"identity")]
    if len(real) > MAX_STACKED or any(name not in _NAMES for name in real):
        return None
    return tuple(_NAMES[name] for name in real)


@lru_cache(maxsize=512)
def narrowed(accept_encoding: bytes) -> bytes:
    """Return `accept-encoding` without the codings that cannot be undone here.

    The same object where nothing has to go; `identity` where nothing is left.
    """
    members = [member.strip() for member in accept_encoding.split(b",")]
    kept = [one for one in members if one.partition(b";")[0].strip().lower() in _ACCEPTED]
    if len(kept) == len(members):
        return accept_encoding
    return b", ".join(kept) or b"identity"


class _Stage(Protocol):
    def pieces(self, data: bytes) -> Iterator[bytes]: ...

    @property
    def at_rest(self) -> bool: ...


class Decoder:
    """Undoes a stack of codings. Mutable; owned by one body.

    `max_ratio` bounds what each stage may make of the bytes that came in, beyond a floor of 1 MiB.
    """

    __slots__ = ("_made", "_max_ratio", "_stages", "_taken")

    def __init__(self, codings: Sequence[Coding], *, max_ratio: int) -> None:
        self._stages = [_stage(coding) for coding in reversed(codings)]
        self._made = [0] * len(self._stages)
        self._max_ratio = max_ratio
        self._taken = 0

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` unpacks to. Raises Unreadable, perhaps after some good pieces."""
        self._taken += len(data)
        yield from self._through(0, data)

    def end(self) -> None:
        """Say that nothing more comes. Raises Unreadable if something is missing."""
        if self._taken and not all(stage.at_rest for stage in self._stages):
            raise Unreadable("truncated")

    def _through(self, depth: int, data: bytes) -> Iterator[bytes]:
        if depth == len(self._stages):
            yield data
            return
        try:
            for piece in self._stages[depth].pieces(data):
                self._made[depth] += len(piece)
                if self._made[depth] > max(RATIO_FLOOR_BYTES, self._max_ratio * self._taken):
                    raise Unreadable(RATIO)
                yield from self._through(depth + 1, piece)
        except (zlib.error, brotli.error, zstandard.ZstdError, MemoryError) as error:
            raise Unreadable("broken") from error


class Encoder:
    """Does a stack of codings. Mutable; owned by one body.

    Fast settings: what is packed here crosses one network once.
    """

    __slots__ = ("_stages",)

    def __init__(self, codings: Sequence[Coding]) -> None:
        self._stages = [_PACKERS[coding]() for coding in codings]

    def feed(self, data: bytes) -> bytes:
        """Return packed bytes from which all of `data` so far can be unpacked."""
        for stage in self._stages:
            data = stage.feed(data)
        return data

    def finish(self, data: bytes) -> bytes:
        """Return the last packed bytes."""
        for stage in self._stages:
            data = stage.feed(data) + stage.finish()
        return data


def _stage(coding: Coding) -> _Stage:
    match coding:
        case Coding.GZIP:
            return _Gzip()
        case Coding.DEFLATE:
            return _Deflate()
        case Coding.BR:
            return _Brotli()
        case Coding.ZSTD:
            return _Zstandard()


def _inflated(machine: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """Yield all that `machine` makes of `data`, up to the end of its stream."""
    while True:
        out = machine.decompress(data, PIECE_BYTES)
        data = machine.unconsumed_tail
        if out:
            yield out
        if machine.eof or (not data and len(out) < PIECE_BYTES):
            return


class _Gzip:
    """One or more members (RFC 1952 section 2.2); zeros behind them are padding."""

    def __init__(self) -> None:
        self._machine: zlib._Decompress | None = None
        self._begun = b""  # less than the two bytes that begin a member
        self._members = 0

    @property
    def at_rest(self) -> bool:
        return self._machine is None and not self._begun

    def pieces(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), _SLICE):
            yield from self._slice(data[at : at + _SLICE])

    def _slice(self, data: bytes) -> Iterator[bytes]:
        data = self._begun + data
        self._begun = b""
        while data:
            if self._machine is None:
                if self._members:
                    data = data.lstrip(b"\x00")
                if len(data) < len(_GZIP_MAGIC):
                    self._begun = data
                    return
                if not data.startswith(_GZIP_MAGIC):
                    raise Unreadable("broken")
                self._machine = zlib.decompressobj(_GZIP_BITS)
            yield from _inflated(self._machine, data)
            if not self._machine.eof:
                return
            data = self._machine.unused_data
            self._machine = None
            self._members += 1
            if self._members > MOST_MEMBERS:
                raise Unreadable("broken")


class _Deflate:
    """The zlib format, or, as many servers send under that name, the bare one inside it."""

    def __init__(self) -> None:
        self._machine: zlib._Decompress | None = None
        self._begun = b""

    @property
    def at_rest(self) -> bool:
        return self._machine is not None and self._machine.eof

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if self._machine is None:
            data = self._begun + data
            if len(data) < 2:  # not enough to tell the two formats apart
                self._begun = data
                return
            is_zlib = data[0] & 0x0F == zlib.DEFLATED and not (data[0] << 8 | data[1]) % 31
            self._machine = zlib.decompressobj(_ZLIB_BITS if is_zlib else _RAW_BITS)
        if self._machine.eof and data:
            raise Unreadable("broken")
        yield from _inflated(self._machine, data)
        if self._machine.unused_data:
            raise Unreadable("broken")


class _Brotli:
    """One stream. What it owes it keeps, so it is drained to the last before it is fed again."""

    def __init__(self) -> None:
        self._machine = brotli.Decompressor()

    @property
    def at_rest(self) -> bool:
        return bool(self._machine.is_finished())

    def pieces(self, data: bytes) -> Iterator[bytes]:
        if data and self._machine.is_finished():
            raise Unreadable("broken")
        while True:
            out: bytes = self._machine.process(data, output_buffer_limit=PIECE_BYTES)
            data = b""
            if not out:
                return
            yield out


class _Zstandard:
    """One or more frames. The binding knows no limit on output, so input comes in small slices."""

    def __init__(self) -> None:
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW_BYTES)
        self._machine: zstandard.ZstdDecompressionObj | None = None
        self._frames = 0

    @property
    def at_rest(self) -> bool:
        return self._machine is None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        for at in range(0, len(data), _ZSTD_SLICE):
            left = data[at : at + _ZSTD_SLICE]
            while left:
                machine = self._machine or self._decompressor.decompressobj()
                out = machine.decompress(left)
                if out:
                    yield out
                left = b""
                self._machine = machine
                if machine.eof:
                    left, self._machine = machine.unused_data, None
                    self._frames += 1
                    if self._frames > MOST_MEMBERS:
                        raise Unreadable("broken")


class _Packer(Protocol):
    def feed(self, data: bytes) -> bytes: ...

    def finish(self) -> bytes: ...


class _ZlibPacker:
    def __init__(self, bits: int) -> None:
        self._machine = zlib.compressobj(1, zlib.DEFLATED, bits)

    def feed(self, data: bytes) -> bytes:
        return self._machine.compress(data) + self._machine.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._machine.flush(zlib.Z_FINISH)


class _BrotliPacker:
    def __init__(self) -> None:
        self._machine = brotli.Compressor(quality=3, lgwin=18)

    def feed(self, data: bytes) -> bytes:
        return bytes(self._machine.process(data) + self._machine.flush())

    def finish(self) -> bytes:
        return bytes(self._machine.finish())


class _ZstandardPacker:
    def __init__(self) -> None:
        self._machine = zstandard.ZstdCompressor(level=1).compressobj()

    def feed(self, data: bytes) -> bytes:
        return self._machine.compress(data) + self._machine.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def finish(self) -> bytes:
        return self._machine.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)


_PACKERS: dict[Coding, Callable[[], _Packer]] = {
    Coding.GZIP: lambda: _ZlibPacker(_GZIP_BITS),
    Coding.DEFLATE: lambda: _ZlibPacker(_ZLIB_BITS),
    Coding.BR: _BrotliPacker,
    Coding.ZSTD: _ZstandardPacker,
}
