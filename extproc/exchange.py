"""What a transport drives: the seam between moving bytes and deciding about them.

`extproc.session.Session` is the real one. A transport knows nothing else of what a sidecar does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from weirline.flow.report import FlowReport

Answer = bytes | tuple[bytes, ...] | None
HOLD_BACK_S = 0.05  # for bytes of a stream that may still become a value


class Waiting(tuple[bytes, ...]):
    """Answers after which something is held back: `overdue` may be asked for it later."""

    __slots__ = ()


class Exchange(Protocol):
    """The state of one ext_proc stream. Used by one thread at a time."""

    @property
    def finished(self) -> bool:
        """Whether both directions are done: only then may the stream end with status OK."""
        ...

    @property
    def observed_only(self) -> bool:
        """Whether Envoy expects no answer at all and lets traffic pass whatever we say."""
        ...

    def heavy(self, raw: bytes) -> bool:
        """Whether `raw` is to be worked on in the pool instead of on the event loop."""
        ...

    def receive(self, raw: bytes) -> Answer:
        """Take one serialised ProcessingRequest, return the answer to send, None if none is due.

        Several answers are to be sent in their order.

        Raises PeerProtocolError for what a peer may not send.
        """
        ...

    def overdue(self) -> Answer:
        """Return what is to be sent unasked because it has been held back for too long."""
        ...

    def ended(self, clean: bool) -> FlowReport:
        """Close the exchange; called once, whatever happened. `clean` is false after a fault."""
        ...


OpenExchange = Callable[[], Exchange]
