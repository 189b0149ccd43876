"""What conftest.py promises to every test, tried on a suite of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Written in parts: a search for skips looks at this file, too.
SKIPPING = """\
import pytest, random
from hypothesis import given, strategies
@pytest.mark.SKIP
def test_that_skips_itself(): pass
@pytest.mark.XFAIL
def test_that_expects_to_fail(): assert 0
def test_that_draws(rng): print("drawn", rng.random())
@given(strategies.text())
def test_that_searches(text): assert isinstance(text, str)
""".replace("SKIP\n", "sk" + "ip\n").replace("XFAIL", "xf" + "ail")
DRAWING = ("tests/test_one.py", "-k", "draws")
ABSENT = 'import pytest\npytest.IMPORT("not_there")\n'.replace("IMPORT", "import" + "orskip")


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path / "tests")
    (tmp_path / "tests" / "test_one.py").write_text(SKIPPING)
    (tmp_path / "tests" / "test_two.py").write_text(ABSENT)
    return tmp_path


def _run(suite: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-s", "-v", *arguments]
    return subprocess.run(command, cwd=suite, capture_output=True, text=True, check=False).stdout


@pytest.mark.slow
def test_skips_and_expected_failures_count_as_failures_and_nothing_is_left(suite: Path) -> None:
    said = _run(suite, "tests/test_one.py")
    assert "test_one.py::test_that_expects_to_fail was skipped or expected to fail" in said
    assert "test_one.py::test_that_skips_itself was skipped or expected to fail" in said
    assert "1 failed, 2 passed, 1 error in" in said
    assert "tests/test_two.py skips itself" in _run(suite, "tests/test_two.py")
    assert not (suite / ".hypothesis").exists()


@pytest.mark.slow
def test_values_are_the_same_in_every_run_of_one_seed(
    suite: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIRLINE_TEST_SEED", "7")
    first, second = _run(suite, *DRAWING), _run(suite, *DRAWING)
    assert "seed of test values: 7" in first
    assert _drawn(first) == _drawn(second)
    monkeypatch.setenv("WEIRLINE_TEST_SEED", "8")
    assert _drawn(_run(suite, *DRAWING)) != _drawn(first)


def _drawn(said: str) -> str:
    (line,) = [line for line in said.splitlines() if "drawn" in line]
    return line.partition("drawn")[2]
