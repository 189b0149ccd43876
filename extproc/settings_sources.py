"""Puts the settings together: file < environment < flags, with every mistake named at once.

Refuses unknown names, values out of bounds and combinations that cannot work. No message repeats
a value: what was typed into the wrong field may be a secret. Codes S01 to S06 are explained in
docs/reference/settings.md.
"""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extproc.settings import SETTINGS, Setting, Settings, Value
from extproc.settings_rules import conflicts
from extproc.settings_value import Refusal, read_value
from weirline.errors import Problem, SettingsError

PREFIX = "WEIRLINE_"
CONFIG_VARIABLE = "WEIRLINE_CONFIG"

# Kubernetes puts such variables into every container for each service of the namespace: one
# named weirline-command gives WEIRLINE_COMMAND_PORT_443_TCP_ADDR. They are not settings of ours.
_SERVICE_LINK = re.compile(
    r"^WEIRLINE_\w*?_(SERVICE_HOST|SERVICE_PORT\w*|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$"
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}
_BY_VARIABLE = {setting.variable: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Invocation:
    """What the command line, environment and file together ask for.

    `origins` names for each setting where its value came from: `default`, a file with line, a
    variable or a flag.
    """

    settings: Settings
    origins: Mapping[str, str]
    show_settings: bool


@dataclass(frozen=True, slots=True)
class _Given:
    setting: Setting
    raw: object
    file: str
    line: int

    def problem(self, refusal: Refusal) -> Problem:
        return Problem(
            refusal.code, self.file, self.line, 0, self.setting.name, refusal.expectation
        )

    @property
    def origin(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


def read_invocation(arguments: Sequence[str], environment: Mapping[str, str]) -> Invocation:
    """Return the settings that `arguments` and `environment` ask for.

    Reads the file that `--config` or WEIRLINE_CONFIG names. Raises SettingsError with every
    problem found. `--help` ends the program, as argparse does.
    """
    problems: list[Problem] = []
    flags, config, show = _flags(arguments, problems)
    config = config if config is not None else environment.get(CONFIG_VARIABLE)
    given = [
        *(_file(config, problems) if config else ()),
        *_environment(environment, problems),
        *flags,
    ]
    values: dict[str, Value] = {}
    origins = {setting.name: "default" for setting in SETTINGS}
    for item in given:
        value = read_value(item.setting, item.raw)
        if isinstance(value, Refusal):
            problems.append(item.problem(value))
        else:
            values[item.setting.name] = value
            origins[item.setting.name] = item.origin
    settings = Settings(**values)  # type: ignore[arg-type]  # read_value gave each its type
    if not problems:
        problems.extend(
            Problem(conflict.code, origins[conflict.name], 0, 0, conflict.name, conflict.text)
            for conflict in conflicts(settings)
        )
    if problems:
        raise SettingsError(problems)
    return Invocation(settings, origins, show)


def settings_table(invocation: Invocation) -> str:
    """Return every setting with its value and origin, one a line, for `--show-settings`."""
    rows = [
        (setting.name, _shown(setting, invocation.settings), invocation.origins[setting.name])
        for setting in SETTINGS
    ]
    name_width = max(len(name) for name, _, _ in rows)
    value_width = max(len(value) for _, value, _ in rows)
    return "".join(
        f"{name:<{name_width}}  {value:<{value_width}}  {origin}\n" for name, value, origin in rows
    )


def shown_default(setting: Setting) -> str:
    """Return the default of `setting` as an operator would write it."""
    return _shown(setting, Settings())


def _shown(setting: Setting, settings: Settings) -> str:
    value: Value = getattr(settings, setting.name)
    if setting.name == "socket_mode":
        return f"{value:04o}"
    return f"{value:g}" if isinstance(value, float) else str(value) or "(none)"


class _Parser(argparse.ArgumentParser):
    """Collects what argparse would exit for, so that it joins the other problems."""

    def error(self, message: str) -> None:  # type: ignore[override]  # argparse exits here
        raise argparse.ArgumentError(None, message)


def _flags(
    arguments: Sequence[str], problems: list[Problem]
) -> tuple[list[_Given], str | None, bool]:
    parser = _Parser(
        prog="weirline-extproc",
        description="Scans and redacts what an Envoy sends by ext_proc.",
        allow_abbrev=False,
    )
    parser.add_argument("--config", metavar="FILE", help="TOML file with settings")
    parser.add_argument(
        "--show-settings", action="store_true", help="print every setting with its origin"
    )
    for setting in SETTINGS:
        metavar = "|".join(setting.choices) or setting.kind.value.upper().replace(" ", "-")
        parser.add_argument(setting.flag, metavar=metavar, help=setting.doc)
    try:
        known, unknown = parser.parse_known_args(list(arguments))
    except argparse.ArgumentError:
        expectation = "each flag takes one value, except --show-settings; see --help"
        problems.append(Problem("S02", "command line", 0, 0, "arguments", expectation))
        return [], None, False
    problems.extend(
        Problem("S01", "command line", 0, 0, _name_only(word), _nearest(word, _flag_names()))
        for word in unknown
    )
    values = vars(known)
    given = [
        _Given(setting, values[setting.name], setting.flag, 0)
        for setting in SETTINGS
        if values[setting.name] is not None
    ]
    return given, values["config"], bool(values["show_settings"])


def _environment(environment: Mapping[str, str], problems: list[Problem]) -> list[_Given]:
    given = []
    for variable in sorted(environment):
        if not variable.startswith(PREFIX) or variable == CONFIG_VARIABLE:
            continue
        setting = _BY_VARIABLE.get(variable)
        if setting is not None:
            given.append(_Given(setting, environment[variable], variable, 0))
        elif not _SERVICE_LINK.match(variable):
            expectation = _nearest(variable, list(_BY_VARIABLE))
            problems.append(Problem("S01", variable, 0, 0, "environment", expectation))
    return given


def _file(path: str, problems: list[Problem]) -> list[_Given]:
    import tomllib  # 10 ms that a start without a file does not pay

    try:
        text = Path(path).read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError):
        expectation = "the settings file must be readable and UTF-8"
        problems.append(Problem("S05", path, 0, 0, "config", expectation))
        return []
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        problems.append(Problem("S05", path, line, column, "config", "must be valid TOML"))
        return []
    given = []
    for name, raw in table.items():
        line = _line_of(name, text)
        setting = _BY_NAME.get(name)
        if setting is not None:
            given.append(_Given(setting, raw, path, line))
        else:
            problems.append(Problem("S01", path, line, 0, name, _nearest(name, list(_BY_NAME))))
    return given


def _line_of(name: str, text: str) -> int:
    pattern = re.compile(rf"^\s*\[*\s*[\"']?{re.escape(name)}\b")
    for number, line in enumerate(text.splitlines(), start=1):
        if pattern.match(line):
            return number
    return 0


def _flag_names() -> list[str]:
    return ["--config", "--show-settings", *(setting.flag for setting in SETTINGS)]


def _name_only(word: str) -> str:
    name = word.partition("=")[0]
    return name if name.startswith("--") else "argument"


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word.partition("=")[0], known, n=1)
    return "no such setting" + (f"; did you mean {near[0]}?" if near else "; see --help")
