"""`weirline policy fmt`: one way to lay a policy out, comments kept, meaning unchanged.

It refuses to write what reads differently from what was there, and what lost a comment.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from weirline.cli.output import complain, say
from weirline.cli.policy_text import add_packs, detectors_of, read_policy, read_text
from weirline.errors import PolicyError, Problem

WIDTH = 100
MODELINE = "# yaml-language-server: $schema="


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `policy fmt` takes."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a policy file, weirline/v1")
    parser.add_argument("--check", action="store_true", help="change nothing; 1 if a file would")
    parser.add_argument(
        "--schema", metavar="URL", help="put a line for editors at the top that names the schema"
    )
    add_packs(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Format every file; return 1 where `--check` finds one that would change."""
    detectors = detectors_of(args)
    code = 0
    for file in args.files:
        read_policy(file, detectors)
        text = read_text(file)
        tidy = formatted(text, file, schema=args.schema or "")
        if tidy == text:
            continue
        if args.check:
            complain(f"{file}: would change")
            code = 1
        else:
            Path(file).write_text(tidy, encoding="utf-8")
            say(f"{file}: formatted")
    return code


def formatted(text: str, file: str, *, schema: str = "") -> str:
    """Return the text laid out; raise PolicyError where that would lose anything."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    try:
        yaml.dump(yaml.load(text), out)
        tidy = _with_modeline(out.getvalue().rstrip("\n") + "\n", schema)
        same = _plain(text) == _plain(tidy) and _comments(text) <= _comments(tidy)
    except YAMLError:
        same = False
    if not same:
        mend = "this layout cannot be kept: format it by hand"
        raise PolicyError([Problem("E01", file, 0, 0, "policy", mend)])
    return tidy


def _with_modeline(text: str, schema: str) -> str:
    if not schema:
        return text
    first, _, rest = text.partition("\n")
    line = MODELINE + schema
    return f"{line}\n{rest}" if first.startswith(MODELINE) else f"{line}\n{text}"


def _plain(text: str) -> object:
    return YAML(typ="safe", pure=True).load(text)


def _comments(text: str) -> int:
    return sum(" #" in line or line.startswith("#") for line in text.splitlines())
