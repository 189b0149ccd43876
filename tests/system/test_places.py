"""A card in each place of an exchange is found there, and named with its place and direction."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from tests.system.lab import REDACT, Lab, running_lab, value
from tests.system.wire import always, chunk, chunked_head, get, post, whole

pytestmark = pytest.mark.slow

CARD = value("payment_card")
HEADER = "x-note: " + CARD.decode() + "\r\n"


def _body() -> bytes:
    return b'{"card":"%b"}' % CARD


def _trailer(lab: Lab) -> None:
    head = chunked_head(extra="trailer: x-sum\r\n")
    trailer = b"x-sum: " + CARD + b"\r\n\r\n"

    answer = lab.ask(
        get("/a", extra="te: trailers\r\n"),
        lambda connection, _: connection.sendall(head + chunk(b"{}") + chunk(b"") + trailer),
    )
    assert answer.trailers
    assert CARD not in answer.raw


def _request(lab: Lab, request: bytes) -> None:
    assert lab.ask(request, always(whole(b"{}"))).status == 200
    (seen,) = lab.service.seen
    assert CARD not in seen.head + seen.body
    assert quote(CARD.decode()).encode() not in seen.head


def _response(lab: Lab, response: bytes) -> None:
    answer = lab.ask(get("/a"), always(response))
    assert answer.status == 200
    assert CARD not in answer.raw


@pytest.mark.promise(16)
def test_card_is_found_and_masked_in_all_places(tmp_path: Path) -> None:
    found: set[tuple[str, str]] = set()
    with running_lab(tmp_path, REDACT) as lab:
        _request(lab, get("/a", extra=HEADER))
        _request(lab, get("/a?card=" + quote(CARD.decode())))
        _request(lab, get("/cards/" + quote(CARD.decode())))
        _request(lab, post("/a", _body()))
        _response(lab, whole(b"{}", extra=HEADER))
        _response(lab, whole(_body()))
        _trailer(lab)
        lab.settle()
        for labels, number in lab.samples("weirline_findings_total"):
            if number:
                assert labels["detector"] == "payment_card"
                assert number == 1
                found.add((labels["direction"], labels["place"]))
    assert found == {
        ("request", "header"),
        ("request", "query"),
        ("request", "path"),
        ("request", "body"),
        ("response", "header"),
        ("response", "body"),
        ("response", "trailer"),
    }
