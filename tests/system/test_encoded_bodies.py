"""Packed bodies through a real Envoy: masked in their codings, or left alone to the byte."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.conformance.place import CARD, stream
from tests.system.lab import REDACT, Lab, policy_text, running_lab
from tests.system.wire import always, chunk, get, post, whole
from weirline.body.encoding import Coding, Decoder, Encoder, codings_of

pytestmark = pytest.mark.slow

STACKS = ["gzip", "deflate", "br", "zstd", "gzip, br"]
# Unpacks to 9 MiB, forty times its size.
OVER = gzip.compress(b"".join(b"%08d" % number + bytes(92) for number in range(95_000)), 9)
PLAIN = b'{"card": "%b", "words": "%b"}' % (CARD, b"river stone " * 200)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("encoded"), REDACT) as lab:
        yield lab
        lab.assert_sound()


def packed(text: bytes, codings: str) -> bytes:
    return Encoder(known(codings)).finish(text)


def unpacked(data: bytes, codings: str) -> bytes:
    decoder = Decoder(known(codings), max_ratio=1000)
    out = b"".join(decoder.pieces(data))
    decoder.end()
    return out


def known(codings: str) -> tuple[Coding, ...]:
    found = codings_of(codings.encode())
    assert found is not None
    return found


def is_masked(text: bytes) -> bool:
    return CARD not in text and len(text) == len(PLAIN) and text.endswith(PLAIN[-100:])


@pytest.mark.parametrize("codings", STACKS)
def test_whole_packed_response_is_masked(lab: Lab, codings: str) -> None:
    script = always(
        whole(packed(PLAIN, codings), extra=f'content-encoding: {codings}\r\netag: "a"\r\n')
    )
    answer = lab.ask(get("/a"), script)
    assert answer.status == 200
    assert answer.header(b"content-encoding") == codings.encode()
    assert answer.header(b"content-length") == b"%d" % len(answer.body)
    assert answer.header(b"etag") == b'W/"a"'
    assert is_masked(unpacked(answer.body, codings))


@pytest.mark.parametrize("codings", STACKS)
@pytest.mark.parametrize("trailers", ["", "x-sum: 1\r\n"])
def test_packed_stream_is_masked(lab: Lab, codings: str, trailers: str) -> None:
    data = packed(PLAIN, codings)
    extra = f"content-encoding: {codings}\r\n" + ("trailer: x-sum\r\n" if trailers else "")
    parts = [data[at : at + 9] for at in range(0, len(data), 9)]
    answer = lab.ask(get("/a"), stream(*parts, extra=extra, trailers=trailers.encode()))
    assert answer.complete
    assert answer.trailers == trailers.encode()
    assert is_masked(unpacked(answer.body, codings))


@pytest.mark.parametrize("codings", STACKS)
def test_packed_upload_is_masked(lab: Lab, codings: str) -> None:
    data = packed(PLAIN, codings)
    request = post("/a", data).replace(
        b"content-length", f"content-encoding: {codings}\r\ncontent-length".encode()
    )
    assert lab.ask(request, always(whole(b"{}"))).status == 200
    (seen,) = lab.service.seen
    assert seen.header(b"content-encoding") == codings.encode()
    assert is_masked(unpacked(seen.body, codings))


def test_packed_upload_of_unknown_length_is_masked(lab: Lab) -> None:
    data = packed(PLAIN, "gzip")
    head = (
        b"POST /a HTTP/1.1\r\nhost: api.test\r\nconnection: close\r\ncontent-encoding: gzip\r\n"
        b"content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    body = chunk(data[:30]) + chunk(data[30:]) + chunk(b"") + b"\r\n"
    assert lab.ask(head + body, always(whole(b"{}"))).status == 200
    (seen,) = lab.service.seen
    assert is_masked(unpacked(seen.body, "gzip"))


def test_clean_packed_body_arrives_as_the_bytes_it_was(lab: Lab) -> None:
    data = gzip.compress(b"nothing to hide " * 100)
    answer = lab.ask(get("/a"), always(whole(data, extra="content-encoding: gzip\r\n")))
    assert answer.body == data


def test_request_asks_for_codings_that_can_be_read(lab: Lab) -> None:
    lab.ask(get("/a", extra="accept-encoding: br, dcb, gzip, *\r\n"), always(whole(b"{}")))
    assert lab.service.seen[0].header(b"accept-encoding") == b"br, gzip"


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("dcb", b"whatever", "encoding"),
        ("gzip", b"not packed at all", "broken"),
        ("gzip", gzip.compress(bytes(2 << 20), mtime=0), "inflated"),
        ("gzip", OVER, "body_over"),
    ],
)
def test_body_that_cannot_be_read_passes_and_is_counted(
    lab: Lab, coding: str, body: bytes, reason: str
) -> None:
    before = lab.metric("weirline_unscanned_total", reason=reason)
    answer = lab.ask(get("/a"), always(whole(body, extra=f"content-encoding: {coding}\r\n")))
    assert answer.body == body
    lab.settle()
    assert lab.metric("weirline_unscanned_total", reason=reason) == before + 1


def test_body_that_cannot_be_read_is_blocked_where_the_policy_says_so(tmp_path: Path) -> None:
    text = policy_text("{redact: {mask: {}}}", defaults="defaults: {unscannable: block}")
    with running_lab(tmp_path, text) as lab:
        for coding, body in (("dcb", b"x"), ("gzip", b"not packed"), ("gzip", bytes(9))):
            script = always(whole(body, extra=f"content-encoding: {coding}\r\n"))
            assert lab.ask(get("/a"), script).status == 403
        lab.assert_sound()
