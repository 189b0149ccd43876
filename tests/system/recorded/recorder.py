"""A plain ext_proc server that keeps every message it gets, as raw bytes, stream by stream.

By itself it knows nothing of the product: it lets everything pass unchanged, and asks for bodies as
the wirings in envoy/ expect to be asked (NONE first, then what each body needs). A test may have it
answer in another way.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import grpc

from extproc.envoy_api.messages import (
    HeaderMap,
    ProcessingMode,
    ProcessingRequest,
    ProcessingResponse,
)
from extproc.exchange import Answer

SERVICE = "envoy.service.ext_proc.v3.ExternalProcessor"
BUFFER_BYTES = 1 << 20
RECEIVE_BYTES = 16 << 20


Answerer = Callable[[bytes], Answer]


@dataclass(slots=True)
class Recorder:
    """What came, a list a stream, in the order the streams were opened."""

    address: str
    answering: Callable[[], Answerer]
    streams: list[list[bytes]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> list[list[bytes]]:
        """The streams so far, and start anew."""
        with self._lock:
            taken, self.streams = self.streams, []
        return taken

    def serve(self, requests: Iterator[bytes], _: grpc.ServicerContext) -> Iterator[bytes]:
        """Record one stream and answer each of its messages."""
        stream: list[bytes] = []
        answer = self.answering()
        with self._lock:
            self.streams.append(stream)
        for raw in requests:
            stream.append(raw)
            if (answered := answer(raw)) is not None:
                yield from (answered,) if isinstance(answered, bytes) else answered


@contextlib.contextmanager
def running_recorder(
    *,
    socket: Path | None = None,
    credentials: grpc.ServerCredentials | None = None,
    answering: Callable[[], Answerer] | None = None,
) -> Iterator[Recorder]:
    """Serve on a unix socket, or on a free loopback port (with TLS if credentials are given).

    `answering` makes what answers the messages of one stream.
    """
    pool = ThreadPoolExecutor(max_workers=32)
    server = grpc.server(pool, options=[("grpc.max_receive_message_length", RECEIVE_BYTES)])
    if socket is not None:
        server.add_insecure_port(f"unix:{socket}")
        address = str(socket)
    elif credentials is not None:
        address = f"127.0.0.1:{server.add_secure_port('127.0.0.1:0', credentials)}"
    else:
        address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    recorder = Recorder(address, answering or (lambda: let_pass))
    method = grpc.stream_stream_rpc_method_handler(recorder.serve)
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler(SERVICE, {"Process": method})]
    )
    server.start()
    try:
        yield recorder
    finally:
        server.stop(grace=None).wait()
        pool.shutdown()


def let_pass(raw: bytes) -> bytes:
    """Answer that the message may pass; a headers answer says how the body is to come."""
    request = ProcessingRequest.FromString(raw)
    response = ProcessingResponse()
    match request.WhichOneof("request"):
        case "request_headers":
            response.request_headers.response.SetInParent()
            if not request.request_headers.end_of_stream:
                body = _wanted(request.request_headers.headers)
                response.mode_override.request_body_mode = body
                response.mode_override.request_trailer_mode = ProcessingMode.SEND
            response.mode_override.response_body_mode = ProcessingMode.NONE
        case "response_headers":
            response.response_headers.response.SetInParent()
            if not request.response_headers.end_of_stream:
                body = _wanted(request.response_headers.headers)
                response.mode_override.response_body_mode = body
                response.mode_override.response_trailer_mode = ProcessingMode.SEND
        case "request_body":
            response.request_body.response.SetInParent()
        case "response_body":
            response.response_body.response.SetInParent()
        case "request_trailers":
            response.request_trailers.SetInParent()
        case "response_trailers":
            response.response_trailers.SetInParent()
        case None:
            pass
    return response.SerializeToString()


def _wanted(headers: HeaderMap) -> int:
    fields = {header.key: header.raw_value for header in headers.headers}
    if fields.get(":status") == b"101" or "upgrade" in fields:
        return ProcessingMode.NONE
    length = fields.get("content-length")
    if length is not None and int(length) <= BUFFER_BYTES:
        return ProcessingMode.BUFFERED
    return ProcessingMode.STREAMED
