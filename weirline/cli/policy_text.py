"""Reads policy files for the command line: bounded, UTF-8, with every fault told at once."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from weirline.detect.detector import Detector
from weirline.errors import PolicyError, Problem
from weirline.policy.parse import Checked, check_policy
from weirline.policy.policy import Policy
from weirline.rulepack.shipped import DEFAULT_PACK, shipped_of_packs
from weirline.rulepack.yaml_text import TEXT_MAX_BYTES


def read_policy(file: str, detectors: Sequence[Detector]) -> Policy:
    """Return the policy of a file, checked as one that is submitted today.

    Raises PolicyError with everything wrong with it.
    """
    return read_checked(file, detectors).policy


def read_checked(file: str, detectors: Sequence[Detector]) -> Checked:
    """Return the same with the places of its parts."""
    today = time.strftime("%Y-%m-%d", time.gmtime())
    text = read_text(file)
    return check_policy(text, file, detectors, today=today, clock=time.process_time)


def add_packs(parser: argparse.ArgumentParser) -> None:
    """Add the flag that says whose detectors a policy may name."""
    parser.add_argument(
        "--packs", default=DEFAULT_PACK, help="as the sidecar's setting; default: %(default)s"
    )


def detectors_of(args: argparse.Namespace) -> tuple[Detector, ...]:
    """Return the shipped detectors that the flag names. Raises DetectorError."""
    return shipped_of_packs(name.strip() for name in args.packs.split(","))


def read_text(file: str) -> str:
    """Return the text of a file. Raises PolicyError where it cannot be read."""
    try:
        with Path(file).open("rb") as source:
            content = source.read(TEXT_MAX_BYTES + 1)
        if len(content) <= TEXT_MAX_BYTES:
            return content.decode()
    except (OSError, UnicodeDecodeError):
        pass
    expectation = f"the file must be readable, UTF-8 and at most {TEXT_MAX_BYTES} bytes"
    raise PolicyError([Problem("E01", file, 0, 0, "file", expectation)])
