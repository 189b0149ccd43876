r"""Finds text written in base64 inside a text, and reads it: both alphabets, lines, JSON's escapes.

Only what is text again is read: a picture, a key's bytes or a hash hold no value for a detector of
text, and an identifier that happens to be of the same letters gives bytes that are none. A mask is
written in base64 again, so that who decodes it reads asterisks in the value's place.
Source: RFC 4648 sections 4 and 5; RFC 2045 section 6.8 (lines); RFC 7468 (lines of PEM).
"""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterator
from typing import Final

from weirline.body.charset import charset_of, charset_view
from weirline.body.escape import undone
from weirline.body.patchwork import Patchwork, Piece, patchwork
from weirline.body.segment import Patch, Segment, View
from weirline.detect.finding import Step, Way, Written
from weirline.detect.linear_regex import LinearRegex

STEP: Final = Step(Written.BASE64)
SHORTEST: Final = 14  # letters; ten bytes of text
LONG: Final = 64  # letters in a row that are looked into, without a mark, in a large text

_LETTER: Final = r"[A-Za-z0-9+/_\-]"
_BREAK: Final = r"(?:\r?\n|(?:\\+r)?\\+n)[ \t]*"
# Lines after the first hold no dash: it may be the border of a part.
_RUN: Final = LinearRegex(
    rf"(?:{_LETTER}|\\+/){{{SHORTEST},}}(?:{_BREAK}(?:[A-Za-z0-9+/]|\\+/){{4,}})*"
    rf"(?:=|==|{_BREAK}{_LETTER}{{2,3}}==?)?",
    caseless=False,
    max_mem_bytes=1 << 20,
)
_NO_LETTER: Final = re.compile(rb"((?:\r?\n|(?:\\+r)?\\+n)[ \t]*|\\+(?=/)|=+)")
_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_FOR_URLS: Final = bytes.maketrans(b"+/", b"-_")
_FIRST: Final = 32  # letters that tell most bytes that are no text, and cost a microsecond
_LEAST_FIRST: Final = 12
_FEW_NULS: Final = 0.2  # of bytes; a charset of two or four bytes makes more of ASCII
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_LETTERS: Final = bytes(byte for byte in range(128) if chr(byte).isalnum()) + b"+/-_"
_SAMPLE: Final = 160  # letters that are looked at before a run is read
_HEAD: Final = 96  # bytes that must be text
_TEXT: Final = bytes((9, 10, 13, *range(32, 127), *range(128, 256)))
_MOST_RUNS: Final = 16_384  # of letters that are looked at, in one text
_MOST_PIECES: Final = 2048  # that are read
_LONGEST_PATH: Final = 2048  # bytes; a longer run with slashes is no path
_LONGEST_CHARACTER: Final = 4

