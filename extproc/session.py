"""One ext_proc stream: serialised messages in, serialised answers out.

Every transport drives this and knows nothing else of what a sidecar does. It takes a snapshot of
policy and scanner when the stream opens, so that a reload never changes rules in mid-flow.
"""

from __future__ import annotations

from extproc.effect_writer import write_effect
from extproc.envoy_api.plain_request import read_plain
from extproc.exchange import Answer
from extproc.log_metadata import metadata_of, told
from extproc.translate import (
    UnsupportedMode,
    parse,
    plain_configured,
    plain_event,
    read_configured,
    read_event,
)
from weirline.flow.effects import Effect
from weirline.flow.events import BodyMode, Configured, Event
from weirline.flow.flow import Flow
from weirline.flow.limits import Limits
from weirline.flow.log_facts import weight
from weirline.flow.report import FlowReport, Outcome
from weirline.flow.witness import NO_WITNESS, Witness
from weirline.policy.evaluate import CompiledPolicy
from weirline.scan import FlowScanner

__all__ = ["Session", "SessionFactory", "UnsupportedMode"]

# What Envoy is set up with where it does not say so: the body modes of our own two files in envoy/.
WIRINGS = {
    "enforce": Configured(BodyMode.NONE, BodyMode.BUFFERED),
    "response-only": Configured(BodyMode.NONE, BodyMode.NONE),
}
PACKED_BYTES = 4096  # of a packed body, which may be a hundred times as many to scan
WATCHED = Configured(BodyMode.STREAMED, BodyMode.STREAMED, heeds_overrides=False)


class Session:
    """The state of one stream. Not for use by two threads at once.

    `receive` raises PeerProtocolError for what a peer may not send (UnsupportedMode for body modes
    this version does not speak); the stream must then end with an error status.
    """

    __slots__ = (
        "_assumed",
        "_faulty",
        "_flow",
        "_limits",
        "_policy",
        "_pool_threshold_bytes",
        "_scanner",
        "_told",
        "_witness",
        "observed_only",
    )

    def __init__(
        self,
        policy: CompiledPolicy,
        scanner: FlowScanner,
        *,
        limits: Limits,
        assumed: Configured,
        pool_threshold_bytes: int,
        witness: Witness = NO_WITNESS,
    ) -> None:
        self._policy = policy
        self._witness = witness
        self._scanner = scanner
        self._limits = limits
        self._assumed = assumed
        self._pool_threshold_bytes = pool_threshold_bytes
        self._flow: Flow | None = None
        self._faulty = False
        self._told = 0
        self.observed_only = False

    def heavy(self, raw: bytes) -> bool:
        """Whether this message would hold up the event loop for too long."""
        size = len(raw)
        if size > self._pool_threshold_bytes:
            return True
        return size > PACKED_BYTES and self._flow is not None and self._flow.unpacks

    def overdue(self) -> Answer:
        """Return what was held back for too long, None where nothing is, or may be sent."""
        if self._flow is None or self._faulty or self.observed_only:
            return None
        effect = self._flow.overdue()
        return None if effect is None else write_effect(effect)

    def receive(self, raw: bytes) -> Answer:
        """Take one ProcessingRequest, return the ProcessingResponse to send, None if there is none.

        No answer is due after the client was answered by us, to a message that reports nothing, and
        where Envoy only lets us watch.
        """
        try:
            plain = read_plain(raw)
            event = self._read(raw) if plain is None else plain_event(plain, raw)
            if event is None:
                return None
            flow = self._flow
            if flow is None:
                flow = self._begin(None if plain is None else plain_configured(plain[3]))
            effect = flow.receive(event)
            if effect is None or self.observed_only:
                return None
            report = flow.report
            if report.findings or report.rule_actions or report.unscanned:
                return self._tell(effect, report)
            return write_effect(effect)
        except Exception:
            self._faulty = True
            raise

    def _tell(self, effect: Effect, report: FlowReport) -> Answer:
        """Write an answer that tells Envoy's access log what is new of this exchange."""
        answer, more = write_effect(effect), weight(report)
        if more == self._told:
            return answer
        self._told = more
        return told(answer, metadata_of(report, self._policy.name))

    def _read(self, raw: bytes) -> Event | None:
        """Read a message that is not plain; the first one says how Envoy is set up."""
        message = parse(raw)
        if self._flow is None:
            configured = read_configured(message)
            if message.observability_mode:
                # Envoy sends no protocol_config then; chunks as they come are all it can do.
                configured = WATCHED
                self.observed_only = True
            self._begin(configured)
        return read_event(message)

    def _begin(self, configured: Configured | None) -> Flow:
        """Begin the flow, with the wiring's modes where Envoy does not say its own."""
        flow = Flow(
            self._policy,
            self._scanner,
            self._limits,
            configured or self._assumed,
            witness=self._witness,
        )
        self._flow = flow
        return flow

    @property
    def finished(self) -> bool:
        """Whether both directions are done: only then may the stream end with status OK."""
        return self._flow is not None and self._flow.finished and not self._faulty

    def ended(self, clean: bool) -> FlowReport:
        """Close the session, once and whatever happened; `clean` is False after a fault of ours."""
        if self._flow is None:
            broken = self._faulty or not clean
            return FlowReport(outcome=Outcome.FAULT if broken else Outcome.ABANDONED)
        report = self._flow.close(faulty=self._faulty or not clean)
        if self.observed_only:
            _nothing_done(report)
        return report


def _nothing_done(report: FlowReport) -> None:
    """Count what was decided as decided only: of a stream that we may watch, nothing changed."""
    decided = report.findings.items()
    shadowed = {key._replace(shadow=True): number for key, number in decided}
    report.findings.clear()
    report.findings.update(shadowed)
    if report.outcome in (Outcome.REDACTED, Outcome.BLOCKED, Outcome.CUT):
        report.outcome = Outcome.PASSED


class SessionFactory:
    """Makes sessions from the policy and scanner in force; both are replaced whole."""

    def __init__(
        self,
        policy: CompiledPolicy,
        scanner: FlowScanner,
        *,
        limits: Limits,
        wiring: str,
        pool_threshold_bytes: int,
        witness: Witness = NO_WITNESS,
    ) -> None:
        self._witness = witness
        self.policy = policy
        self.scanner = scanner
        self._limits = limits
        self._assumed = WIRINGS[wiring]
        self._pool_threshold_bytes = pool_threshold_bytes

    def open(self) -> Session:
        """Open a session for a new stream."""
        return Session(
            self.policy,
            self.scanner,
            limits=self._limits,
            assumed=self._assumed,
            pool_threshold_bytes=self._pool_threshold_bytes,
            witness=self._witness,
        )
