"""Words that many kinds share: what personal, tax or company numbers are called anywhere.

In `context.words`, `@tax` stands for the names a tax number has in English, whatever the country;
`brazilian @tax` for those names behind `brazilian`. The first belongs only to numbers whose check
or shape hardly lets another number pass; the second to all. Packs are compiled with the words
written out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class WordGroup(NamedTuple):
    """`alone` say enough by themselves; `named` are said together with a country's name."""

    alone: tuple[str, ...]
    named: tuple[str, ...]


GROUPS: Final[Mapping[str, WordGroup]] = MappingProxyType(
    {
        "person": WordGroup(
            (
                *("national id", "national identity", "national identification"),
                *("identity number", "id number", "identification number", "identity card"),
                *("id card", "personal id", "personal number", "personal code", "citizen id"),
                *("citizen number", "personal identification"),
            ),
            ("id", "identity", "identification", "national", "personal", "citizen", "resident"),
        ),
        "tax": WordGroup(
            (
                *("tax id", "tax number", "tax no", "tax identification", "tax registration"),
                *("tax reference", "tax code", "tin", "taxpayer", "taxpayer id"),
                *("fiscal code", "fiscal number"),
            ),
            ("tax", "taxpayer", "tin", "fiscal"),
        ),
        "vat": WordGroup(("vat", "vatin"), ("vat", "tax")),
        "social": WordGroup(
            ("social security", "social insurance", "insurance number"),
            ("social", "social security", "social insurance", "insurance", "ssn"),
        ),
        "company": WordGroup(
            (
                *("company number", "company id", "company no", "company registration"),
                *("business number", "business id", "business registration"),
                *("registration number", "enterprise number", "legal entity"),
                *("organisation number", "organization number"),
            ),
            ("company", "business", "enterprise", "organisation", "organization", "registration"),
        ),
        "bank": WordGroup(("bank account", "account number"), ("bank", "bank account", "account")),
        "passport": WordGroup(("passport",), ("passport",)),
        "driver": WordGroup(
            ("driving licence", "driver licence", "drivers licence"),
            (
                *("driving licence", "driver licence", "drivers licence"),
                *("driving license", "driver license", "drivers license"),
            ),
        ),
    }
)
_MARK: Final = "@"


def unknown_groups(words: Iterable[str]) -> list[str]:
    """Return the words that name a group there is none of."""
    return [word for word in words if _MARK in word and word.rpartition(_MARK)[2] not in GROUPS]


def written_out(words: Iterable[str]) -> tuple[str, ...]:
    """Return `words` with every group written out, each word once, in their order.

    Raises KeyError for a group there is none of.
    """
    return tuple(dict.fromkeys(one for word in words for one in _of(word)))


def _of(word: str) -> Iterator[str]:
    before, mark, name = word.rpartition(_MARK)
    if not mark:
        yield word
        return
    group = GROUPS[name]
    country = before.strip()
    yield from (f"{country} {one}" for one in group.named) if country else group.alone
