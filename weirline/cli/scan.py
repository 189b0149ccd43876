"""`weirline scan`: where values stand in files or standard input, and of which kind.

The output is what goes into tickets and logs, so it names places and kinds and never shows a value,
not even masked. Files are read whole; nothing is decoded beyond what the scanner itself undoes.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from bisect import bisect_right
from collections import Counter
from pathlib import Path

from weirline.cli.output import say
from weirline.errors import ConfigurationError, Problem
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import ScanResult, build_scanner

UNREADABLE = "L02"
STDIN = "-"


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
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Scan every file; 0 if nothing was found, 1 if something was.

    Raises ConfigurationError, before anything is scanned, if a file cannot be read.
    """
    texts = _read_all(args.files)
    scanner = build_scanner(shipped_detectors())
    kinds: Counter[str] = Counter()
    for name, text in texts.items():
        result = scanner.scan(text)
        kinds.update(finding.detector for finding in result.findings)
        for line in report(name, text, result):
            say(line)
    for kind, count in sorted(kinds.items()):
        say(f"{count:>8}  {kind}")
    say(f"{kinds.total():>8}  in all")
    return 1 if kinds else 0


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
            mend = f"cannot be read: {os.strerror(error.errno or 0)}"
            problems.append(Problem(UNREADABLE, name, 0, 0, "file", mend))
    if problems:
        raise ConfigurationError(problems)
    return texts
