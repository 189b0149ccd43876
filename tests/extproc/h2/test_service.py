from __future__ import annotations

import io
import os
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from extproc.h2.limits import limits_of
from extproc.h2.service import MOST_CONNECTIONS, Service
from extproc.logs import Log
from extproc.metrics import CONNECTIONS_CLOSED, ConnectionEnd, Tallies
from extproc.settings import DEFAULTS
from tests.fakes.exchange import Exchanges


@pytest.fixture
def service() -> Service:
    log = Log(io.StringIO())
    pool = ThreadPoolExecutor(1)
    return Service(Exchanges().open, limits_of(DEFAULTS), Tallies(), log, pool, 8, frozenset())


def test_user_that_is_not_named_is_refused_and_everybody_served_where_none_is(
    service: Service,
) -> None:
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        assert service.refusal(one) is None
        service.users = frozenset((os.geteuid(),))
        assert service.refusal(one) is None
        service.users = frozenset((os.geteuid() + 1,))
        assert service.refusal(one) is ConnectionEnd.PEER


def test_connections_are_bounded(service: Service) -> None:
    many = {object() for _ in range(MOST_CONNECTIONS)}
    service.connections = many  # type: ignore[assignment]  # they are only counted
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        assert service.refusal(one) is ConnectionEnd.FULL


def test_connection_that_we_ended_is_counted_and_logged_by_its_reason(service: Service) -> None:
    service.log = Log(text := io.StringIO())
    service.connection_ended(ConnectionEnd.PINGS)
    assert service.tallies.value(CONNECTIONS_CLOSED, ("pings",)) == 1
    assert '"event":"connection_closed","reason":"pings"' in text.getvalue()
