from __future__ import annotations

import io
import json

import pytest

from extproc.ending import Ending, Status, close_exchange, ending_of
from extproc.logs import Log
from extproc.metrics import FAULTS, FLOWS, Fault, Tallies
from extproc.settings import LogLevel
from extproc.translate import UnsupportedMode
from tests.fakes.exchange import Exchanges
from weirline.errors import PeerProtocolError

SECRET = "correct-horse"


def test_only_an_exchange_that_is_over_ends_ok() -> None:
    assert [ending for ending in Ending if ending.status is Status.OK] == [Ending.DONE]


def test_every_ending_is_one_of_its_own() -> None:
    assert len(Ending.__members__) == len(list(Ending))  # equal values would make aliases


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (UnsupportedMode(SECRET), Ending.MODE),
        (PeerProtocolError(SECRET), Ending.PEER),
        (ValueError(SECRET), Ending.FAULT),
        (MemoryError(SECRET), Ending.FAULT),
    ],
    ids=["mode", "protocol", "bug", "memory"],
)
def test_error_decides_the_ending_and_is_told_without_its_text(
    error: Exception, ending: Ending
) -> None:
    text = io.StringIO()
    assert ending_of(error, Log(text)) is ending
    line = json.loads(text.getvalue())
    assert (line["event"], line["error"]) == ("stream_fault", type(error).__name__)
    assert ending.fault is not None
    assert line["kind"] == ending.fault.value
    assert SECRET not in text.getvalue()


def test_exchange_is_closed_with_what_its_ending_says_and_counted() -> None:
    text, tallies, exchanges = io.StringIO(), Tallies(), Exchanges()
    log = Log(text, LogLevel.DEBUG)
    for ending in (Ending.EARLY, Ending.FAULT):
        close_exchange(exchanges.open(), ending, tallies=tallies, log=log)
    assert [exchange.endings for exchange in exchanges.opened] == [[True], [False]]
    assert tallies.value(FLOWS, ("abandoned",)) == 1
    assert tallies.value(FLOWS, ("fault",)) == 1
    assert text.getvalue().count('"event":"flow_ended"') == 2


def test_fault_while_closing_is_counted_and_kept_from_the_caller() -> None:
    text, tallies = io.StringIO(), Tallies()
    exchanges = Exchanges(fail_on_end=ValueError(SECRET))
    close_exchange(exchanges.open(), Ending.DONE, tallies=tallies, log=Log(text))
    assert tallies.value(FAULTS, (Fault.INTERNAL.value,)) == 1
    assert SECRET not in text.getvalue()
