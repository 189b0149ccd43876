"""`weirline dashboards export`: the shipped Grafana boards and Prometheus alerts as files.

They are package data in an installed wheel and stand in the checkout otherwise. Nothing that is
there is overwritten unless it says the same or `--force` is given: boards get edited.
"""

from __future__ import annotations

import argparse
import os
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from weirline.cli.output import say
from weirline.errors import ConfigurationError, Problem

NOT_WRITABLE = "L11"
CHANGED = "L12"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb and its options."""
    parser = subparsers.add_parser(
        "dashboards",
        help="write Grafana boards and Prometheus alerts to a folder",
        description="Boards for Grafana's import, and a rule file for Prometheus.",
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    export = verbs.add_parser("export", help="write the files", description=parser.description)
    export.add_argument("folder", type=Path, metavar="FOLDER", help="made if it is not there")
    export.add_argument("--force", action="store_true", help="overwrite files that were changed")
    export.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write every file and name it. Raises ConfigurationError, before any is written, if not all
    can be.
    """
    folder: Path = args.folder
    texts = shipped_files()
    changed = [name for name, text in texts.items() if _differs(folder / name, text)]
    if changed and not args.force:
        mend = "a folder without it, or --force: this file was changed"
        raise ConfigurationError(
            [Problem(CHANGED, str(folder / name), 0, 0, "file", mend) for name in changed]
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
            say(str(folder / name))
    except OSError as error:
        mend = f"a folder that can be written: {os.strerror(error.errno or 0)}"
        raise ConfigurationError(
            [Problem(NOT_WRITABLE, str(folder), 0, 0, "folder", mend)]
        ) from None
    return 0


def shipped_files() -> dict[str, str]:
    """Return the text of every shipped file by its name."""
    return {
        each.name: each.read_text(encoding="utf-8")
        for each in sorted(_root().iterdir(), key=lambda one: one.name)
        if each.name.endswith((".json", ".yaml"))
    }


def _root() -> Traversable:
    package = files("weirline")
    installed = package.joinpath("_data", "dashboards")
    return installed if installed.is_dir() else package.joinpath("..", "dashboards", "files")


def _differs(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") != text
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, UnicodeDecodeError):
        return True
