"""Writes what Grafana and Prometheus load: `python -m dashboards.generate`.

The files are committed beside this, so that a checkout and an installed program have them without
running anything; a test refuses files that differ from what this would write.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dashboards.alert import rules_text
from dashboards.data_plane import DATA_PLANE
from dashboards.operations import OPERATIONS
from dashboards.overview import OVERVIEW
from dashboards.service import SERVICE

FOLDER = Path(__file__).parent / "files"
BOARDS = (OVERVIEW, SERVICE, DATA_PLANE, OPERATIONS)
ALERTS_NAME = "weirline-alerts.yaml"


def texts() -> Mapping[str, str]:
    """Return the text of every file by its name."""
    boards = {f"{board.uid}.json": board.to_json() for board in BOARDS}
    return {**boards, ALERTS_NAME: rules_text()}


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in texts().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
