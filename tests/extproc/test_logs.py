from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest

from extproc.logs import BOUNDED, LINES_A_SECOND, Event, Log, capture_foreign, fault_fields
from extproc.settings import LogFormat, LogLevel

SECRET = "correct-horse"


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def text() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def hooks_restored() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, sys.unraisablehook)
    yield
    root.handlers[:], sys.excepthook, sys.unraisablehook = before[0], before[2], before[3]
    root.setLevel(before[1])


def test_json_line_holds_time_level_event_and_fields(text: io.StringIO) -> None:
    Log(text, clock=Clock(1_700_000_000.25)).info(Event.READY, seconds=0.5, address="a\nb")
    assert text.getvalue().count("\n") == 1
    assert json.loads(text.getvalue()) == {
        "time": "2023-11-14T22:13:20.250Z",
        "level": "info",
        "event": "ready",
        "seconds": 0.5,
        "address": "a\nb",
    }


def test_text_line_quotes_what_could_forge_another_field(text: io.StringIO) -> None:
    log = Log(text, form=LogFormat.TEXT, clock=Clock(0.0))
    log.warning(Event.POLICY_REFUSED, file="a b\nc=d", line=3, field="", plain="x")
    assert text.getvalue() == (
        '1970-01-01T00:00:00.000Z warning policy_refused file="a b\\nc=d" line=3 field="" plain=x\n'
    )


@pytest.mark.parametrize("level", LogLevel)
def test_levels_below_the_least_are_not_written(text: io.StringIO, level: LogLevel) -> None:
    log = Log(text, level)
    log.debug(Event.FLOW_ENDED)
    log.info(Event.READY)
    log.warning(Event.POLICY_BUILT_IN)
    log.error(Event.START_FAILED)
    written = [json.loads(line)["level"] for line in text.getvalue().splitlines()]
    order = [each.value for each in LogLevel]
    assert written == order[order.index(level.value) :]
    assert log.enabled(level)
    assert log.enabled(LogLevel.DEBUG) is (level is LogLevel.DEBUG)


def test_faults_a_peer_can_cause_are_bounded_and_the_rest_is_counted(text: io.StringIO) -> None:
    clock = Clock(100.0)
    log = Log(text, clock=clock)
    for _ in range(LINES_A_SECOND + 7):
        log.warning(Event.STREAM_FAULT)
    assert text.getvalue().count("\n") == LINES_A_SECOND
    clock.now = 101.0
    log.warning(Event.STREAM_FAULT)
    log.warning(Event.STREAM_FAULT)
    lines = [json.loads(line) for line in text.getvalue().splitlines()]
    assert lines[-2]["lines_dropped"] == 7
    assert "lines_dropped" not in lines[-1]


def test_problems_of_a_policy_are_never_dropped(text: io.StringIO) -> None:
    assert Event.POLICY_REFUSED not in BOUNDED
    log = Log(text, clock=Clock(0.0))
    for line in range(50):
        log.error(Event.POLICY_REFUSED, line=line)
    assert text.getvalue().count("\n") == 50


def test_log_whose_reader_has_gone_does_not_stop_the_program(text: io.StringIO) -> None:
    text.close()
    Log(text).error(Event.START_FAILED)


def test_fault_is_told_by_type_and_place_alone() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        fields = fault_fields(error)
    assert fields["error"] == "ValueError"
    assert str(fields["place"]).startswith("test_logs.py:")
    assert SECRET not in str(fields)
    assert fault_fields(OSError())["place"] == "unknown"


@pytest.mark.usefixtures("hooks_restored")
def test_record_of_a_library_is_written_without_its_message(text: io.StringIO) -> None:
    capture_foreign(Log(text))
    library = logging.getLogger("grpc._cython.cygrpc")
    library.warning("got %s", SECRET)
    try:
        int(SECRET)
    except ValueError:
        library.exception(SECRET)
    lines = [json.loads(line) for line in text.getvalue().splitlines()]
    assert SECRET not in text.getvalue()
    assert [line["library"] for line in lines] == ["grpc._cython.cygrpc"] * 2
    assert "error" not in lines[0]
    assert lines[1]["error"] == "ValueError"


@pytest.mark.usefixtures("hooks_restored")
def test_exception_nobody_catches_is_written_without_its_text(text: io.StringIO) -> None:
    capture_foreign(Log(text))
    error = ValueError(SECRET)
    sys.excepthook(ValueError, error, None)

    class Unraisable:
        exc_type, exc_value, exc_traceback, object, err_msg = ValueError, error, None, SECRET, None

    sys.unraisablehook(Unraisable)  # type: ignore[arg-type]  # the interpreter makes the real one
    assert SECRET not in text.getvalue()
    assert [json.loads(line)["event"] for line in text.getvalue().splitlines()] == ["uncaught"] * 2


def test_fields_that_are_always_there_are_on_every_line(text: io.StringIO) -> None:
    log = Log(text, always={"worker": 3})
    log.info(Event.READY, seconds=0.5)
    log.warning(Event.SUPERVISOR_GONE)
    lines = [json.loads(line) for line in text.getvalue().splitlines()]
    assert [line["worker"] for line in lines] == [3, 3]
    assert lines[0]["seconds"] == 0.5
