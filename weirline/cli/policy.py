"""`weirline policy`: checks policy files as the sidecar would read them, and prints their schema.

It refuses nothing the sidecar accepts and accepts nothing it refuses: both ask `parse_policy` with
the detectors that ship.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from weirline.cli.output import complain, say
from weirline.errors import PolicyError, Problem
from weirline.policy.parse import parse_policy
from weirline.policy.policy import Policy
from weirline.policy.schema import policy_schema_text
from weirline.rulepack.shipped import shipped_detectors
from weirline.rulepack.yaml_text import TEXT_MAX_BYTES

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb `policy` with its own verbs."""
    parser = subparsers.add_parser("policy", help="check policy files, print their schema")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    check = verbs.add_parser("check", help="find every fault of policy files, with its place")
    check.add_argument("files", nargs="+", metavar="FILE", help="a policy file, weirline/v1")
    check.set_defaults(run=run_check)
    schema = verbs.add_parser("schema", help="print the JSON Schema of policy files")
    schema.set_defaults(run=run_schema)


def run_check(args: argparse.Namespace) -> int:
    """Check every file; return 0 if all are good, 1 if any has a fault."""
    detectors = shipped_detectors()
    code = 0
    for file in args.files:
        try:
            policy = parse_policy(_read(file), file, detectors)
        except PolicyError as error:
            code = 1
            complain(str(error))
        else:
            say(f"{file}: good: {_summary(policy)}")
    return code


def run_schema(_args: argparse.Namespace) -> int:
    """Print the schema; return 0."""
    say(policy_schema_text().rstrip("\n"))
    return 0


def _summary(policy: Policy) -> str:
    count = len(policy.rules)
    rules = "1 rule" if count == 1 else f"{count} rules"
    return f"policy {policy.metadata.name}, mode {policy.mode.value}, {rules}"


def _read(file: str) -> str:
    try:
        with Path(file).open("rb") as source:
            content = source.read(TEXT_MAX_BYTES + 1)
        if len(content) <= TEXT_MAX_BYTES:
            return content.decode()
    except (OSError, UnicodeDecodeError):
        pass
    expectation = f"the file must be readable, UTF-8 and at most {TEXT_MAX_BYTES} bytes"
    raise PolicyError([Problem("E01", file, 0, 0, "file", expectation)])
