from __future__ import annotations

from pathlib import Path

import pytest

from weirline.cli.detectors import generated_files
from weirline.cli.main import main
from weirline.rulepack.shipped import rules_root

FILE = """\
detectors:
  - id: acme_key
    title: ACME key
    category: secrets
    severity: critical
    pattern: 'acme_[0-9A-Z]{8}'
    confidence: 0.5
    issuer: https://acme.example/keys
    examples: [acme_0123ABCD]
    not_examples: [acme_01]
"""


def check(path: Path, content: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    path.write_text(content, encoding="utf-8")
    code = main(["detectors", "check", str(path)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_good_file_is_proven(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = check(tmp_path / "a.yaml", FILE, capsys)
    assert (code, err) == (0, "")
    assert out == "1 detectors, 1 examples, 1 counter-examples: all proven\n"


def test_faulty_file_is_named_with_line_and_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = check(tmp_path / "a.yaml", FILE.replace("acme_01]", "acme_0123ABCD]"), capsys)
    assert (code, out) == (1, "")
    assert f"{tmp_path}/a.yaml:10:19: E03 not_examples: " in err
    code, _, err = check(tmp_path / "a.yaml", FILE.replace("pattern", "patern"), capsys)
    assert code == 1
    assert "did you mean `pattern`?" in err


def test_file_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "latin").write_bytes(b"\xff")
    for file in (tmp_path / "none", tmp_path / "latin", tmp_path):
        assert main(["detectors", "check", str(file)]) == 1
        assert f"{file}: E01 file" in capsys.readouterr().err


@pytest.mark.full
def test_every_shipped_detector_is_proven(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["detectors", "check"]) == 0
    said = capsys.readouterr().out
    assert "all proven" in said
    assert "the dearest 10, each alone" in said


def test_everything_made_from_the_rules_is_up_to_date() -> None:
    """If not: `weirline detectors build`."""
    for path, content in generated_files(Path(str(rules_root())).resolve()).items():
        assert path.read_bytes() == content, path


def test_build_works_in_a_checkout_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("weirline.cli.detectors.rules_root", lambda: tmp_path / "rules")
    assert main(["detectors", "build"]) == 1
    assert "checkout" in capsys.readouterr().err
