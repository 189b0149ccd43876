"""What HTTP says about messages stays true when bodies are masked: through a real Envoy."""

from __future__ import annotations

import io
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.system.conformance.place import CARD, TIMEOUT_S, stream
from tests.system.envoy_process import running_envoy
from tests.system.lab import REDACT, Lab, running_lab
from tests.system.sidecar_process import running_sidecar
from tests.system.wire import (
    Reader,
    Request,
    Script,
    always,
    ask,
    get,
    post,
    upstream,
    whole,
)
from weirline.cli.envoy_config import Pipe, Places, Tcp, render, template

pytestmark = [pytest.mark.slow, pytest.mark.full]

BODY = b'{"card":"%b"}' % CARD
CLEAN = b'{"name":"weir"}'
ABOUT = (
    'etag: "abc"\r\ndigest: sha-256=x\r\ncontent-digest: sha-256=:eA==:\r\n'
    "repr-digest: sha-256=:eA==:\r\ncontent-md5: eA==\r\n"
)
DIGESTS = (b"digest", b"content-digest", b"repr-digest", b"content-md5")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("http"), REDACT) as lab:
        yield lab
        lab.assert_in_step()


def test_digests_go_and_the_etag_is_weakened_where_a_whole_body_was_masked(lab: Lab) -> None:
    answer = lab.ask(get("/a"), always(whole(BODY, extra=ABOUT)))
    assert CARD not in answer.raw
    assert [answer.header(name) for name in DIGESTS] == [None] * 4
    assert answer.header(b"etag") == b'W/"abc"'
    assert answer.header(b"content-length") == b"%d" % len(BODY)


def test_digests_and_etag_stay_where_nothing_was_masked(lab: Lab) -> None:
    answer = lab.ask(get("/a"), always(whole(CLEAN, extra=ABOUT)))
    assert answer.body == CLEAN
    assert None not in [answer.header(name) for name in DIGESTS]
    assert answer.header(b"etag") == b'"abc"'


def test_answer_to_head_keeps_what_it_says_of_the_body(lab: Lab) -> None:
    head = b"HEAD /a HTTP/1.1\r\nhost: api.test\r\nconnection: close\r\n\r\n"
    said = f"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n{ABOUT}\r\n".encode()
    answer = lab.ask(head, always(said), head=True)
    assert answer.header(b"content-length") == b"500"
    assert answer.header(b"etag") == b'"abc"'


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_answer_without_a_body_keeps_its_etag(lab: Lab, status: str) -> None:
    said = f'HTTP/1.1 {status}\r\netag: "abc"\r\n\r\n'.encode()
    answer = lab.ask(get("/a"), always(said))
    assert answer.header(b"etag") == b'"abc"'
    assert answer.body == b""


def test_range_is_not_asked_for_and_a_part_that_comes_is_masked(lab: Lab) -> None:
    part = f"content-range: bytes 0-{len(BODY) - 1}/900\r\n"
    answer = lab.ask(
        get("/a", extra='range: bytes=0-99\r\nif-range: "abc"\r\n'),
        always(whole(BODY, status="206 Partial Content", extra=part)),
    )
    (seen,) = lab.service.seen
    assert seen.header(b"range") is None
    assert seen.header(b"if-range") is None
    assert answer.status == 206
    assert len(answer.body) == len(BODY)
    assert CARD not in answer.raw


def test_signature_over_a_masked_body_is_left_and_counted(lab: Lab) -> None:
    before = lab.metric("weirline_broken_signatures_total", kind="webhook")
    signed = b"POST /a HTTP/1.1\r\nhost: api.test\r\nconnection: close\r\n"
    signed += b"x-hub-signature-256: sha256=00\r\ncontent-length: %d\r\n\r\n" % len(BODY)
    lab.ask(signed + BODY, always(whole(b"{}")))
    (seen,) = lab.service.seen
    assert CARD not in seen.body
    assert seen.header(b"x-hub-signature-256") == b"sha256=00"
    lab.settle()
    assert lab.metric("weirline_broken_signatures_total", kind="webhook") == before + 1


def test_early_hints_do_not_take_the_place_of_the_answer(lab: Lab) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n"
    answer = lab.ask(get("/a"), always(hints + whole(BODY)))
    assert CARD not in answer.raw
    assert answer.raw.count(b"HTTP/1.1 200") == 1


