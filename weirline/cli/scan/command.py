"""`weirline scan`: where values stand in files or standard input, and of which kind.

The output is what goes into tickets and logs, so it names places and kinds and never shows a value,
not even masked. Files are read whole; nothing is decoded beyond what the scanner itself undoes.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from weirline.cli.output import complain, emit, say
from weirline.cli.scan.batch import scan_lines
from weirline.cli.scan.choice import Choice, add_choice, choose
from weirline.detect.finding import Finding
from weirline.errors import ConfigurationError, DetectorError, Problem
from weirline.scan import ScanResult, build_scanner

UNREADABLE = "L02"
STDIN = "-"
CLEAN, FOUND, USAGE, BAD_DETECTOR, ENVIRONMENT = range(5)  # the exit codes
LINES_A_WRITE = 256


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb and its options."""
    parser = subparsers.add_parser(
        "scan",
        help="find values in files or standard input",
        description="Says where values stand and of which kind, never what they are. "
        "Exit code 1 if there are any.",
    )
    parser.add_argument(
        "files", nargs="*", default=[STDIN], metavar="FILE", help="- is standard input"
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
    """Scan what the options name; return one of the five exit codes."""
    try:
        choice = choose(args)
    except DetectorError as error:
        complain(str(error))
        return BAD_DETECTOR
    return _run_batch(args.files, choice) if args.jsonl else _run_files(args.files, choice)


def _run_batch(files: list[str], choice: Choice) -> int:
    scanner = build_scanner(choice.detectors)
    floor = choice.floor
    refused: list[Problem] = []

    def refuse(problem: Problem) -> None:
        refused.append(problem)
        complain(str(problem))

    def find(text: bytes) -> Iterator[Finding]:
        return (each for each in scanner.scan(text).findings if each.confidence >= floor)

    found = False
    for name in files:
        try:
            with _opened(name) as lines:
                answers = []
                for answer in scan_lines(lines, find, file=name, refuse=refuse):
                    found = found or not answer.endswith(b'"findings":[]}\n')
                    answers.append(answer)
                    if len(answers) == LINES_A_WRITE:
                        emit(b"".join(answers))
                        answers.clear()
                emit(b"".join(answers))
        except OSError as error:
            complain(str(_unreadable(name, error)))
            return ENVIRONMENT
    if refused:
        return USAGE
    return FOUND if found else CLEAN


@contextlib.contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == STDIN:
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as file:
        yield file


def _run_files(files: list[str], choice: Choice) -> int:
    texts = _read_all(files)
    scanner = build_scanner(choice.detectors)
    kinds: Counter[str] = Counter()
    for name, text in texts.items():
        result = scanner.scan(text)
        kinds.update(finding.detector for finding in result.findings)
        for line in report(name, text, result):
            say(line)
    for kind, count in sorted(kinds.items()):
        say(f"{count:>8}  {kind}")
    say(f"{kinds.total():>8}  in all")
    return FOUND if kinds else CLEAN


def report(name: str, text: bytes, result: ScanResult) -> list[str]:
    """Return a line a finding: `name:line:column: detector category, N bytes`, both from 1.

    The column counts bytes.
    """
    starts = [0, *(match.end() for match in re.finditer(b"\n", text))]
    lines = []
    for finding in result.findings:
        line = bisect_right(starts, finding.start)
        column = finding.start - starts[line - 1] + 1
        size = finding.end - finding.start
        kind = f"{finding.detector} {finding.category}"
        lines.append(f"{name}:{line}:{column}: {kind}, {size} bytes")
    if result.capped:
        lines.append(f"{name}: more findings than are counted; the rest was not looked at")
    return lines


def _read_all(names: list[str]) -> dict[str, bytes]:
    texts: dict[str, bytes] = {}
    problems = []
    for name in names:
        try:
            texts[name] = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
        except OSError as error:
            problems.append(_unreadable(name, error))
    if problems:
        raise ConfigurationError(problems)
    return texts


def _unreadable(name: str, error: OSError) -> Problem:
    mend = f"cannot be read: {os.strerror(error.errno or 0)}"
    return Problem(UNREADABLE, name, 0, 0, "file", mend)