# Text in ASCII hardly ever makes one of the last two letters, which the two alphabets differ in.
PLACES: Final = (rf"[A-Za-z0-9+/]{{{LONG}}}",)
# Four letters stand for three bytes of ASCII if three of their bits are 0: one chance in eight.
ASCII_LETTERS: Final = (
    "A-Za-f",
    "A-HQ-Xg-nw-z0-3",
    "ABEFIJMNQRUVYZcdghklopstwx014589",
    r"A-Za-z0-9+/_\-",
) * (SHORTEST // 4)
SHORT_PLACES: Final = ("".join(f"[{letters}]" for letters in ASCII_LETTERS),)
# Padding, and what stands before base64 in data: URLs and in Basic credentials.
MARKED_PLACES: Final = (*PLACES, rf"{_LETTER}{{{SHORTEST}}}=", ";base64,", "[bB]asic ")


class Base64Text:
    """The text that a run of letters stands for; `letters` is the run without its line breaks."""

    __slots__ = ("_for_urls", "_letters", "text", "way")

    def __init__(self, letters: Segment, text: bytes) -> None:
        self.text = text
        self.way: Way = letters.way
        self._letters = letters
        self._for_urls = b"-" in letters.text or b"_" in letters.text

    def to_wire(self, start: int, end: int) -> tuple[int, int]:
        """Return the letters that hold any bit of [start, end)."""
        return self._letters.to_wire(*_letters_of(start, end))

    def lift(self, patch: Patch) -> Patch | None:
        """Return the letters that hold `patch`, and the bits around it as they were."""
        end = patch.start + len(patch.text)
        low = patch.start - patch.start % 3
        high = min(end + -end % 3, len(self.text))
        block = self.text[low : patch.start] + patch.text + self.text[end:high]
        letters = b2a_base64(block, newline=False)
        if self._for_urls:
            letters = letters.translate(_FOR_URLS)
        first, last = _letters_of(patch.start, end)
        begin = low // 3 * 4
        return self._letters.lift(Patch(first, letters[first - begin : last - begin]))


def base64_view(source: View) -> Patchwork | None:
    """Return a view of all texts in base64 in `source`, each after its context; None if none."""
    return patchwork(source, _pieces, STEP)


def _pieces(text: bytes) -> Iterator[Piece | None]:
    """Yield what is text in base64, in order; None at last where there is more than is read."""
    low = runs = read = 0
    while (found := _RUN.find(text, low, len(text))) is not None:
        (start, low), _ = found
        runs += 1
        if runs > _MOST_RUNS or read > _MOST_PIECES:
            yield None
            return
        view = _read(text[start:low])
        if view is None and (end := text.rfind(b"\n", start, low)) > 0:
            low = end  # what stands on the last line may be a word that follows
            view = _read(text[start:low])
        if view is not None:
            read += 1
            yield Piece(start, low, view)
        else:
            yield from _between_slashes(text, start, low)


def _between_slashes(text: bytes, start: int, end: int) -> Iterator[Piece]:
    """Yield what is base64 between the slashes of a path."""
    if end - start > _LONGEST_PATH or text.find(b"/", start, end) < 0:
        return
    for part in text[start:end].split(b"/"):
        run = part.rstrip(b"\\")
        if len(run) >= SHORTEST and (view := _read(run)) is not None:
            yield Piece(start, start + len(run), view)
        start += len(part) + 1


def _read(run: bytes) -> View | None:
    """Return what `run` stands for, None if that is no text."""
    if (b"-" in run or b"_" in run) and (b"+" in run or b"/" in run):
        return None
    if not _may_be_text(run[:_FIRST]):
        return None
    head = _decoded(_NO_LETTER.sub(b"", run[:_SAMPLE]))
    if not _is_text(head[:_HEAD]) and charset_of(head) is None:
        return None
    letters = _letters(run)
    text = _decoded(letters.text)
    view: View = Base64Text(letters, text)
    charset = charset_of(text)
    if charset is not None:
        return charset_view(view, charset)
    return view


def _may_be_text(first: bytes) -> bool:
    """Say of the letters that a run begins with whether they may be the beginning of a text."""
    if first.translate(None, _LETTERS):
        first = first.partition(b"\n")[0].partition(b"\\")[0].rstrip(b"\r=")
        if len(first) < _LEAST_FIRST or first.translate(None, _LETTERS):
            return True
    head = _decoded(first)
    return _is_text(head) or head.count(0) >= _FEW_NULS * len(head) or head.startswith(_WIDE_MARKS)


def _letters(run: bytes) -> Segment:
    """Return `run` without line breaks, escapes and padding."""
    wire = Segment(run)
    if b"\n" in run or b"\\" in run:
        return undone(wire, _NO_LETTER, _nothing, step=None, unsafe=None)
    return Segment(run.rstrip(b"="), source=wire)


def _nothing(_gap: bytes) -> bytes:
    return b""


def _decoded(letters: bytes) -> bytes:
    letters = letters.translate(
        _STANDARD, b"\\\r\n ="
    )  # the rest of an escape or break that was cut
    whole = letters[:-1] if len(letters) % 4 == 1 else letters
    return a2b_base64(whole + b"==")


def _is_text(head: bytes) -> bool:
    """Say whether `head`, the beginning of some bytes, is UTF-8 without control characters."""
    if not head or head.translate(None, _TEXT):
        return False
    if head.isascii():
        return True
    try:
        head.decode()
    except UnicodeDecodeError as error:  # at its end a character may be cut
        return error.start > max(len(head) - _LONGEST_CHARACTER, 0)
    return True


def _letters_of(start: int, end: int) -> tuple[int, int]:
    return start * 8 // 6, -(-end * 8 // 6)
