"""`weirline init`: writes a first policy with its cases, from one of the starters that ship.

Three things are asked where the command line does not say them: which starter, the name of the
policy and whom to ask about it. It refuses to write over a file.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from weirline.cli.output import complain, say
from weirline.cli.policy_trial import cases_path
from weirline.rulepack.shipped import rules_root

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_CASES = ".test.yaml"
_METADATA = re.compile(r"^metadata: .*$", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_OWNER = re.compile(r"[\w .@-]{1,200}")


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb."""
    parser = subparsers.add_parser("init", help="write a first policy with its cases")
    parser.add_argument("file", metavar="FILE", help="where the policy goes, such as shop.yaml")
    parser.add_argument("--starter", choices=starters(), help="which policy to start from")
    parser.add_argument("--name", help="the policy's name: a-z, 0-9, _ and -")
    parser.add_argument("--owner", help="whom to ask about it")
    parser.set_defaults(run=run)


def starters() -> Sequence[str]:
    """Return the names of the policies that ship."""
    names = (entry.name for entry in _folder().iterdir())
    return sorted(
        name.removesuffix(".yaml")
        for name in names
        if name.endswith(".yaml") and not name.endswith(_CASES)
    )


def run(args: argparse.Namespace) -> int:
    """Ask what was not said, write both files; return 0, or 2 where that cannot be done."""
    policy = Path(args.file)
    cases = Path(cases_path(args.file))
    for path in (policy, cases):
        if path.exists():
            complain(f"{path}: is there already; choose another name")
            return 2
    starter = args.starter or _ask("Which policy to start from", starters(), "observe-only")
    name = args.name or _ask("Its name", (), policy.stem)
    owner = args.owner or _ask("Whom to ask about it", (), "platform-team")
    if starter not in starters() or not _NAME.fullmatch(name) or not _OWNER.fullmatch(owner):
        complain("a starter that ships, a name of a-z, 0-9, _ and -, an owner of plain words")
        return 2
    text = (_folder() / f"{starter}.yaml").read_text(encoding="utf-8")
    metadata = f'metadata: {{name: {name}, owner: "{owner}"}}'
    policy.write_text(_METADATA.sub(metadata, text, count=1), encoding="utf-8")
    cases.write_bytes((_folder() / f"{starter}{_CASES}").read_bytes())
    say(f"wrote {policy} and {cases}")
    say(f"next: edit the lines marked EDIT, then weirline policy test {policy}")
    return 0


def _ask(question: str, choices: Sequence[str], usual: str) -> str:
    listed = f" ({', '.join(choices)})" if choices else ""
    say(f"{question}{listed} [{usual}]:")
    try:
        return input().strip() or usual
    except EOFError:
        return usual


def _folder() -> Traversable:
    return rules_root() / "policies"
