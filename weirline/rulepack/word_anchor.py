"""Where a word of a context may stand, as expressions for the literal pass.

What they find is only worth a look: `surroundings` decides what is a word. So they may find more
than the word, and must miss none of the ways to write it: any case, its parts joined by a blank,
`_`, `-` or nothing. Short words are fenced, because three letters stand in every other word.
"""

from __future__ import annotations

import re
from typing import Final

from weirline.detect.matcher import Expression

LONGEST_WORD: Final = 64  # bytes, with what stands between its parts
_LEAST_PLAIN: Final = 4  # letters of a part that needs no fence
# Parts that ordinary JSON is full of: a word of these alone is looked for as a whole.
_COMMON: Final = frozenset(
    [
        "account",
        "address",
        "bank",
        "birth",
        "business",
        "card",
        "cards",
        "code",
        "codes",
        "company",
        "country",
        "customer",
        "data",
        "date",
        "document",
        "email",
        "employee",
        "file",
        "form",
        "home",
        "identity",
        "iden",
        "item",
        "key",
        "license",
        "mobile",
        "name",
        "number",
        "numbers",
        "order",
        "payment",
        "person",
        "personal",
        "phone",
        "price",
        "public",
        "record",
        "reference",
        "service",
        "state",
        "status",
        "street",
        "text",
        "time",
        "token",
        "type",
        "user",
        "value",
        "version",
        "work",
    ]
)
_PART: Final = re.compile(r"[^\W\d_]+|\d+")
_BETWEEN: Final = r"[ \t_.\x27\x5c\x80-\xff-]{0,4}"
_END: Final = r"(?:[^a-z]|s|$)"


def word_anchor(word: str) -> tuple[Expression, ...]:
    """Return expressions of which one ends in or right behind `word`, however it is written."""
    word = word.lower()
    parts = _PART.findall(word)
    if not parts:
        return tuple(_literal(one) for one in _cases(word))
    longest = max(parts, key=lambda part: len(part.encode()))
    if not word.isascii() or (len(parts) == 1 and len(longest) >= _LEAST_PLAIN):
        return tuple(_literal(one) for one in _cases(longest))
    rare = [part for part in parts if len(part) > _LEAST_PLAIN and part not in _COMMON]
    if rare:
        return (_literal(max(rare, key=len)),)
    if len(longest) >= _LEAST_PLAIN:
        return (Expression(_BETWEEN.join(parts), caseless=True),)
    joined = _BETWEEN.join(parts)
    first, rest = joined[0], joined[1:]
    capital = f"{first.upper()}(?i:{rest})" if rest else first.upper()
    fenced = f"(?:(?:^|[^A-Za-z])(?i:{joined})|[a-z]{capital}|[A-Z]{first.upper()}{rest}){_END}"
    return (Expression(fenced, caseless=False),)


def _cases(text: str) -> tuple[str, ...]:
    """Return the ways to write `text` that differ beyond ASCII, where the engine folds no case."""
    if text.isascii():
        return (text.lower(),)
    return tuple(dict.fromkeys((text.lower(), text.upper(), text.capitalize(), text)))


def _literal(text: str) -> Expression:
    return Expression("".join(f"\\x{byte:02x}" for byte in text.encode()), caseless=True)
