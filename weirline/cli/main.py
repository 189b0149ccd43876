"""`weirline`: the entry point of the command line, which hands over to one module a verb.

It refuses unknown verbs and options (argparse, exit code 2). Configuration errors of any verb come
out as `file:line:column: code field: how to mend`, all at once, with exit code 2.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

import weirline
from weirline.cli import dashboards, detectors, doctor, explain, init, kinds, policy
from weirline.cli.demo import command as demo
from weirline.cli.output import complain
from weirline.cli.scan import command as scan
from weirline.errors import ConfigurationError, WeirlineError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code: 0 done, 1 found at fault, 2 not usable as asked."""
    args = build_parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = args.run
    try:
        return run(args)
    except ConfigurationError as error:
        complain(str(error))
        return 2
    except WeirlineError as error:
        complain(str(error))
        return 1


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every verb; each verb's module sets `run` on its own parser."""
    parser = argparse.ArgumentParser(
        prog="weirline",
        description="Finds sensitive data in live traffic behind Envoy and stops it from leaking.",
    )
    parser.add_argument("--version", action="version", version=weirline.__version__)
    subparsers = parser.add_subparsers(required=True, metavar="VERB")
    for verb in (demo, scan, explain, kinds, detectors, init, policy, doctor, dashboards):
        verb.add_parser(subparsers)
    return parser


if __name__ == "__main__":
    sys.exit(main())
