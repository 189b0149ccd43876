"""`weirline kinds`: every kind of value that can be found, as the shipped detectors say.

A kind is proven if a maker of test values is written from its specification, so that tests find
what the issuer would issue and not only the examples of its author.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from weirline.cli.output import say
from weirline.rulepack.shipped import DEFAULT_PACK, CompiledPacks, shipped_packs
from weirline.specimen import SPECIMENS

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


class Kind(msgspec.Struct, frozen=True):
    """One kind as `--format json` prints it; `default` says whether the default pack has it."""

    id: str
    title: str
    category: str
    packs: tuple[str, ...]
    validator: str | None
    severity: str
    proven: bool
    default: bool


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "kinds",
        help="list every kind of value that can be found",
        description="Lists detector ids, as policies name them, by category.",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="text: one line a kind; json: a list with packs, check and whether proven",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print every kind, sorted by category and id; return 0."""
    kinds = kinds_of(shipped_packs())
    if args.format == "json":
        say(msgspec.json.format(msgspec.json.encode(kinds), indent=2).decode())
        return 0
    say("\n".join(_lines(kinds)))
    return 0


def kinds_of(packs: CompiledPacks) -> list[Kind]:
    """Return the kinds of `packs`, sorted by category and id."""
    homes: dict[str, list[str]] = {detector.id: [] for detector in packs.detectors}
    for name in sorted(packs.packs):
        for detector in packs.packs[name]:
            homes[detector].append(name)
    kinds = [
        Kind(
            detector.id,
            detector.title,
            detector.category,
            tuple(homes[detector.id]),
            detector.validator,
            detector.severity.value,
            detector.id in SPECIMENS,
            DEFAULT_PACK in homes[detector.id],
        )
        for detector in packs.detectors
    ]
    return sorted(kinds, key=lambda kind: (kind.category, kind.id))


def _lines(kinds: Iterable[Kind]) -> Iterable[str]:
    kinds = list(kinds)
    width = max(len(kind.id) for kind in kinds)
    home = max(len(kind.category) for kind in kinds)
    for kind in kinds:
        marks = ("default" if kind.default else "", "" if kind.proven else "unproven")
        state = " ".join(mark for mark in marks if mark) or "-"
        place = f"{kind.category:<{home}} {kind.id:<{width}}"
        yield f"{place}  {kind.severity:<8}  {state:<16}  {kind.title}"
