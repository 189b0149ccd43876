from __future__ import annotations

from pathlib import Path

import pytest

from extproc.settings import SETTINGS, LogLevel
from extproc.settings_sources import read_invocation, settings_table
from weirline.errors import Problem, SettingsError


def _problems(*arguments: str, **environment: str) -> list[Problem]:
    with pytest.raises(SettingsError) as refusal:
        read_invocation(arguments, environment)
    return list(refusal.value.problems)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "weirline.toml"
    path.write_text('# mine\nlog_level = "error"\npool_threads = 3\n', encoding="utf-8")
    return path


def test_flag_beats_environment_beats_file_beats_default(config: Path) -> None:
    arguments = ["--config", str(config), "--log-level", "debug"]
    environment = {"WEIRLINE_LOG_LEVEL": "warning", "WEIRLINE_POOL_THREADS": "5"}
    assert read_invocation([], {}).settings.log_level is LogLevel.INFO
    assert read_invocation(arguments[:2], {}).settings.log_level is LogLevel.ERROR
    assert read_invocation(arguments[:2], environment).settings.log_level is LogLevel.WARNING
    last = read_invocation(arguments, environment)
    assert last.settings.log_level is LogLevel.DEBUG
    assert last.settings.pool_threads == 5


def test_origin_is_the_source_that_won(config: Path) -> None:
    origins = read_invocation(
        ["--admin", "127.0.0.1:0"],
        {"WEIRLINE_CONFIG": str(config), "WEIRLINE_POOL_THREADS": "5"},
    ).origins
    assert origins["admin"] == "--admin"
    assert origins["pool_threads"] == "WEIRLINE_POOL_THREADS"
    assert origins["log_level"] == f"{config}:2"
    assert origins["socket"] == "default"


def test_table_shows_every_setting_with_value_and_origin() -> None:
    invocation = read_invocation(["--show-settings", "--socket-mode", "0600"], {})
    assert invocation.show_settings
    lines = settings_table(invocation).splitlines()
    assert [line.split()[0] for line in lines] == [setting.name for setting in SETTINGS]
    assert lines[1].split() == ["socket_mode", "0600", "--socket-mode"]


def test_unknown_names_are_refused_in_every_source_at_once(tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text("\nsockets = 1\n", encoding="utf-8")
    problems = _problems("--config", str(config), "--sockett", "x", WEIRLINE_SOKET="x")
    assert [(each.code, each.file, each.line) for each in problems[:3]] == [
        ("S01", "command line", 0),
        ("S01", "command line", 0),
        ("S01", str(config), 2),
    ]
    assert problems[0].expectation.endswith("did you mean --socket?")
    assert problems[3].expectation.endswith("did you mean WEIRLINE_SOCKET?")


def test_every_bad_value_is_named_at_once_with_its_place(tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text("pool_threads = 0\n", encoding="utf-8")
    problems = _problems(
        "--config", str(config), "--drain-seconds", "soon", WEIRLINE_LOG_FORMAT="xml"
    )
    assert [(each.code, each.file, each.line, each.field) for each in problems] == [
        ("S03", str(config), 1, "pool_threads"),
        ("S02", "WEIRLINE_LOG_FORMAT", 0, "log_format"),
        ("S02", "--drain-seconds", 0, "drain_seconds"),
    ]


def test_conflict_names_the_place_of_the_setting_to_change() -> None:
    problems = _problems("--socket", "/tmp/x", WEIRLINE_LISTEN="0.0.0.0:50")
    assert [(each.code, each.file, each.field) for each in problems] == [
        ("S04", "WEIRLINE_LISTEN", "listen")
    ]


def test_no_message_repeats_what_was_typed() -> None:
    planted = "correct-horse"
    problems = _problems(
        planted,
        f"--pool-threads={planted}",
        f"--no-such={planted}",
        f"--show-settings={planted}",
        WEIRLINE_LISTEN=planted,
        WEIRLINE_NO_SUCH=planted,
    )
    assert problems
    assert planted not in str(SettingsError(problems))


@pytest.mark.parametrize(
    "variable",
    [
        "WEIRLINE_COMMAND_SERVICE_HOST",
        "WEIRLINE_COMMAND_SERVICE_PORT",
        "WEIRLINE_COMMAND_SERVICE_PORT_GRPC",
        "WEIRLINE_COMMAND_PORT",
        "WEIRLINE_COMMAND_PORT_443_TCP",
        "WEIRLINE_COMMAND_PORT_443_TCP_ADDR",
    ],
)
def test_variables_that_kubernetes_adds_for_a_service_are_no_settings(variable: str) -> None:
    assert read_invocation([], {variable: "tcp://10.0.0.1:443"}).origins["socket"] == "default"


def test_file_that_is_no_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_text('socket = "/x"\nlisten = \n', encoding="utf-8")
    problem = _problems("--config", str(config))[0]
    assert (problem.code, problem.line) == ("S05", 2)


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["absent", "not UTF-8"])
def test_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    config = tmp_path / "c.toml"
    if content is not None:
        config.write_bytes(content)
    assert [each.code for each in _problems("--config", str(config))] == ["S05"]


def test_flag_without_its_value_is_refused() -> None:
    assert [each.code for each in _problems("--socket")] == ["S02"]


def test_abbreviated_flag_is_refused() -> None:
    assert [each.code for each in _problems("--sock", "/tmp/x")] == ["S01", "S01"]
