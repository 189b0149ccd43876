"""Plays Envoy's part of an ext_proc stream against a session: messages in, parsed answers out."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from ruamel.yaml import YAML

from extproc.envoy_api.messages import (
    HeaderMap,
    HeaderValue,
    HttpBody,
    HttpHeaders,
    HttpTrailers,
    ProcessingRequest,
    ProcessingResponse,
    ProtocolConfiguration,
)
from extproc.session import Session, SessionFactory
from tests.fakes.scanner import HashScanner
from weirline.detect.detector import Detector, Severity
from weirline.flow.limits import Limits
from weirline.policy.evaluate import CompiledPolicy, compile_policy
from weirline.policy.policy import Policy
from weirline.scan import FlowScanner

NONE, STREAMED, BUFFERED, BUFFERED_PARTIAL, FULL_DUPLEX, GRPC = range(6)

Fields = Sequence[tuple[str, str | bytes]]

HASH_ID = Detector(
    id="hash_id",
    title="A number after a hash sign",
    category="identity",
    severity=Severity.HIGH,
    pattern="#[0-9]{6}",
    width=7,
    confidence=1.0,
    issuer="https://example.com/hash-id",
)

REDACT_BOTH = """
- {id: mask, find: {category: identity}, do: [{redact: {mask: {}}}]}
"""
BLOCK_BOTH = """
- {id: stop, find: {category: identity}, do: [{block: {status: 403}}]}
"""
OBSERVE_BOTH = """
- {id: watch, find: {category: identity}, do: [observe]}
"""
BLOCK_REQUESTS = """
- {id: stop, when: {direction: request}, find: {category: identity}, do: [{block: {}}]}
"""
REDACT_RESPONSES = """
- {id: mask, when: {direction: response}, find: {category: identity}, do: [{redact: {mask: {}}}]}
"""


def policy(rules: str, *, mode: str = "enforce", defaults: str = "{}") -> CompiledPolicy:
    """A compiled policy of these rules (YAML) for the one detector of the fake scanner."""
    document = {
        "apiVersion": "weirline/v1",
        "kind": "Policy",
        "metadata": {"name": "test"},
        "mode": mode,
        "defaults": YAML(typ="safe").load(defaults),
        "rules": YAML(typ="safe").load(rules) or [],
    }
    return compile_policy(msgspec.convert(document, Policy), [HASH_ID])


def factory(
    compiled: CompiledPolicy,
    *,
    scanner: FlowScanner | None = None,
    limits: Limits | None = None,
    wiring: str = "enforce",
) -> SessionFactory:
    """A session factory around a policy; the fake scanner unless another is given."""
    return SessionFactory(
        compiled,
        scanner or HashScanner(),
        limits=limits or Limits(),
        wiring=wiring,
        pool_threshold_bytes=256 << 10,
    )


class Peer:
    """One stream as Envoy would drive it.

    `request` and `response` are the configured body modes; None sends no protocol_config at all.
    `before` are the answers that were given before the last one returned.
    """

    def __init__(
        self,
        compiled: CompiledPolicy,
        *,
        request: int | None = NONE,
        response: int | None = BUFFERED,
        scanner: FlowScanner | None = None,
        limits: Limits | None = None,
        wiring: str = "enforce",
    ) -> None:
        self.session: Session = factory(
            compiled, scanner=scanner, limits=limits, wiring=wiring
        ).open()
        self.before: list[ProcessingResponse] = []
        self._config: ProtocolConfiguration | None = None
        if request is not None and response is not None:
            self._config = ProtocolConfiguration(
                request_body_mode=request, response_body_mode=response
            )

    def send(self, message: ProcessingRequest) -> ProcessingResponse | None:
        """Send one message as it is, with the protocol_config if it is the first."""
        if self._config is not None:
            message.protocol_config.CopyFrom(self._config)
            self._config = None
        answer = self.session.receive(message.SerializeToString())
        if answer is None:
            return None
        *before, last = (answer,) if isinstance(answer, bytes) else answer
        self.before = [ProcessingResponse.FromString(each) for each in before]
        return ProcessingResponse.FromString(last)

    def must(self, message: ProcessingRequest) -> ProcessingResponse:
        """Send one message that must be answered."""
        answer = self.send(message)
        assert answer is not None
        return answer

    def request_headers(
        self,
        *extra: tuple[str, str | bytes],
        method: str = "GET",
        path: str = "/v1/items",
        end: bool = True,
    ) -> ProcessingResponse:
        """Request headers of an ordinary request."""
        fields = [(":method", method), (":path", path), (":authority", "api.test"), *extra]
        headers = HttpHeaders(headers=header_map(fields), end_of_stream=end)
        return self.must(ProcessingRequest(request_headers=headers))

    def response_headers(
        self,
        *extra: tuple[str, str | bytes],
        status: int = 200,
        length: int | None = None,
        content_type: str = "application/json",
        end: bool = False,
    ) -> ProcessingResponse:
        """Response headers, with a content-length where one is given."""
        fields: list[tuple[str, str | bytes]] = [
            (":status", str(status)),
            ("content-type", content_type),
            *extra,
        ]
        if length is not None:
            fields.append(("content-length", str(length)))
        headers = HttpHeaders(headers=header_map(fields), end_of_stream=end)
        return self.must(ProcessingRequest(response_headers=headers))

    def request_body(self, body: bytes, *, end: bool = True) -> ProcessingResponse:
        """A request body or chunk."""
        message = ProcessingRequest(request_body=HttpBody(body=body, end_of_stream=end))
        return self.must(message)

    def response_body(self, body: bytes, *, end: bool = True) -> ProcessingResponse:
        """A response body or chunk."""
        message = ProcessingRequest(response_body=HttpBody(body=body, end_of_stream=end))
        return self.must(message)

    def response_trailers(self, *fields: tuple[str, str | bytes]) -> ProcessingResponse:
        """Response trailers."""
        trailers = HttpTrailers(trailers=header_map(fields))
        return self.must(ProcessingRequest(response_trailers=trailers))


def header_map(fields: Fields) -> HeaderMap:
    """A header map as Envoy fills it: names in lower case, values in raw_value."""
    return HeaderMap(
        headers=[
            HeaderValue(key=name, raw_value=value.encode() if isinstance(value, str) else value)
            for name, value in fields
        ]
    )


def set_headers(answer: ProcessingResponse) -> dict[str, bytes]:
    """The headers an answer sets, whichever kind of answer it is."""
    kind = answer.WhichOneof("response")
    assert kind is not None
    inner = getattr(answer, kind)
    mutation = (
        inner.header_mutation if kind.endswith("trailers") else inner.response.header_mutation
    )
    return {option.header.key: option.header.raw_value for option in mutation.set_headers}


def new_body(answer: ProcessingResponse, old: bytes) -> bytes:
    """What leaves in place of `old` after a body answer."""
    kind = answer.WhichOneof("response")
    assert kind in ("request_body", "response_body")
    mutation = getattr(answer, kind).response.body_mutation
    match mutation.WhichOneof("mutation"):
        case "body":
            return bytes(mutation.body)
        case "clear_body":
            return b""
        case _:
            return old
