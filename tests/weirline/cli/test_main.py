from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import weirline
from weirline.cli.main import build_parser, main

ROOT = Path(__file__).parents[3]


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    shown = capsys.readouterr().out
    for verb in ("demo", "scan", "kinds", "detectors", "policy", "doctor"):
        assert re.search(rf"\n    {verb}\s", shown)


def test_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"{weirline.__version__}\n"


@pytest.mark.parametrize("argv", [[], ["nonsense"], ["demo", "--nonsense"]])
def test_unknown_words_are_refused_with_exit_code_2(argv: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(argv)


def test_configuration_errors_come_out_with_their_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "leaks.jsonl"
    file.write_text("[]\n{}\n")
    assert main(["demo", "--leak", str(file)]) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert [line.partition(": ")[0] for line in error.splitlines()] == [
        f"{file}:1:1",
        f"{file}:2:1",
    ]


def test_other_errors_of_ours_come_out_as_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--envoy", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"--envoy {tmp_path}: no program there\n"


def test_every_verb_says_what_runs_it() -> None:
    for argv in (
        ["demo"],
        ["scan"],
        ["kinds"],
        ["detectors", "check"],
        ["policy", "schema"],
        ["doctor", "envoy.yaml"],
    ):
        assert callable(build_parser().parse_args(argv).run)


@pytest.mark.slow
def test_module_can_be_run_from_a_checkout() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "weirline.cli.main", "--version"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (0, f"{weirline.__version__}\n")
