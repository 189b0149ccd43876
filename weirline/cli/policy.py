"""`weirline policy`: checks, tests, compares and lays out policy files, and prints their schema.

It accepts nothing the sidecar refuses: both ask `parse_policy` with the detectors that ship. One
thing it refuses and a running sidecar does not: an exception whose date is past.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from weirline.cli import policy_format, policy_trial
from weirline.cli.output import complain, say
from weirline.cli.policy_secret import secret_warnings
from weirline.cli.policy_text import (
    add_packs,
    detectors_of,
    read_checked,
    read_policy,
    read_text,
)
from weirline.errors import PolicyError
from weirline.policy.diff import policy_diff
from weirline.policy.policy import Policy
from weirline.policy.schema import policy_schema_text
from weirline.policy.warning import policy_warnings

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb `policy` with its own verbs."""
    parser = subparsers.add_parser("policy", help="check policy files, print their schema")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    check = verbs.add_parser("check", help="find every fault of policy files, with its place")
    check.add_argument("files", nargs="+", metavar="FILE", help="a policy file, weirline/v1")
    add_packs(check)
    check.set_defaults(run=run_check)
    policy_trial.add_arguments(verbs.add_parser("test", help="play the cases beside policies"))
    diff = verbs.add_parser("diff", help="say what differs between two policies")
    diff.add_argument("old", metavar="OLD", help="a policy file")
    diff.add_argument("new", metavar="NEW", help="a policy file")
    add_packs(diff)
    diff.set_defaults(run=run_diff)
    policy_format.add_arguments(verbs.add_parser("fmt", help="lay policies out, comments kept"))
    schema = verbs.add_parser("schema", help="print the JSON Schema of policy files")
    schema.set_defaults(run=run_schema)


def run_check(args: argparse.Namespace) -> int:
    """Check every file; return 0 if all are good, 1 if any has a fault."""
    detectors = detectors_of(args)
    code = 0
    for file in args.files:
        try:
            policy, places = read_checked(file, detectors)
        except PolicyError as error:
            code = 1
            complain(str(error))
        else:
            warnings = policy_warnings(policy, file, places)
            for warning in (*warnings, *secret_warnings(read_text(file), file, detectors)):
                complain(str(warning))
            say(f"{file}: good: {_summary(policy)}")
    return code


def run_diff(args: argparse.Namespace) -> int:
    """Print every difference; return 0 if there is none, 1 if there is."""
    detectors = detectors_of(args)
    changes = policy_diff(read_policy(args.old, detectors), read_policy(args.new, detectors))
    for change in changes:
        say(str(change))
    return 1 if changes else 0


def run_schema(_args: argparse.Namespace) -> int:
    """Print the schema; return 0."""
    say(policy_schema_text().rstrip("\n"))
    return 0


def _summary(policy: Policy) -> str:
    count = len(policy.rules)
    rules = "1 rule" if count == 1 else f"{count} rules"
    return f"policy {policy.metadata.name}, mode {policy.mode.value}, {rules}"
