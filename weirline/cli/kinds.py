"""`weirline kinds`: every kind of value that can be found, as the shipped detectors say."""

from __future__ import annotations

import argparse

from weirline.cli.output import say
from weirline.rulepack.shipped import shipped_detectors


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb."""
    parser = subparsers.add_parser(
        "kinds",
        help="list every kind of value that can be found",
        description="Lists detector ids, as policies name them, by category.",
    )
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    """Print one line a kind, sorted by category."""
    detectors = sorted(shipped_detectors(), key=lambda one: (one.category, one.id))
    width = max(len(one.id) for one in detectors)
    for one in detectors:
        say(f"{one.category:<9} {one.id:<{width}}  {one.severity.value:<8}  {one.title}")
    return 0
