from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.fakes.fast_transport import FULL
from weirline.body import fast_escape, json_escape, percent
from weirline.body.json_escape import json_view
from weirline.body.percent import percent_view
from weirline.body.segment import Segment, View

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

JSON_PARTS = [
    *("\\", "\\\\", "\\\\\\", "\\" * 15, "\\" * 16, "\\" * 17, "u", "u0", "u00", "u004", "u0040"),
    *('\\"', "\\/", "\\n", "\\t", "\\b", "/", '"', "n", "a", "1", "4111", " ", "\x01", "\x02"),
    *("\\u005c", "\\u0001", "\\u0002", "\\ud83d", "\\uDE00", "\\\\uDe00", "\\ud83d\\\\\\ude00"),
    *(
        "\\u00e9",
        "\\u20ac",
        "\\u0075",
        "\\u0030",
        "\\uFFFF",
        "\\u0g40",
        "\x80",
        "\xc2\xa0",
        "\\\\/",
    ),
]
PERCENT_PARTS = [
    *("%", "%%", "%4", "%40", "%34", "%3", "%u", "%u0", "%u00", "%u004", "%u0040", "%uD800", "41"),
    *("%25", "%u20ac", "%u00e9", "0", "a", "G", "%ff", "=1+2", "+", "%0", "\xff"),
]


def _both(
    monkeypatch: pytest.MonkeyPatch, undo: Callable[[View], View | None], texts: Sequence[bytes]
) -> list[tuple[bytes, View, View]]:
    """Return each text with its view by the compiled part, and by Python."""
    fast = [undo(Segment(text)) for text in texts]
    for module in (json_escape, percent):
        for name in ("BLANK", "DEEP", "CODES", "PERCENT"):
            monkeypatch.setattr(module, name, None, raising=False)
    slow = [undo(Segment(text)) for text in texts]
    assert [one is None for one in fast] == [one is None for one in slow]
    return [
        (text, first, second)
        for text, first, second in zip(texts, fast, slow, strict=True)
        if first is not None and second is not None
    ]


@FULL
@pytest.mark.parametrize(
    ("undo", "parts"), [(json_view, JSON_PARTS), (percent_view, PERCENT_PARTS)]
)
def test_compiled_and_python_make_the_same_of_random_texts(
    monkeypatch: pytest.MonkeyPatch, undo: Callable[[View], View | None], parts: list[str]
) -> None:
    assert fast_escape.PERCENT is not None
    rng = Random(20261125)
    texts = [
        "".join(rng.choices(parts, k=rng.randrange(1, 14))).encode("latin-1") for _ in range(8_000)
    ]
    told = _both(monkeypatch, undo, texts)
    assert len(told) > 1_000
    for text, fast, slow in told:
        assert fast.text == slow.text, text
        at = rng.randrange(len(fast.text) + 1)
        end = rng.randrange(at, len(fast.text) + 1)
        assert fast.to_wire(at, end) == slow.to_wire(at, end), text


@pytest.mark.parametrize(
    ("undo", "text", "made"),
    [
        (percent_view, b"%%341 %41", b"%41 A"),
        (percent_view, b"%4%31 %41", b"%41 A"),
        (json_view, rb"\u004\u0030 \u0040", b"\\u0040 @"),
    ],
)
def test_escape_made_by_another_one_is_none(
    monkeypatch: pytest.MonkeyPatch,
    undo: Callable[[View], View | None],
    text: bytes,
    made: bytes,
) -> None:
    ((_, fast, slow),) = _both(monkeypatch, undo, [text])
    assert fast.text == slow.text == made
