"""`weirline detectors`: proves detector files with their own examples, and compiles what ships.

It refuses a file at the first reading of its faults, all of them at once, each with place and mend.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from weirline.cli.detector_page import detector_page
from weirline.cli.output import complain, say
from weirline.errors import DetectorError, Problem
from weirline.rulepack.check import prove_entries
from weirline.rulepack.cost import Cost
from weirline.rulepack.entry import Entry
from weirline.rulepack.parse import parse_files
from weirline.rulepack.schema import schema_text
from weirline.rulepack.shipped import (
    COMPILED_NAME,
    compile_packs,
    compiled_text,
    rules_root,
    shipped_entries,
    shipped_sources,
)

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

FILE_MAX_BYTES = 1 << 20
RANKED = 10  # detectors that are shown with what they cost
LEAST_RANKED = 2


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb `detectors` with its own verbs."""
    parser = subparsers.add_parser("detectors", help="prove detector files, compile what ships")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    check = verbs.add_parser(
        "check",
        help="prove detectors with their examples",
        description="Proves each detector: both engines take it, its examples are found, its "
        "counter-examples are not, it stays within its budgets. Shows the dearest.",
    )
    check.add_argument("files", nargs="*", metavar="FILE", help="default: all that ship")
    check.set_defaults(run=run_check)
    build = verbs.add_parser(
        "build", help="in a checkout: make rules/builtin.json and what else is made from rules/"
    )
    build.set_defaults(run=run_build)


def run_check(args: argparse.Namespace) -> int:
    """Check every file; return 0 if all detectors are proven, 1 if any has a fault."""
    try:
        entries = read_entries(args.files) if args.files else shipped_entries()
        problems, costs = prove_entries(entries, time.process_time)
    except DetectorError as error:
        problems, costs = list(error.problems), []
    for problem in problems:
        complain(str(problem))
    if problems:
        return 1
    examples = sum(len(entry.examples) for entry in entries)
    counter = sum(len(entry.not_examples) for entry in entries)
    say(f"{len(entries)} detectors, {examples} examples, {counter} counter-examples: all proven")
    say_costs(costs)
    return 0


def say_costs(costs: Sequence[Cost]) -> None:
    """Print the dearest of `costs`, the dearest first; nothing where there is only one."""
    if len(costs) < LEAST_RANKED:
        return
    width = max(len(cost.detector) for cost in costs[:RANKED])
    say(f"the dearest {min(RANKED, len(costs))}, each alone, CPU time for 64 KiB:")
    say(f"  {'':{width}}  ordinary us  hostile us  compile ms  database KiB")
    for cost in costs[:RANKED]:
        say(
            f"  {cost.detector:{width}}  {cost.ordinary_us:11,.0f}  {cost.hostile_us:10,.0f}  "
            f"{cost.compile_ms:10.1f}  {cost.database_bytes / 1024:12.1f}"
        )


def run_build(_args: argparse.Namespace) -> int:
    """Write every file that is made from rules/; return 0, or 1 outside a checkout."""
    root = Path(str(rules_root())).resolve()
    if not (root.parent / "pyproject.toml").is_file():
        complain("weirline detectors build works in a checkout only; what is installed is built")
        return 1
    for path, content in generated_files(root).items():
        path.write_bytes(content)
        say(f"wrote {path.relative_to(root.parent)}")
    return 0


def generated_files(root: Path) -> dict[Path, bytes]:
    """Return what is made from the YAML files below `root`, the folder rules/, by its path."""
    packs = compile_packs(shipped_sources())
    return {
        root / COMPILED_NAME: compiled_text(packs),
        root / "schema.json": schema_text().encode(),
        root.parent / "docs" / "reference" / "detectors.md": detector_page(packs).encode(),
    }


def read_entries(files: Sequence[str]) -> tuple[Entry, ...]:
    """Return the entries of detector files. Raises DetectorError with every fault of them."""
    return parse_files((file, _read(file)) for file in files)


def _read(file: str) -> str:
    try:
        with Path(file).open("rb") as source:
            content = source.read(FILE_MAX_BYTES + 1)
        if len(content) <= FILE_MAX_BYTES:
            return content.decode()
    except (OSError, UnicodeDecodeError):
        pass
    expectation = f"a file that can be read, UTF-8, at most {FILE_MAX_BYTES >> 20} MiB"
    raise DetectorError([Problem("E01", file, 0, 0, "file", expectation)])
