"""The tutorial's blocks, taken from its page, do what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from weirline.cli.main import main

PAGE = Path(__file__).parents[3] / "docs" / "tutorial" / "first-policy.md"
BLOCKS = dict(
    re.findall(r"```yaml ([^\n]+)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
)


@pytest.mark.slow
def test_tutorial_leads_where_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policy, cases = tmp_path / "shop.yaml", tmp_path / "shop.test.yaml"
    text = BLOCKS["shop.yaml"]

    policy.write_text(text.replace("when: answers", "when: anwers"), encoding="utf-8")
    assert main(["policy", "check", str(policy)]) == 1
    assert "did you mean `answers`?" in capsys.readouterr().err
    policy.write_text(text, encoding="utf-8")
    assert main(["policy", "check", str(policy)]) == 0

    cases.write_text(BLOCKS["shop.test.yaml"], encoding="utf-8")
    assert main(["policy", "test", str(policy)]) == 0
    assert "2 of 2 cases as expected" in capsys.readouterr().out

    more = BLOCKS["shop.test.yaml"].replace("cases:\n", "cases:\n" + BLOCKS["add to the cases"])
    cases.write_text(more, encoding="utf-8")
    assert main(["policy", "test", str(policy)]) == 1
    assert "another-ones-record: decision: expected blocked, was passed" in capsys.readouterr().err

    text += BLOCKS["add to the rules"]
    policy.write_text(text, encoding="utf-8")
    assert main(["policy", "check", str(policy)]) == 1
    assert "E12" in capsys.readouterr().err

    text = text.replace("mode: enforce\n", "mode: enforce\n" + BLOCKS["add after the mode"])
    policy.write_text(text, encoding="utf-8")
    assert main(["policy", "test", "--all-rules", str(policy)]) == 0, capsys.readouterr().err

    defaults = BLOCKS["add after the mode"]
    text = text.replace(defaults, defaults + BLOCKS["add after the defaults"])
    policy.write_text(text + BLOCKS["add to the rules too"], encoding="utf-8")
    cases.write_text(more + BLOCKS["add to the cases too"], encoding="utf-8")
    assert main(["policy", "test", "--all-rules", str(policy)]) == 0, capsys.readouterr().err
    policy.write_text(text.replace("[LY-123456782]", "[LY-123456781]"), encoding="utf-8")
    assert main(["policy", "check", str(policy)]) == 1
    assert "E03 detectors[0].examples" in capsys.readouterr().err
