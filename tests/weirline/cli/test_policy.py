from __future__ import annotations

import json
from pathlib import Path

import pytest

from weirline.cli.main import main
from weirline.policy.schema import policy_schema

ROOT = Path(__file__).parents[3]
EXAMPLES = [str(path) for path in sorted((ROOT / "docs" / "examples").glob("*.yaml"))]

FAULTY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: shop}
mode: enforce
rules:
  - {id: a, find: {category: paymint}, do: [observe]}
  - {id: b, find: {category: payment}, do: [{block: {status: 200}}]}
"""


def test_good_files_are_named_with_what_they_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check", *EXAMPLES]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert f"{EXAMPLES[0]}: good: policy block-bulk, mode enforce, 3 rules" in printed.out
    assert len(printed.out.splitlines()) == len(EXAMPLES)


def test_every_fault_of_every_file_is_listed_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text(FAULTY, encoding="utf-8")
    assert main(["policy", "check", str(faulty), EXAMPLES[0]]) == 1
    printed = capsys.readouterr()
    assert [line.split(" ")[:2] for line in printed.err.splitlines()] == [
        [f"{faulty}:6:30:", "E02"],
        [f"{faulty}:7:5:", "E10"],
        [f"{faulty}:7:62:", "E06"],
    ]
    assert "good" in printed.out


def test_file_that_cannot_be_read_is_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: \xe9")
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * ((1 << 20) + 1))
    for path in (latin, large, tmp_path / "absent.yaml"):
        assert main(["policy", "check", str(path)]) == 1
        assert "must be readable, UTF-8" in capsys.readouterr().err


def test_schema_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == policy_schema()


def test_policy_verb_without_a_verb_of_its_own_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["policy"])
    assert refused.value.code == 2
    assert "VERB" in capsys.readouterr().err
