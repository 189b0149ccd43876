from __future__ import annotations

import http.client
from collections.abc import Iterator

import pytest

from weirline.cli.demo.client import LOOPBACK, exchange, fetch
from weirline.cli.demo.sample_api import Page, serve

PAGES = {
    "/list?limit=50": [Page("application/json", b"[50]")],
    "/list": [Page("application/json", b"[1]")],
    "/orders/*": [Page("text/html", b"oops", 500)],
    "/twice": [Page("text/plain", b"first"), Page("text/plain", b"second")],
}


@pytest.fixture
def port() -> Iterator[int]:
    with serve(PAGES) as taken:
        yield taken


@pytest.mark.parametrize(
    ("target", "status", "body"),
    [
        ("/list?limit=50", 200, b"[50]"),
        ("/list?limit=2", 200, b"[1]"),
        ("/orders/17", 500, b"oops"),
        ("/orders/17/items", 404, b'{"error": "not found"}\n'),
        ("/nothing", 404, b'{"error": "not found"}\n'),
    ],
)
def test_target_is_answered_by_its_page(port: int, target: str, status: int, body: bytes) -> None:
    answer = fetch(port, target)
    assert (answer.status, answer.body) == (status, body)


def test_connection_is_kept_open_between_requests(port: int) -> None:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    connection.request("GET", "/list")
    assert connection.getresponse().read() == b"[1]"
    kept = connection.sock
    connection.request("HEAD", "/twice")
    head = connection.getresponse()
    assert (head.headers["content-length"], head.read()) == ("5", b"")
    connection.request("POST", "/echo?x=1", body=b"posted", headers={"content-type": "a/b"})
    echo = connection.getresponse()
    assert (echo.headers["content-type"], echo.read()) == ("a/b", b"posted")
    assert connection.sock is kept
    connection.close()


def test_answer_to_head_has_no_body(port: int) -> None:
    raw = exchange(port, b"HEAD /twice HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert raw.startswith(b"HTTP/1.1 200 ")
    assert raw.endswith(b"\r\n\r\n")


def test_choice_header_picks_one_of_several_answers(port: int) -> None:
    assert fetch(port, "/twice").body == b"first"
    assert fetch(port, "/twice", headers=("x-demo-answer: 1",)).body == b"second"
    assert fetch(port, "/twice", headers=("x-demo-answer: 9",)).body == b"first"


def test_only_echo_takes_posts(port: int) -> None:
    request = b"POST /list HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"
    assert exchange(port, request).startswith(b"HTTP/1.1 404 ")


def test_post_larger_than_the_echo_takes_is_refused_unread(port: int) -> None:
    request = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n"
    assert exchange(port, request).startswith(b"HTTP/1.1 413 ")


def test_post_of_unknown_length_is_refused(port: int) -> None:
    request = b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert exchange(port, request).startswith(b"HTTP/1.1 411 ")


def test_request_is_logged_nowhere(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    fetch(port, "/list?limit=canary")
    assert capfd.readouterr() == ("", "")
