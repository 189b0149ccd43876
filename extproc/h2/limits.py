"""The bounds of one HTTP/2 connection, and the frames that count as noise.

A message moves something; the frames listed here can be sent without end and move nothing, which
is what every known flood is made of. Each kind has a budget; every whole message gives one frame of
each kind back, so that a busy client is not taken for a hostile one. CONTINUATION floods, unread
acknowledgements and broken frames need no budget: libnghttp2 ends such a connection itself, and it
drops unknown frames as they come.
Source: CVE-2019-9511 to 9518, CVE-2023-44487, CVE-2024-27316; RFC 9113 section 10.5.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from extproc.settings import KIB, MIB, Settings

MOST_WINDOW = (1 << 31) - 1


class Noise(enum.IntEnum):
    """Kinds of noise, in the order of `enum noise` in c/connection.h."""

    RESET = 0
    PING = 1
    SETTINGS = 2
    EMPTY_DATA = 3
    WINDOW_UPDATE = 4
    PRIORITY = 5
    HEADERS = 6
    REFUSED_REQUEST = 7


# Frames beyond one a message that are taken within FLOOD_SECONDS. Envoy resets streams whose
# clients have gone, gRPC clients ping to measure and update windows as they read: all far below.
BUDGETS: dict[Noise, int] = {
    Noise.RESET: 10_000,
    Noise.PING: 10_000,
    Noise.SETTINGS: 500,
    Noise.EMPTY_DATA: 1_000,
    Noise.WINDOW_UPDATE: 50_000,
    Noise.PRIORITY: 1_000,
    Noise.HEADERS: 100,
    Noise.REFUSED_REQUEST: 10_000,
}
FLOOD_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, all for one connection but `buffered`.

    `buffered`: messages begun and answers waiting, over all streams of all connections. `queued`:
    answers waiting on one stream above which its client gets no more window. `renew_above`: the
    stream number at which the client is asked for a new connection, long before the numbers run
    out (2^31).
    """

    message: int
    streams: int
    headers: int = 16 * KIB
    stream_window: int = 16 * MIB
    connection_window: int = 24 * MIB
    buffered: int = 256 * MIB
    queued: int = 64 * KIB
    renew_above: int = 1 << 30
    budgets: tuple[int, ...] = tuple(BUDGETS[kind] for kind in Noise)


def limits_of(settings: Settings) -> Limits:
    """Return the limits that `settings` lead to: a window holds the largest message, if it can."""
    message = settings.max_message_bytes
    return Limits(
        message=message,
        streams=settings.max_concurrent_streams,
        stream_window=min(max(16 * MIB, message + 64 * KIB), MOST_WINDOW),
        connection_window=min(max(24 * MIB, 2 * message), MOST_WINDOW),
        buffered=max(settings.budget_bytes, 4 * message),
    )