def test_upload_that_asks_first_is_masked(lab: Lab) -> None:
    lab.play(always(whole(b"{}")))
    with socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection:
        connection.sendall(
            b"POST /a HTTP/1.1\r\nhost: api.test\r\nexpect: 100-continue\r\n"
            b"connection: close\r\ncontent-length: %d\r\n\r\n" % len(BODY)
        )
        reader = Reader(connection)
        assert reader.until(b"\r\n\r\n") is not None
        assert reader.raw.startswith(b"HTTP/1.1 100")
        connection.sendall(BODY)
        assert b"HTTP/1.1 200" in reader.raw + reader.rest()
    (seen,) = lab.service.seen
    assert CARD not in seen.body
    assert len(seen.body) == len(BODY)


def test_stream_keeps_no_validator_of_bytes_it_may_change(lab: Lab) -> None:
    answer = lab.ask(
        get("/a"), stream(BODY[:12], BODY[12:], extra=ABOUT, content_type="application/json")
    )
    assert answer.complete
    assert CARD not in answer.raw
    assert [answer.header(name) for name in (*DIGESTS, b"etag")] == [None] * 5


def test_value_is_masked_by_the_first_of_two_hops_and_counted_once(
    lab: Lab, tmp_path: Path
) -> None:
    """The hop that a message passes first acts: the next finds nothing left."""
    with running_lab(tmp_path, REDACT) as outer:

        def relay(connection: socket.socket, request: Request) -> None:
            answer = lab.ask(post("/a", request.body), always(whole(BODY)))
            connection.sendall(whole(answer.body))

        before = _found(lab), _found(outer)
        answer = outer.ask(post("/a", BODY), relay)
        assert CARD not in answer.raw
        (seen,) = lab.service.seen
        assert CARD not in seen.body
        for each in (lab, outer):
            each.settle()
        # (requests, responses): the outer hop saw the request first, the inner one the response.
        assert _found(outer) == (before[1][0] + 1, before[1][1])
        assert _found(lab) == (before[0][0], before[0][1] + 1)


def _found(lab: Lab) -> tuple[float, float]:
    found = "weirline_findings_total"
    return lab.metric(found, direction="request"), lab.metric(found, direction="response")


@pytest.fixture(scope="module")
def trying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, list[Script]]]:
    """An Envoy that tries again after 503 and follows redirects itself."""
    folder = tmp_path_factory.mktemp("tries")
    scripts: list[Script] = []
    with ExitStack() as stack:
        sidecar = stack.enter_context(running_sidecar(folder, REDACT, []))
        service = stack.enter_context(upstream(lambda c, request: scripts.pop(0)(c, request)))
        places = Places(
            listen=Tcp("127.0.0.1", 0),
            upstream=Tcp("127.0.0.1", service.port),
            extproc=Pipe(str(sidecar.socket)),
            admin=Tcp("127.0.0.1", 0),
        )
        text = _with_tries(render(template("enforce"), places, failure_mode_allow=False))
        envoy = stack.enter_context(running_envoy(text, folder))
        yield envoy.port(), scripts


def _with_tries(bootstrap: str) -> str:
    yaml = YAML(typ="rt")
    root = yaml.load(bootstrap)
    listener = root["static_resources"]["listeners"][0]
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    for route in manager["route_config"]["virtual_hosts"][0]["routes"]:
        route["route"]["retry_policy"] = {"retry_on": "5xx", "num_retries": 1}
        route["route"]["internal_redirect_policy"] = {"max_internal_redirects": 1}
    out = io.StringIO()
    yaml.dump(root, out)
    return out.getvalue()


def _saying(said: bytes, seen: list[bytes]) -> Script:
    def script(connection: socket.socket, request: Request) -> None:
        seen.append(request.head + request.body)
        connection.sendall(said)

    return script


def test_second_try_carries_the_masked_request(trying: tuple[int, list[Script]]) -> None:
    port, scripts = trying
    seen: list[bytes] = []
    scripts[:] = [
        _saying(whole(b"{}", status="503 Service Unavailable"), seen),
        _saying(whole(BODY), seen),
    ]
    answer = ask(port, post("/a", BODY))
    assert answer.status == 200
    assert len(seen) == 2
    assert all(CARD not in each for each in (*seen, answer.raw))
    assert seen[0].endswith(seen[1].rpartition(b"\r\n\r\n")[2])


def test_redirect_that_envoy_follows_is_scanned_again(trying: tuple[int, list[Script]]) -> None:
    port, scripts = trying
    seen: list[bytes] = []
    moved = whole(b"", status="302 Found", extra="location: http://api.test/b\r\n")
    scripts[:] = [_saying(moved, seen), _saying(whole(BODY), seen)]
    answer = ask(port, get("/a"))
    assert answer.status == 200
    assert [each.split(b" ")[1] for each in seen] == [b"/a", b"/b"]
    assert CARD not in answer.raw
