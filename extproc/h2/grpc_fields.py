"""gRPC's words in HTTP/2: the path served, header fields, the trailers of each ending.

All of them are made once. What a request for something else is told, and which ending a bad message
leads to, stands here as tables. Source:
https://grpc.github.io/grpc/core/md_doc__p_r_o_t_o_c_o_l-_h_t_t_p2.html and md_doc_compression.html.
"""

from __future__ import annotations

from extproc.ending import Ending
from extproc.h2 import _nghttp2 as nghttp2
from extproc.h2.limits import Limits, Noise
from extproc.metrics import ConnectionEnd

PATH = b"/envoy.service.ext_proc.v3.ExternalProcessor/Process"
ANSWER_FIELDS = ((b":status", b"200"), (b"content-type", b"application/grpc"))


def _trailers(ending: Ending) -> nghttp2.Fields:
    status = (b"grpc-status", str(int(ending.status)).encode())
    if not ending.text:
        return (status,)
    fields = (status, (b"grpc-message", ending.text.encode()))
    if ending is Ending.COMPRESSED:
        return (*fields, (b"grpc-accept-encoding", b"identity"))
    return fields


TRAILERS = {ending: _trailers(ending) for ending in Ending}
REFUSALS: dict[int, nghttp2.Fields] = {
    nghttp2.REFUSED_METHOD: ((b":status", b"405"), (b"allow", b"POST")),
    nghttp2.REFUSED_TYPE: ((b":status", b"415"),),
    nghttp2.REFUSED_TE: ((b":status", b"400"),),
}
FAULT_ENDINGS = {
    nghttp2.FAULT_COMPRESSED: Ending.COMPRESSED,
    nghttp2.FAULT_TOO_LARGE: Ending.TOO_LARGE,
    nghttp2.FAULT_TRUNCATED: Ending.TRUNCATED,
    nghttp2.FAULT_NO_ROOM: Ending.NO_ROOM,
}
FLOODS = {
    Noise.RESET: ConnectionEnd.RESETS,
    Noise.PING: ConnectionEnd.PINGS,
    Noise.SETTINGS: ConnectionEnd.SETTINGS,
    Noise.EMPTY_DATA: ConnectionEnd.EMPTY_DATA,
    Noise.WINDOW_UPDATE: ConnectionEnd.WINDOW_UPDATES,
    Noise.PRIORITY: ConnectionEnd.PRIORITIES,
    Noise.HEADERS: ConnectionEnd.HEADERS,
    Noise.REFUSED_REQUEST: ConnectionEnd.REFUSED_REQUESTS,
}


def new_session(limits: Limits) -> nghttp2.Connection:
    """Return the compiled session of a new connection."""
    return nghttp2.Connection(
        path=PATH,
        answer_fields=ANSWER_FIELDS,
        message_bytes=limits.message,
        header_bytes=limits.headers,
        buffered_bytes=limits.buffered,
        queued_bytes=limits.queued,
        streams=limits.streams,
        stream_window=limits.stream_window,
        connection_window=limits.connection_window,
        budgets=limits.budgets,
    )
