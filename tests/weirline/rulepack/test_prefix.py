from __future__ import annotations

import random
import re

import pytest

from weirline.rulepack.expression import (
    Bytes,
    Choice,
    Fence,
    Node,
    Repeat,
    Sequence,
    parse_expression,
)
from weirline.rulepack.prefix import (
    leading_literal,
    leading_literal_width,
    loose_prefix_expression,
    loosened,
    prefix_expression,
    render,
)

PATTERNS = [
    r"\bkey_[0-9a-f]{16}\b",
    r"(?:^|[^0-9])(?P<v>\d{3}-\d{2}-\d{4})(?:[^0-9]|$)",
    r"[a-z]{1,5}@(?:[a-z]{1,3}\.){1,2}[a-z]{2}",
    "a(?:b|cd|)*e{0,2}",
    "(?:ab){2,3}c?",
    "-{5}BEGIN KEY-{5}[A-Z]+(?:-----)?",
    "(?i:ab)c{3}",
    "(?:a?b?c?){0,2}d",
    "x{0}y",
]


def made_by(node: Node, rng: random.Random) -> bytes:
    """Return one text that `node` matches, fences aside."""
    match node:
        case Bytes(mask):
            return bytes((rng.choice([byte for byte in range(256) if mask >> byte & 1]),))
        case Fence():
            return b""
        case Sequence(parts):
            return b"".join(made_by(part, rng) for part in parts)
        case Choice(options):
            return made_by(rng.choice(options), rng)
        case Repeat(item, low, high):
            count = rng.randint(low, low + 3 if high is None else high)
            return b"".join(made_by(item, rng) for _ in range(count))


def matches_whole(expression: str, text: bytes) -> bool:
    pattern = expression.replace(r"\z", r"\Z").encode("latin-1")
    return re.fullmatch(pattern, text, re.DOTALL) is not None


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("make", [prefix_expression, loose_prefix_expression])
def test_every_beginning_of_a_match_is_matched(
    pattern: str, make: type, rng: random.Random
) -> None:
    node = parse_expression(pattern, caseless=False)
    for tree in (node, loosened(node)):
        expression = make(tree)
        for _ in range(40):
            text = made_by(node, rng)
            for end in range(len(text) + 1):
                assert matches_whole(expression, text[:end]), (expression, text[:end])


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (PATTERNS[0], b"kex"), (PATTERNS[0], b"key_g"), (PATTERNS[0], b"key_" + b"0" * 17),
        (PATTERNS[1], b"123-4x"), (PATTERNS[2], b"abcdef"), (PATTERNS[2], b"a@b.c.d."),
        (PATTERNS[3], b"ac "), (PATTERNS[4], b"aba "), (PATTERNS[5], b"-----BEGIN C"),
    ],
)  # fmt: skip
def test_text_that_cannot_become_a_match_is_not(pattern: str, text: bytes) -> None:
    assert not matches_whole(prefix_expression(parse_expression(pattern, caseless=False)), text)


def test_loose_form_tells_the_bytes_behind_a_literal_apart() -> None:
    expression = loose_prefix_expression(parse_expression(PATTERNS[0], caseless=False))
    assert matches_whole(expression, b"key_" + b"0" * 40)
    assert not matches_whole(expression, b"key_ ")
    assert len(expression) < len(prefix_expression(parse_expression(PATTERNS[0], caseless=False)))


@pytest.mark.parametrize(
    ("pattern", "literal", "width"),
    [
        (r"\bkey_[0-9]", b"key_", 4), ("-{5}BEGIN x?", b"-----BEGIN ", 11),
        ("(?:^|[^a])abc", b"abc", 3),
        ("(?i:ab)c[0-9]", b"", 3), ("[0-9]abc", b"", 0), ("(?:ab|cd)e", b"", 0), ("abc", b"abc", 3),
    ],
)  # fmt: skip
def test_literal_in_front_is_found_behind_fences(pattern: str, literal: bytes, width: int) -> None:
    node = parse_expression(pattern, caseless=False)
    assert (leading_literal(node), leading_literal_width(node)) == (literal, width)


def test_rendering_keeps_the_meaning_of_a_choice_in_a_sequence() -> None:
    assert render(parse_expression("a(?:b|c)d", caseless=False)) == "a(?:b|c)d"
    assert render(parse_expression("(?:ab){2}", caseless=False)) == "(?:ab){2}"
