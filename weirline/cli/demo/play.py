"""What one run of the demo serves and asks: the planted shop, or the leaks of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from weirline.cli.demo.leak import Leak
from weirline.cli.demo.planted import clean_pages, plant
from weirline.cli.demo.sample_api import Page, Pages
from weirline.cli.demo.trial import Request

# What is asked for, in this order: an ordinary day of a shop, with the three leaks in it.
TARGETS = (
    *("/", "/v1/status", "/v1/goods", "/v1/goods/7003", "/v1/customers/7", "/robots.txt"),
    *("/v1/goods/7008", "/v1/customers/12", "/v1/customers?limit=50", "/v1/goods", "/shop.css"),
    *("/v1/status", "/debug/config", "/v1/customers/31", "/v1/goods/7001", "/orders/1041"),
    *("/", "/v1/goods/7011", "/v1/customers/48", "/v1/status"),
)
MEASURED = "/v1/goods"


@dataclass(frozen=True, slots=True)
class Play:
    """`values` are all values that must not come out; `measured` is a clean page of some 2 KiB.

    `opening` says what is played.
    """

    opening: str
    pages: Pages
    requests: tuple[Request, ...]
    values: tuple[bytes, ...]
    measured: str


def planted_play(seed: int) -> Play:
    """Return the shop with its three leaks; `seed` makes half of their values."""
    planted = plant(seed)
    by_path = {leak.path: leak for leak in planted.leaks}
    return Play(
        opening=f"A sample shop with three leaks; half of their values made with --seed {seed}",
        pages=planted.pages,
        requests=tuple(Request(target, by_path.get(target)) for target in TARGETS),
        values=planted.values,
        measured=MEASURED,
    )


def file_play(leaks: Sequence[Leak], file: str) -> Play:
    """Return the leaks of a file; those that share a path are served as its first, second answer.

    The page for measuring is served beside them.
    """
    pages: dict[str, list[Page]] = {MEASURED: list(clean_pages()[MEASURED])}
    requests = []
    pages |= {leak.path: [] for leak in leaks}
    for leak in leaks:
        answers = pages[leak.path]
        requests.append(Request(leak.path, leak, len(answers)))
        answers.append(Page(leak.content_type, leak.body, leak.status))
    return Play(
        opening=f"Leaks of {file}: {len(leaks)}",
        pages=pages,
        requests=tuple(requests),
        values=tuple(value for leak in leaks for value in leak.values),
        measured=MEASURED,
    )
