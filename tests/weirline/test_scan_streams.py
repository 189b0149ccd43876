"""Streams cut anywhere, where values are written in the ways that a stream waits for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from urllib.parse import quote

import pytest

from tests.weirline.detect.sample import CARD, KEY, MAIL, chain
from weirline.flow.hold_back import HoldBack
from weirline.flow.limits import Limits
from weirline.scan import TextScanner

SCANNER = TextScanner(chain(CARD, KEY, MAIL))
VALUES = {"card": "4111 1111 1111 1111", "key": "key_0123456789abcdef", "mail": "ab.c@d.ef"}


def numbers(text: str) -> str:
    return "".join(f"&#{ord(one)};" for one in text)


def percent(text: str) -> str:
    return "".join(f"%{ord(one):02x}" for one in text)


def full_width(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if one.isalnum() else one for one in text)


WRITERS: dict[str, Callable[[str], str]] = {
    "references": numbers,
    "references twice": lambda text: numbers(text).replace("&", "&amp;"),
    "percent twice": lambda text: quote(percent(text)),
    "percent-u": lambda text: "".join(f"%u{ord(one):04x}" for one in text),
    "full width": full_width,
    "zero width": "\u200b".join,
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "pairs of escapes": lambda text: f"\\ud83d\\ude00 {text} \\ud83d\\ude00",
}


def through(text: bytes, cut: int) -> list[tuple[str, int, int]]:
    """Return what is found in two pieces, at its place in the whole."""
    held = HoldBack(SCANNER, Limits())
    seen: list[tuple[str, int, int]] = []
    left = 0
    for low, high in pairwise((0, cut, len(text))):
        release = held.finish(text[low:high]) if low else held.feed(text[low:high])
        shift = left - release.start
        seen += [(one.detector, one.start + shift, one.end + shift) for one in release.findings]
        left += release.end - release.start
    assert left == len(text)
    return seen


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("writer", WRITERS)
def test_value_cut_at_every_offset_is_found_however_it_is_written(kind: str, writer: str) -> None:
    text = f"<p>first {WRITERS[writer](VALUES[kind])} last</p>".encode()
    whole = [(one.detector, one.start, one.end) for one in SCANNER.scan(text).findings]
    assert [one[0] for one in whole] == [kind]
    for cut in range(1, len(text)):
        assert through(text, cut) == whole, cut
