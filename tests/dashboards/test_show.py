"""The boards as a person sees them: everything real, drawn in a real browser."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.parse
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from dashboards.generate import BOARDS
from dashboards.show import Missing, find_program, start
from tests.system.lab import until


def test_missing_program_is_named_with_its_package() -> None:
    with pytest.raises(Missing, match="apt-get install some-package"):
        find_program("no-program-of-this-name", "some-package")


@pytest.mark.full
def test_every_panel_of_every_board_is_drawn_with_data(tmp_path: Path) -> None:
    chromium = find_program("chromium", "chromium")
    with ExitStack() as stack:
        children, port = start(stack)
        until(lambda: _number(port, "sum(rate(weirline_findings_total[15s]))") > 0, seconds=60)
        for board in BOARDS:
            page = subprocess.run(
                [
                    *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
                    *(f"--user-data-dir={tmp_path / board.uid}", "--window-size=1500,1260"),
                    "--virtual-time-budget=4000",
                    f"http://127.0.0.1:{port}/?seconds=60#{board.uid}",
                ],
                capture_output=True,
                text=True,
                check=True,
                timeout=60,
            ).stdout
            panels = json.loads(board.to_json())["panels"]
            assert re.search(r'data-drawn="\d', page)
            assert page.count("<section") == sum(each["type"] != "row" for each in panels)
            assert page.count("<canvas") == sum(each["type"] == "timeseries" for each in panels)
            assert "no data yet" not in page
            assert "not understood" not in page
        for child in children:
            child.check()


def _number(port: int, expr: str) -> float:
    query = urllib.parse.urlencode({"query": expr})
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/query?{query}", timeout=10) as got:
        result = json.load(got)["data"]["result"]
    return float(result[0]["value"][1]) if result else 0.0
