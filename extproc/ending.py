"""How a stream ends, on either transport, and what is written down then.

Envoy takes a clean end as «let the rest through unscanned», so a stream ends OK only if its
exchange is finished, and with an error status after everything else. No status ever carries text of
an exception. Source: envoy/service/ext_proc/v3/external_processor.proto; the status codes of
https://grpc.github.io/grpc/core/md_doc_statuscodes.html.
"""

from __future__ import annotations

import enum

from extproc.exchange import Exchange
from extproc.logs import Event, Log, fault_fields
from extproc.metrics import FAULTS, Fault, Tallies
from extproc.translate import UnsupportedMode
from weirline.errors import OverBudget, PeerProtocolError


class Status(enum.IntEnum):
    """The gRPC status codes that are used here."""

    OK = 0
    DEADLINE_EXCEEDED = 4
    RESOURCE_EXHAUSTED = 8
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14


class Ending(enum.Enum):
    """How a stream ends: the status Envoy gets, and the fault to count if it is one."""

    DONE = (Status.OK, "", None)
    EARLY = (Status.INTERNAL, "stream closed before the exchange was over", None)
    PEER = (Status.INTERNAL, "message not allowed here", Fault.PEER_PROTOCOL)
    MODE = (Status.UNIMPLEMENTED, "body mode not supported", Fault.UNSUPPORTED_MODE)
    FAULT = (Status.INTERNAL, "internal fault", Fault.INTERNAL)
    IDLE = (Status.UNAVAILABLE, "no message for too long", Fault.IDLE)
    SHED = (Status.RESOURCE_EXHAUSTED, "too much is kept", Fault.OVER_BUDGET)
    OVERTIME = (Status.DEADLINE_EXCEEDED, "no answer in time", Fault.OVERTIME)
    FULL = (Status.UNAVAILABLE, "too many streams", Fault.REFUSED_FULL)
    # On the fast transport only; grpcio does these itself.
    DEADLINE = (Status.DEADLINE_EXCEEDED, "deadline exceeded", None)
    STOPPED = (Status.UNAVAILABLE, "sidecar stopped", None)
    COMPRESSED = (Status.UNIMPLEMENTED, "message compressed", Fault.PEER_PROTOCOL)
    TOO_LARGE = (Status.RESOURCE_EXHAUSTED, "message too large", Fault.PEER_PROTOCOL)
    TRUNCATED = (Status.INTERNAL, "message cut short", Fault.PEER_PROTOCOL)
    NO_ROOM = (Status.RESOURCE_EXHAUSTED, "too much data waits", Fault.OVER_BUDGET)
    METHOD = (Status.UNIMPLEMENTED, "method not served", None)

    # Enum's own is a Python function, and this is a key once a stream.
    __hash__ = object.__hash__

    def __init__(self, status: Status, text: str, fault: Fault | None) -> None:
        self.status = status
        self.text = text
        self.fault = fault


def ending_of(error: Exception, log: Log) -> Ending:
    """Return how a stream ends after `error`, and log its type and place."""
    if isinstance(error, UnsupportedMode):
        ending = Ending.MODE
    elif isinstance(error, PeerProtocolError):
        ending = Ending.PEER
    elif isinstance(error, OverBudget):
        ending = Ending.SHED
    else:
        ending = Ending.FAULT
    kind = ending.fault.value if ending.fault is not None else ""
    log.warning(Event.STREAM_FAULT, kind=kind, **fault_fields(error))
    return ending


def close_exchange(exchange: Exchange, ending: Ending, *, tallies: Tallies, log: Log) -> None:
    """Close an exchange whose stream is over and count what it amounts to; never raises."""
    try:
        report = exchange.ended(ending.fault is None)
        tallies.fold(report)
    except Exception as error:  # counted like every fault; the stream is over all the same
        _count_fault(error, tallies, log)
        return
    if log.tells_debug:
        log.debug(Event.FLOW_ENDED, outcome=report.outcome.value, messages=report.messages)


def _count_fault(error: Exception, tallies: Tallies, log: Log) -> None:
    tallies.add(FAULTS, (Fault.INTERNAL.value,))
    log.error(Event.STREAM_FAULT, kind=Fault.INTERNAL.value, **fault_fields(error))
