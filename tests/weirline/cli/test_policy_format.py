from __future__ import annotations

from pathlib import Path

import pytest

from weirline.cli.main import main
from weirline.cli.policy_format import formatted
from weirline.errors import PolicyError

ROOT = Path(__file__).parents[3]
UNTIDY = """\
# what this is
apiVersion:   weirline/v1
kind: Policy
metadata: {name: shop}   # whom
mode: enforce
rules:
- id: a   # one
  find: {category: payment}
  do:
  - observe
"""


def test_layout_is_one_and_comments_stay() -> None:
    tidy = formatted(UNTIDY, "p")
    assert "# what this is" in tidy
    assert "# whom" in tidy
    assert "  - id: a" in tidy
    assert formatted(tidy, "p") == tidy


@pytest.mark.parametrize("path", sorted((ROOT / "rules/policies").glob("*.yaml")), ids=str)
def test_shipped_policies_keep_meaning_and_comments(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert formatted(text, path.name).count("#") == text.count("#")


def test_line_for_editors_stands_at_the_top_once() -> None:
    once = formatted(UNTIDY, "p", schema="policy.schema.json")
    assert once.startswith("# yaml-language-server: $schema=policy.schema.json\n# what")
    again = formatted(once, "p", schema="other.json")
    assert again.count("yaml-language-server") == 1
    assert again.startswith("# yaml-language-server: $schema=other.json\n")


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(PolicyError, match="by hand"):
        formatted("a: [", "p")


def test_check_changes_nothing_and_says_what_would(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(UNTIDY, encoding="utf-8")
    assert main(["policy", "fmt", "--check", str(file)]) == 1
    assert file.read_text(encoding="utf-8") == UNTIDY
    assert main(["policy", "fmt", str(file)]) == 0
    assert main(["policy", "fmt", "--check", str(file)]) == 0
    assert "would change" in capsys.readouterr().err
