from __future__ import annotations

import subprocess
import sys

import pytest

from extproc.__main__ import main
from extproc.settings import SETTINGS


def test_show_settings_prints_each_with_its_origin_and_starts_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEIRLINE_LOG_LEVEL", "error")
    assert main(["--show-settings", "--admin", ""]) == 0
    lines = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert set(lines) == {setting.name for setting in SETTINGS}
    assert lines["log_level"] == ["error", "WEIRLINE_LOG_LEVEL"]
    assert lines["admin"] == ["(none)", "--admin"]


def test_settings_that_cannot_work_are_all_printed_and_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--pool-threads", "0", "--nonsense"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_help_names_every_flag(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert not [setting.flag for setting in SETTINGS if setting.flag not in text]


@pytest.mark.slow
def test_module_runs_like_the_script() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "extproc", "--listen", "0.0.0.0:1"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert shown.returncode == 2
    assert shown.stderr.startswith("--listen: S04 listen: without TLS")
