"""Reads one setting's text or TOML value into its type, or says what was expected instead.

Bounds and choices come from the setting's row. The value itself is never repeated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extproc.settings import (
    Kind,
    LogFormat,
    LogLevel,
    Setting,
    Transport,
    Value,
    Wiring,
)
from weirline.flow.limits import Tunnels

_CHOICES = {
    "transport": Transport,
    "wiring": Wiring,
    "log_format": LogFormat,
    "log_level": LogLevel,
    "tunnels": Tunnels,
}
_HOST_PORT = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[^\s:/\[\]]+):([0-9]{1,5})")
_LONGEST_TEXT = 4096


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a value cannot be used: code of the error and what would have been right."""

    code: str
    expectation: str


def read_value(setting: Setting, raw: object) -> Value | Refusal:
    """Return `raw` as the type of `setting`, or the reason why it is none.

    `raw` is text (environment, flags) or a TOML value; a number may be given as either.
    """
    match setting.kind:
        case Kind.WHOLE:
            return _whole(setting, raw)
        case Kind.SECONDS:
            return _number(setting, raw)
        case Kind.FILE_MODE:
            return _file_mode(setting, raw)
        case Kind.CHOICE:
            return _choice(setting, raw)
        case Kind.ADDRESS:
            return _address(raw)
        case Kind.TEXT | Kind.PATH:
            return _text(raw)


def split_address(address: str) -> tuple[str, int]:
    """Return host and port of HOST:PORT; an IPv6 host comes without its brackets."""
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def _text(raw: object) -> str | Refusal:
    if not isinstance(raw, str) or len(raw) > _LONGEST_TEXT or not raw.isprintable():
        return Refusal("S02", "must be printable text on one line")
    return raw


def _address(raw: object) -> str | Refusal:
    expectation = "must be HOST:PORT with a port from 0 to 65535, an IPv6 host in brackets"
    if raw == "":
        return ""
    place = _HOST_PORT.fullmatch(raw) if isinstance(raw, str) else None
    if place is None or int(place[2]) > 65_535:
        return Refusal("S02", expectation)
    return place[0]


def _choice(setting: Setting, raw: object) -> Value | Refusal:
    if raw not in setting.choices:
        return Refusal("S02", "must be one of " + ", ".join(setting.choices))
    return _CHOICES[setting.name](str(raw))


def _file_mode(setting: Setting, raw: object) -> int | Refusal:
    if isinstance(raw, str) and re.fullmatch(r"(0o)?[0-7]{3,4}", raw):
        mode = int(raw.removeprefix("0o"), 8)
        return _out_of_bounds(setting, mode) or mode
    if isinstance(raw, int) and not isinstance(raw, bool):
        return _out_of_bounds(setting, raw) or raw
    return Refusal("S02", 'must be an octal file mode, as text: "0660"')


def _whole(setting: Setting, raw: object) -> int | Refusal:
    if isinstance(raw, str) and re.fullmatch(r"[0-9]{1,18}", raw):
        return _out_of_bounds(setting, int(raw)) or int(raw)
    if isinstance(raw, int) and not isinstance(raw, bool):
        return _out_of_bounds(setting, raw) or raw
    return Refusal("S02", f"must be a whole number of {setting.unit}")


def _number(setting: Setting, raw: object) -> float | Refusal:
    if isinstance(raw, str) and re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", raw):
        return _out_of_bounds(setting, float(raw)) or float(raw)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _out_of_bounds(setting, raw) or float(raw)
    return Refusal("S02", f"must be a number of {setting.unit}")


def _out_of_bounds(setting: Setting, value: float) -> Refusal | None:
    if setting.least <= value <= setting.most:
        return None
    least, most = int(setting.least), int(setting.most)
    if setting.kind is Kind.FILE_MODE:
        return Refusal("S03", f"must be from {least:04o} to {most:04o}")
    return Refusal("S03", f"must be from {least} to {most} {setting.unit}")
