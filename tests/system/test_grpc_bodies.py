"""gRPC through a real Envoy: real clients, servers and messages; values masked, frames whole."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.protobuf import struct_pb2

from tests.system.conformance.place import CARD, stream
from tests.system.envoy_process import running_envoy
from tests.system.lab import REDACT, Lab, running_lab
from tests.system.sidecar_process import running_sidecar
from tests.system.wire import get
from tests.weirline.flow.protobuf import frame, text
from weirline.body.grpc import FrameReader
from weirline.cli.envoy_config import Pipe, Places, Tcp, render, template

pytestmark = pytest.mark.slow

SERVICE = "shop.Orders"
MASKED = "".join("*" if each.isdigit() else each for each in CARD.decode())


def echo(request: bytes, context: grpc.ServicerContext) -> bytes:
    return request


def echo_all(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
    context.set_trailing_metadata((("x-sum", CARD.decode()),))
    yield from requests


def nothing(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:
    context.send_initial_metadata((("x-a", "1"),))
    yield from ()


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[grpc.Channel]:
    folder = tmp_path_factory.mktemp("grpc")
    server = grpc.server(ThreadPoolExecutor(4), compression=grpc.Compression.Gzip)
    handlers = {
        "Echo": grpc.unary_unary_rpc_method_handler(echo),
        "EchoAll": grpc.stream_stream_rpc_method_handler(echo_all),
        "Nothing": grpc.stream_stream_rpc_method_handler(nothing),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with running_sidecar(folder, REDACT, []) as sidecar:
        places = Places(
            listen=Tcp("127.0.0.1", 0),
            upstream=Tcp("127.0.0.1", port),
            extproc=Pipe(str(sidecar.socket)),
            admin=Tcp("127.0.0.1", 0),
        )
        bootstrap = render(template("enforce"), places, failure_mode_allow=False)
        with (
            running_envoy(bootstrap, folder) as envoy,
            grpc.insecure_channel(f"127.0.0.1:{envoy.port()}") as channel,
        ):
            yield channel
            counted = envoy.counters(r"ext_proc\.weirline\.")
            prefix = "http.ingress.ext_proc.weirline."
            assert counted.get(prefix + "spurious_msgs_received", 0) == 0
            assert counted.get(prefix + "streams_failed", 0) == 0
            assert counted[prefix + "stream_msgs_sent"] == counted[prefix + "stream_msgs_received"]
    server.stop(None).wait()


def message(**fields: str | int) -> bytes:
    one = struct_pb2.Struct()
    for name, each in fields.items():
        one[name] = each
    return one.SerializeToString()


def fields(data: bytes) -> dict[str, object]:
    return dict(struct_pb2.Struct.FromString(data).items())


@pytest.mark.parametrize("compression", [grpc.Compression.NoCompression, grpc.Compression.Gzip])
def test_unary_call_is_masked_and_decodes(
    channel: grpc.Channel, compression: grpc.Compression
) -> None:
    call = channel.unary_unary(f"/{SERVICE}/Echo", bytes, bytes)
    sent = message(card=CARD.decode(), note="é " * 200, n=5)
    got = fields(call(sent, timeout=20, compression=compression))
    assert got == {"card": MASKED, "note": "é " * 200, "n": 5}


def test_stream_in_both_directions_is_masked_message_by_message(channel: grpc.Channel) -> None:
    call = channel.stream_stream(f"/{SERVICE}/EchoAll", bytes, bytes)
    sent = [message(n=each, card=CARD.decode()) for each in range(50)] + [b""]
    answers = call(iter(sent), timeout=20)
    got = [fields(each) for each in answers]
    assert got[:50] == [{"n": each, "card": MASKED} for each in range(50)]
    assert got[50:] == [{}]
    trailers = dict(answers.trailing_metadata())
    assert trailers["x-sum"] == MASKED


def test_message_of_a_stream_does_not_wait_for_the_next(channel: grpc.Channel) -> None:
    call = channel.stream_stream(f"/{SERVICE}/EchoAll", bytes, bytes)

    def talk() -> Iterator[bytes]:
        for each in range(5):
            yield message(n=each, card=CARD.decode())
            # The next question is asked only when this one is answered.
            assert fields(next(iter(answers))) == {"n": each, "card": MASKED}

    answers = call(iter(()), timeout=20)
    assert list(answers) == []
    answers = call(talk(), timeout=20)
    assert answers.code() is grpc.StatusCode.OK


def test_large_messages_over_many_chunks_are_masked(channel: grpc.Channel) -> None:
    call = channel.unary_unary(f"/{SERVICE}/Echo", bytes, bytes)
    sent = message(a=CARD.decode(), pad="river " * 200_000, z=CARD.decode())
    got = fields(call(sent, timeout=20))
    assert (got["a"], got["z"]) == (MASKED, MASKED)


def test_stream_without_a_message_ends(channel: grpc.Channel) -> None:
    call = channel.stream_stream(f"/{SERVICE}/Nothing", bytes, bytes)
    for _ in range(20):
        answers = call(iter(()), timeout=20)
        assert list(answers) == []
        assert answers.code() is grpc.StatusCode.OK


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("grpc-web"), REDACT) as lab:
        yield lab
        lab.assert_in_step()


WEB = frame(text(1, CARD)) + frame(b"grpc-status: 0\r\ngrpc-message: %b\r\n" % CARD, 0x80)


@pytest.mark.parametrize(
    "media_type",
    ["application/grpc-web+proto", "application/grpc-web-text", "application/connect+proto"],
)
def test_frames_over_http_1_are_masked(lab: Lab, media_type: str) -> None:
    in_text = media_type.endswith("-text")
    wire = base64.b64encode(WEB) if in_text else WEB
    parts = [wire[at : at + 7] for at in range(0, len(wire), 7)]
    answer = lab.ask(get("/a"), stream(*parts, content_type=media_type))
    assert answer.complete
    body = answer.body
    if in_text:
        body = b"".join(base64.b64decode(body[at : at + 4]) for at in range(0, len(body), 4))
    assert CARD not in body
    assert [each.flags for each in FrameReader(1 << 20).feed(body)] == [0, 0x80]
    assert len(body) == len(WEB)
