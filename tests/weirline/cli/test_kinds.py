from __future__ import annotations

from typing import TYPE_CHECKING

from weirline.cli.main import main
from weirline.rulepack.shipped import shipped_detectors

if TYPE_CHECKING:
    import pytest


def test_every_shipped_kind_is_listed_once_under_its_category(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["kinds"]) == 0
    listed = [line.split()[:2] for line in capsys.readouterr().out.splitlines()]
    assert sorted(listed) == sorted([one.category, one.id] for one in shipped_detectors())
    assert listed == sorted(listed)
