"""The page that shows how to add a detector is done, step by step, in a copy of the checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.meta.checkout import ROOT

PAGE = (ROOT / "docs" / "howto" / "add-a-detector.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"(?P<before>[^`]*(?:`[^`\n]+`[^`]*)*)```(?P<kind>\w*)\n(?P<text>.*?)```", re.DOTALL
)
FILE = re.compile(r"`([a-z_/]+\.(?:py|yaml))`")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what the page touches."""
    for folder in ("weirline", "rules", "tests/rules", "tests/meta", "docs/reference"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    for file in ("pyproject.toml", "tests/conftest.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / "tests" / "weirline" / "detect" / "validators").mkdir(parents=True)
    return tmp_path


@pytest.mark.slow
def test_every_step_of_the_page_works(copy: Path) -> None:
    commands = _write_files(copy)
    assert [command.split()[:3] for command in commands] == [
        ["weirline", "detectors", "check"],
        ["weirline", "detectors", "build"],
        ["python3", "dev.py", "test"],
    ]
    said = _run(copy, "weirline.cli.main", "detectors", "check", "rules/secrets/acme.yaml")
    assert "1 detectors, 1 examples, 2 counter-examples: all proven" in said
    said = _run(copy, "weirline.cli.main", "detectors", "build")
    assert "| `acme_api_key` |" in (copy / "docs/reference/detectors.md").read_text()
    tests = ("tests/weirline/detect/validators", "tests/rules/test_coverage.py")
    chosen = "acme and not found_whole"  # that one compiles the whole pack, half a minute
    said = _run(copy, "pytest", "-q", "-k", chosen, "-p", "no:cacheprovider", *tests)
    assert re.search(r"^7 passed", said, re.MULTILINE), said
    said = _run(copy, "weirline.cli.main", "kinds", "--format", "json")
    (kind,) = [one for one in json.loads(said) if one["id"] == "acme_api_key"]
    assert kind["proven"]
    assert kind["default"]


@pytest.mark.slow
def test_broken_rule_of_the_page_is_told_with_its_line(copy: Path) -> None:
    _write_files(copy)
    entry = copy / "rules/secrets/acme.yaml"
    entry.write_text(entry.read_text().replace("trigger: 'acme_", "trigger: 'acma_"))
    with pytest.raises(subprocess.CalledProcessError) as failed:
        _run(copy, "weirline.cli.main", "detectors", "check", "rules/secrets/acme.yaml")
    assert "rules/secrets/acme.yaml:12:7: E03 examples" in failed.value.stderr


def _write_files(copy: Path) -> list[str]:
    """Do what the blocks say; return the commands among them."""
    commands: list[str] = []
    file = ""
    for block in BLOCK.finditer(PAGE):
        file = (FILE.findall(block["before"]) or [file])[-1]
        match block["kind"]:
            case "diff":
                _insert(copy / _changed(block["before"], file), block["text"])
            case "":
                commands += block["text"].splitlines()
            case _:
                (copy / file).write_text(block["text"], encoding="utf-8")
    return commands


def _changed(before: str, file: str) -> str:
    named = FILE.findall(before)
    return named[0] if named else file


def _insert(path: Path, diff: str) -> None:
    """Put the lines with a plus behind the lines without."""
    lines = diff.splitlines()
    known = "".join(f"{line[1:]}\n" for line in lines if line.startswith(" "))
    added = "".join(f"{line[1:]}\n" for line in lines if line.startswith("+"))
    text = path.read_text(encoding="utf-8")
    assert text.count(known) == 1, f"{path.name} has changed, the page has not"
    path.write_text(text.replace(known, known + added), encoding="utf-8")


def _run(copy: Path, module: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
