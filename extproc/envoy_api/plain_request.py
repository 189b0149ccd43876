"""The messages that Envoy sends all day, read without the protobuf library where that can be.

A compiled reader takes a plain ProcessingRequest apart in a microsecond; c/request_reader.c says
what is plain. Where it was not built, or for any other message, there is no plain request, and the
caller parses by the library: slower, and the same events.
"""

from __future__ import annotations

from collections.abc import Callable

NO_MODES = -1

PlainRequest = tuple[int, bool, list[tuple[bytes, bytes]] | bytes, int, bool]
"""The field number of the oneof; end_of_stream; header fields, trailers or a body; the body modes
of protocol_config (request | response << 4 | without waiting << 8, NO_MODES without one); whether
attributes came along."""


def never_plain(_: bytes) -> None:
    """Stand in for the reader where it was not built."""
    return


read_plain: Callable[[bytes], PlainRequest | None]
try:
    from extproc.envoy_api import _request_reader
except ImportError:
    read_plain = never_plain
else:
    read_plain = _request_reader.read_request
