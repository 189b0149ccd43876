"""The log of the sidecar: one line an event, from a closed set of events, as JSON or as text.

Refuses to write what it was not given as a field: no message text, no exception text, no
traceback. A fault is told by the type of its exception and the place it came from, because the
text of a foreign exception may quote a body. Records of libraries are reduced in the same way.
"""

from __future__ import annotations

import enum
import logging
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import PurePath
from types import TracebackType
from typing import TextIO

import msgspec

from extproc.settings import LogFormat, LogLevel

Field = str | int | float | bool

RANK = {LogLevel.DEBUG: 10, LogLevel.INFO: 20, LogLevel.WARNING: 30, LogLevel.ERROR: 40}
LINES_A_SECOND = 20


class Event(enum.StrEnum):
    """Every event that is ever logged; each is explained in docs/reference/logs.md."""

    STARTING = "starting"
    READY = "ready"
    DRAINING = "draining"
    STOPPED = "stopped"
    SETTINGS_REFUSED = "settings_refused"
    START_FAILED = "start_failed"
    POLICY_BUILT_IN = "policy_built_in"
    POLICY_LOADED = "policy_loaded"
    POLICY_REFUSED = "policy_refused"
    KEYS_FETCHED = "keys_fetched"
    KEYS_NOT_FETCHED = "keys_not_fetched"
    PACK_REFUSED = "pack_refused"
    PATTERNS_LOADED = "patterns_loaded"
    PATTERN_CACHE_UNUSABLE = "pattern_cache_unusable"
    TRANSPORT_SLOW = "transport_slow"
    LISTENING = "listening"
    SOCKET_REPLACED = "socket_replaced"
    SOCKET_LEFT = "socket_left"
    ADMIN_LISTENING = "admin_listening"
    WORKER_SERVES = "worker_serves"
    WORKER_ENDED = "worker_ended"
    WORKER_KILLED = "worker_killed"
    WORKER_PAUSED = "worker_paused"
    FORK_FAILED = "fork_failed"
    SUPERVISOR_GONE = "supervisor_gone"
    FLOW_ENDED = "flow_ended"
    STREAM_FAULT = "stream_fault"
    STREAM_REFUSED = "stream_refused"
    CONNECTION_CLOSED = "connection_closed"
    UNCAUGHT = "uncaught"
    LIBRARY = "library"


# A peer can make faults as fast as it can open streams; the lines about them are bounded.
BOUNDED = frozenset(
    (
        Event.STREAM_FAULT,
        Event.STREAM_REFUSED,
        Event.CONNECTION_CLOSED,
        Event.UNCAUGHT,
        Event.LIBRARY,
    )
)


class Log:
    """Writes events to one stream. Safe from several threads; mutable only in its line budget."""

    def __init__(
        self,
        stream: TextIO,
        level: LogLevel = LogLevel.INFO,
        *,
        form: LogFormat = LogFormat.JSON,
        clock: Callable[[], float] = time.time,
        always: Mapping[str, Field] | None = None,
    ) -> None:
        """`always` are fields that every line has."""
        self._stream = stream
        self._always = dict(always or {})
        self._least = RANK[level]
        self.tells_debug = self.enabled(LogLevel.DEBUG)  # asked for each exchange
        self._form = form
        self._clock = clock
        self._lines: dict[Event, tuple[int, int]] = {}

    def debug(self, event: Event, **fields: Field) -> None:
        """Write what only somebody searching a fault wants to see."""
        self._write(LogLevel.DEBUG, event, fields)

    def info(self, event: Event, **fields: Field) -> None:
        """Write what an operator wants to know of a healthy program."""
        self._write(LogLevel.INFO, event, fields)

    def warning(self, event: Event, **fields: Field) -> None:
        """Write what is wrong but was dealt with."""
        self._write(LogLevel.WARNING, event, fields)

    def error(self, event: Event, **fields: Field) -> None:
        """Write what is wrong and needs somebody."""
        self._write(LogLevel.ERROR, event, fields)

    def enabled(self, level: LogLevel) -> bool:
        """Return whether a line of `level` would be written, to spare the making of its fields."""
        return RANK[level] >= self._least

    def _write(self, level: LogLevel, event: Event, fields: dict[str, Field]) -> None:
        if RANK[level] < self._least:
            return
        now = self._clock()
        dropped = self._over_budget(event, int(now)) if event in BOUNDED else 0
        if dropped is None:
            return
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1e3):03d}Z"
        head: dict[str, Field] = {"time": stamp, "level": level.value, "event": event.value}
        fields = {**self._always, **fields}
        if dropped:
            fields["lines_dropped"] = dropped
        line = _as_json if self._form is LogFormat.JSON else _as_text
        try:
            self._stream.write(line(head, fields))
            self._stream.flush()
        except (OSError, ValueError):
            return  # nobody reads the log any more: the traffic matters more than the line

    def _over_budget(self, event: Event, second: int) -> int | None:
        """Return how many lines of `event` were dropped before this one, None to drop this too."""
        began, count = self._lines.get(event, (second, 0))
        if began != second:
            self._lines[event] = (second, 1)
            return max(0, count - LINES_A_SECOND)
        self._lines[event] = (began, count + 1)
        return None if count >= LINES_A_SECOND else 0


def fault_fields(error: BaseException) -> dict[str, Field]:
    """Return type and innermost place of `error`, and nothing of its text."""
    return {"error": type(error).__name__, "place": _place(error.__traceback__)}


def capture_foreign(log: Log) -> None:
    """Send what libraries log, and what nobody catches, to `log`, reduced to type and place."""
    root = logging.getLogger()
    root.handlers[:] = [LibraryRecords(log)]
    root.setLevel(logging.WARNING)

    def uncaught(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        log.error(Event.UNCAUGHT, error=kind.__name__, place=_place(trace))

    def unraisable(report: sys.UnraisableHookArgs) -> None:
        log.error(
            Event.UNCAUGHT, error=report.exc_type.__name__, place=_place(report.exc_traceback)
        )

    sys.excepthook = uncaught
    sys.unraisablehook = unraisable


class LibraryRecords(logging.Handler):
    """Turns a library's record into an event with the library's name, and the fault's place."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write `record` without its message: the message may hold what went through us."""
        error = record.exc_info[1] if record.exc_info else None
        fields = fault_fields(error) if error is not None else {"place": _at(record)}
        self._log.warning(Event.LIBRARY, library=record.name, **fields)


def _at(record: logging.LogRecord) -> str:
    return f"{PurePath(record.pathname).name}:{record.lineno}"


def _place(trace: TracebackType | None) -> str:
    if trace is None:
        return "unknown"
    while trace.tb_next is not None:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    return f"{PurePath(code.co_filename).name}:{trace.tb_lineno}"


def _as_json(head: dict[str, Field], fields: dict[str, Field]) -> str:
    return msgspec.json.encode({**head, **fields}).decode() + "\n"


def _as_text(head: dict[str, Field], fields: dict[str, Field]) -> str:
    words = [str(value) for value in head.values()]
    words += [f"{name}={_quoted(value)}" for name, value in fields.items()]
    return " ".join(words) + "\n"


def _quoted(value: Field) -> str:
    text = str(value)
    plain = text.isprintable() and text and not any(sign in text for sign in ' "=\\')
    return text if plain else msgspec.json.encode(text).decode()
