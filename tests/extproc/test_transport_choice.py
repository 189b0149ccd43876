from __future__ import annotations

import io
from pathlib import Path

import msgspec
import pytest

from extproc.exchange import Exchange
from extproc.h2.available import Missing
from extproc.logs import Log
from extproc.metrics import Tallies
from extproc.settings import DEFAULTS, Settings, Transport
from extproc.transport_choice import Choice, choose, make
from tests.fakes.grpc_peer import run
from weirline.errors import SettingsError


def _settings(**changes: int | str | Transport) -> Settings:
    return msgspec.structs.replace(DEFAULTS, **changes)


def _built() -> None:
    return None


def _not_built() -> Missing:
    return Missing.NOT_BUILT


def _too_old() -> Missing:
    return Missing.NOT_LOADABLE


def test_fast_one_is_taken_where_it_is_built() -> None:
    assert choose(_settings(transport=Transport.AUTO), _built) == Choice(Transport.H2)
    assert choose(_settings(transport=Transport.H2), _built) == Choice(Transport.H2)


def test_grpcio_is_taken_where_it_is_asked_for_or_tls_is() -> None:
    assert choose(_settings(transport=Transport.GRPC), _built) == Choice(Transport.GRPC)
    tls = _settings(transport=Transport.AUTO, listen="0.0.0.0:1", tls_cert="c", tls_key="k")
    assert choose(tls, _built) == Choice(Transport.GRPC)


def test_grpcio_stands_in_for_a_fast_one_that_is_missing_and_says_why(tmp_path: Path) -> None:
    settings = _settings(transport=Transport.AUTO, socket=str(tmp_path / "s.sock"))
    choice = choose(settings, _not_built)
    assert choice == Choice(Transport.GRPC, Missing.NOT_BUILT)
    text = io.StringIO()

    async def test() -> None:
        transport = make(choice, _no_exchange, settings, tallies=Tallies(), log=Log(text))
        await transport.drain(0)

    run(test())
    assert '"level":"warning","event":"transport_slow","lacking":"not_built"' in text.getvalue()


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        (_settings(transport=Transport.H2), "transport"),
        (_settings(transport=Transport.AUTO, peer_users="0"), "peer_users"),
        (_settings(transport=Transport.AUTO, workers=2), "workers"),
    ],
    ids=["by name", "for its users", "for its workers"],
)
def test_start_is_refused_where_the_fast_one_is_a_must_and_missing(
    settings: Settings, field: str
) -> None:
    for lacking, word in ((_not_built, "libnghttp2-dev"), (_too_old, "older")):
        with pytest.raises(SettingsError) as refusal:
            choose(settings, lacking)
        (problem,) = refusal.value.problems
        assert (problem.code, problem.field) == ("S06", field)
        assert word in problem.expectation


def _no_exchange() -> Exchange:
    raise AssertionError("no stream is opened here")
