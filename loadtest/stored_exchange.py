"""The exchange of the direct bench: what Envoy 1.40 sends in the wiring `enforce`, as one file.

Request headers, response headers and the whole response body, each in gRPC's framing, as recorded
from Envoy 1.40.0 with envoy/enforce.yaml: the same headers, attributes, empty metadata context and
protocol configuration. Loaders send the file as it is and then half-close.
Source: https://grpc.github.io/grpc/core/md_doc__p_r_o_t_o_c_o_l-_h_t_t_p2.html (Length-Prefixed-
Message).
"""

from __future__ import annotations

from extproc.envoy_api.messages import ProcessingRequest

METHOD = "/envoy.service.ext_proc.v3.ExternalProcessor/Process"
ATTRIBUTES = "envoy.filters.http.ext_proc"
REQUEST_ID = "37d351df-e0a0-453b-b33f-b34e7bfe8f50"
BUFFERED = 2

REQUEST_HEADERS = (
    (":authority", "bench"),
    (":path", "/1024"),
    (":method", "GET"),
    (":scheme", "http"),
    ("x-forwarded-proto", "http"),
    ("x-request-id", REQUEST_ID),
)
REQUEST_ATTRIBUTES = (
    ("xds.route_name", "all"),
    ("xds.cluster_name", "service"),
    ("source.address", "127.0.0.1:56642"),
    ("request.scheme", "http"),
    ("request.path", "/1024"),
    ("request.method", "GET"),
    ("request.id", REQUEST_ID),
    ("request.host", "bench"),
)


def exchange_messages(body: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the three serialised ProcessingRequests of one exchange with this response body."""
    first = ProcessingRequest()
    for key, value in REQUEST_HEADERS:
        first.request_headers.headers.headers.add(key=key, raw_value=value.encode())
    first.request_headers.end_of_stream = True
    for key, value in REQUEST_ATTRIBUTES:
        first.attributes[ATTRIBUTES].fields[key].string_value = value
    first.metadata_context.SetInParent()
    first.protocol_config.response_body_mode = BUFFERED
    second = ProcessingRequest()
    for key, value in (
        (":status", "200"),
        ("content-type", "application/json"),
        ("content-length", str(len(body))),
        ("x-envoy-upstream-service-time", "0"),
    ):
        second.response_headers.headers.headers.add(key=key, raw_value=value.encode())
    second.metadata_context.SetInParent()
    third = ProcessingRequest()
    third.response_body.body = body
    third.response_body.end_of_stream = True
    third.metadata_context.SetInParent()
    return (
        first.SerializeToString(),
        second.SerializeToString(),
        third.SerializeToString(),
    )


def framed(messages: tuple[bytes, ...]) -> bytes:
    """Return the messages one after the other, each with gRPC's prefix: not compressed, length."""
    return b"".join(b"\0" + len(message).to_bytes(4, "big") + message for message in messages)
