from __future__ import annotations

import pytest

from weirline.body.content import UNKNOWN, ContentHint, hint_of


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        ("", UNKNOWN),
        ("text/html", ContentHint("text/html")),
        ("Text/HTML; Charset=UTF-16", ContentHint("text/html", "utf-16")),
        ('text/plain;format=flowed; charset="utf-16le"', ContentHint("text/plain", "utf-16le")),
        ("text/plain; charset=utf-8; charset=utf-16", ContentHint("text/plain", "utf-8")),
        ("text/plain;charset=", ContentHint("text/plain")),
        (";;;=", UNKNOWN),
    ],
)
def test_content_type_says_media_type_and_charset(header: str, hint: ContentHint) -> None:
    assert hint_of(header) == hint
