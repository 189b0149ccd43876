"""Reads policy files for the command line: bounded, UTF-8, with every fault told at once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from weirline.detect.detector import Detector
from weirline.errors import PolicyError, Problem
from weirline.policy.parse import parse_policy
from weirline.policy.policy import Policy
from weirline.rulepack.yaml_text import TEXT_MAX_BYTES


def read_policy(file: str, detectors: Sequence[Detector]) -> Policy:
    """Return the policy of a file, checked as one that is submitted today.

    Raises PolicyError with everything wrong with it.
    """
    today = time.strftime("%Y-%m-%d", time.gmtime())
    text = read_text(file)
    return parse_policy(text, file, detectors, today=today, clock=time.process_time)


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
