"""Traffic cannot make metrics grow: whatever it says, the series stay the same ones."""

from __future__ import annotations

import pytest

from extproc.envoy_api.messages import HttpHeaders, ProcessingRequest
from extproc.metrics import FINDINGS, FLOWS, Tallies
from extproc.metrics_page import render
from tests.playbook import REDACT_BOTH, factory, header_map, policy

EXCHANGES = 100_000
MARK = "canary"


@pytest.mark.full
def test_100_000_paths_hosts_and_header_names_make_no_series_and_are_told_nowhere() -> None:
    tallies, opener = Tallies(), factory(policy(REDACT_BOTH)).open
    _exchange(tallies, opener, 0)
    series = _series(tallies)
    for number in range(1, EXCHANGES):
        _exchange(tallies, opener, number)
    assert _series(tallies) == series
    assert tallies.value(FLOWS, ("abandoned",)) == EXCHANGES
    assert sum(tallies.snapshot()[0][FINDINGS].values()) == EXCHANGES
    assert MARK.encode() not in render(tallies.snapshot())


def _exchange(tallies: Tallies, opener: object, number: int) -> None:
    assert callable(opener)
    session = opener()
    fields = [
        (":method", "GET"),
        (":path", f"/{MARK}-{number}/items?{MARK}={number}"),
        (":authority", f"{MARK}-{number}.test"),
        (f"x-{MARK}-{number}", "#123456"),
    ]
    headers = HttpHeaders(headers=header_map(fields), end_of_stream=True)
    session.receive(ProcessingRequest(request_headers=headers).SerializeToString())
    tallies.fold(session.ended(True))


def _series(tallies: Tallies) -> dict[str, set[tuple[str, ...]]]:
    return {metric.name: set(found) for metric, found in tallies.snapshot()[0].items()}
