from __future__ import annotations

from weirline.cli.scan.outcome import Outcome


def test_graver_outcomes_have_the_higher_exit_codes() -> None:
    names = [each.name for each in sorted(Outcome)]
    assert names == ["CLEAN", "FOUND", "USAGE", "BAD_DETECTOR", "ENVIRONMENT"]
    assert [*Outcome] == [0, 1, 2, 3, 4]
