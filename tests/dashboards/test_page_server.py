from __future__ import annotations

import http.client
import json
from collections.abc import Iterator

import pytest

from dashboards.board import Board
from dashboards.generate import BOARDS
from dashboards.page_server import PAGE, serve_page
from tests.loadtest.scripted_service import scripted_service

ANSWER = b'{"status":"success","data":{"result":[]}}'


@pytest.fixture
def port() -> Iterator[int]:
    text = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(ANSWER), ANSWER)
    with (
        scripted_service(text) as address,
        serve_page(int(address.rpartition(":")[2])) as page,
    ):
        yield page


def get(port: int, path: str) -> tuple[int, str, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.getheader("Content-Type") or "", answer.read()
    finally:
        connection.close()


def test_page_and_what_it_loads_are_served(port: int) -> None:
    status, content_type, page = get(port, "/")
    assert (status, content_type) == (200, "text/html; charset=utf-8")
    for name in ("uPlot.min.css", "board.css", "uPlot.iife.min.js", "board.js"):
        assert name.encode() in page
        assert get(port, f"/{name}")[2] == (PAGE / name).read_bytes()


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
def test_boards_are_listed_and_served_as_they_are_exported(board: Board, port: int) -> None:
    listed = json.loads(get(port, "/boards.json")[2])
    assert {"uid": board.uid, "title": board.title} in listed
    assert get(port, f"/boards/{board.uid}.json")[2].decode() == board.to_json()


def test_queries_are_handed_on_and_nothing_else_is(port: int) -> None:
    assert get(port, "/api/v1/query?query=up") == (200, "application/json", ANSWER)
    for path in ("/api/v1/admin/tsdb/snapshot", "/../board.py", "/uPlot.LICENSE", "/nothing"):
        assert get(port, path)[0] == 404


def test_prometheus_that_is_gone_is_said(port: int) -> None:
    with scripted_service(b"") as address:
        gone = int(address.rpartition(":")[2])
    with serve_page(gone) as page:
        assert get(page, "/api/v1/query?query=up")[0] == 502
    assert get(port, "/")[0] == 200
