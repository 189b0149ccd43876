"""`weirline scan`: where values stand in files or standard input, and of which kind.

The output is what goes into tickets and logs, so it names places and kinds and never shows a value,
not even masked; only the copies that `--redact` writes hold the text, with every value masked.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from weirline.cli.compiled_cache import cached_scanner
from weirline.cli.output import complain
from weirline.cli.scan.batch import run_batch
from weirline.cli.scan.choice import Choice, add_choice, choose
from weirline.cli.scan.form import CsvForm, Form, JsonForm, NdjsonForm, TextForm
from weirline.cli.scan.outcome import Outcome
from weirline.cli.scan.redacted import CopiesBelow, CopyToOutput
from weirline.cli.scan.sarif import SarifForm
from weirline.cli.scan.source import STDIN, sources
from weirline.cli.scan.walk import Walk
from weirline.detect.floor import Floors
from weirline.errors import DetectorError
from weirline.scan import MOST_FINDINGS, ScanResult

FORMS = ("text", "json", "ndjson", "sarif", "csv")


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb and its options."""
    parser = subparsers.add_parser(
        "scan",
        help="find values in files or standard input",
        description="Says where values stand and of which kind, never what they are. Exit code 0 "
        "clean, 1 values found, 2 not usable as asked, 3 a faulty detector file, 4 a file that "
        "could not be read or written.",
    )
    parser.add_argument(
        "files",
        nargs="*",
        default=[STDIN],
        metavar="PATH",
        help="a file, a folder (all of it), or - for standard input; a .har file by its exchanges",
    )
    parser.add_argument(
        "--format", choices=FORMS, default="text", help="how to write the result; default: text"
    )
    parser.add_argument(
        "--redact",
        action="store_true",
        help="write copies with every value masked: of one file to standard output, else --output",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FOLDER", help="where --redact writes the copies"
    )
    parser.add_argument(
        "--jsonl",
        action="store_true",
        help='read lines {"id", "text"}, write lines {"id", "findings"} with offsets in code '
        "points",
    )
    add_choice(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Scan what the options name; return one of the exit codes of `Outcome`."""
    mend = _misused(args)
    if mend is not None:
        complain(f"weirline scan: {mend}")
        return Outcome.USAGE
    try:
        choice = choose(args)
    except DetectorError as error:
        complain(str(error))
        return Outcome.BAD_DETECTOR
    found_sources = sources(args.files, leave_out=args.output)
    find = finder(choice)
    if args.jsonl:
        return run_batch(found_sources, lambda text: find(text).findings)
    walk = Walk(find, _form(args, choice), _copies(args))
    return walk.run(found_sources)


def finder(choice: Choice) -> Callable[[bytes], ScanResult]:
    """Return what finds the chosen kinds in a text, without those below the floor."""
    floors = Floors(choice.floor)
    return cached_scanner(choice.detectors, max_findings=MOST_FINDINGS, floors=floors).scan


def _misused(args: argparse.Namespace) -> str | None:
    """Return how to mend options that do not go together, None if they do."""
    if args.jsonl and (args.redact or args.format != "text"):
        return "--jsonl has a form of its own: leave out --format and --redact"
    if args.output is not None and not args.redact:
        return "--output says where --redact writes: give both"
    if args.redact and args.output is None:
        if len(args.files) != 1 or Path(args.files[0]).is_dir():
            return "--redact of several files needs --output FOLDER"
        if args.format != "text":
            return "--redact without --output writes the copy to standard output, and no result"
    return None


def _form(args: argparse.Namespace, choice: Choice) -> Form | None:
    if args.redact and args.output is None:
        return None
    match args.format:
        case "json":
            return JsonForm()
        case "ndjson":
            return NdjsonForm()
        case "sarif":
            return SarifForm(choice.detectors)
        case "csv":
            return CsvForm()
        case _:
            return TextForm()


def _copies(args: argparse.Namespace) -> CopyToOutput | CopiesBelow | None:
    if not args.redact:
        return None
    return CopyToOutput() if args.output is None else CopiesBelow(args.output)
