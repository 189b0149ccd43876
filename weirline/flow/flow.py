"""One flow: a request with its response, from Envoy's first message to its last.

This is the whole decision: an event comes in, exactly one effect goes out (none once the client has
been answered by us). All transitions stand in one table at the end; what is not in it is an error
of the peer that names state and event. Both directions run independently. Nothing here knows
sockets, clocks or protobuf, and no answer waits for a later event: STREAMED allows one answer a
chunk and no more, and FULL_DUPLEX gets one at once, if need be an empty one.

Sources: Envoy's external_processor.proto; the state machine of its ext_proc filter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import msgspec

from weirline.body.body_format import BodyFormat
from weirline.flow.access import pass_gates, tagging
from weirline.flow.body_choice import Hindrance, choose_body
from weirline.flow.effects import (
    AnswerBody,
    AnswerHeaders,
    AnswerTrailers,
    Effect,
    HeaderChange,
    ModeOverride,
    Refuse,
    Several,
    StreamBody,
)
from weirline.flow.events import Body, BodyMode, Configured, Event, Header, Headers, Trailers
from weirline.flow.field_names import FieldNames, names_of
from weirline.flow.grpc_body import GrpcBody
from weirline.flow.grpc_mode import answer_message
from weirline.flow.header_change import (
    for_body,
    for_protected_response,
    for_trailers,
    for_wrapped_body,
    merge,
)
from weirline.flow.header_scan import HeaderScan, scan_fields
from weirline.flow.hold_back import HoldBack
from weirline.flow.judge import Judge
from weirline.flow.kept_bytes import charge, give_back
from weirline.flow.known_facts import KnownFacts
from weirline.flow.limits import Limits
from weirline.flow.message import (
    AT_REST,
    STATE_OF_MODE,
    TOO_LARGE,
    UNCHECKABLE,
    Message,
    State,
    count,
    count_unscanned,
    new_message,
    redacted,
    unexpected,
)
from weirline.flow.message_facts import MessageFacts, never_has_body, read_message
from weirline.flow.mode_override import override_for
from weirline.flow.plain_chunk import read_chunk
from weirline.flow.reader_choice import make_reader
from weirline.flow.report import FlowReport, Outcome, Place, Unscanned
from weirline.flow.whole_body import read_whole, unfinished
from weirline.flow.witness import NO_WITNESS, Witness
from weirline.flow.wrapped_body import read_wrapped, release_held
from weirline.policy.decision import Block
from weirline.policy.evaluate import CompiledPolicy
from weirline.policy.facts import Direction
from weirline.policy.policy import Unscannable
from weirline.redact.headers import broken_signature
from weirline.redact.rewrite import CannotMask
from weirline.scan import FlowScanner

# An enum's member by way of its class costs a tenth of a microsecond, and these are asked for some
# forty times an exchange.
_REQUEST, _RESPONSE = Direction.REQUEST, Direction.RESPONSE
_AWAIT, _SKIP, _WHOLE = State.AWAIT, State.SKIP, State.WHOLE
_CHUNKS, _TAIL, _DONE = State.CHUNKS, State.TAIL, State.DONE
_NONE, _PARTIAL = BodyMode.NONE, BodyMode.BUFFERED_PARTIAL
_IN_HEADER, _IN_BODY = Place.HEADER, Place.BODY
_DUPLEX, _FULL_DUPLEX, _TEXT = State.DUPLEX, BodyMode.FULL_DUPLEX, BodyFormat.TEXT
_BLOCKS, _TUNNEL = Unscannable.BLOCK, Unscanned.UPGRADE
_MESSAGES, _GRPC = State.MESSAGES, BodyMode.GRPC
_WITH_BODY = (_WHOLE, _CHUNKS, _DUPLEX, _MESSAGES)


class Flow:
    """The state of one exchange; owned by one stream and gone with it.

    `receive` must be given events in the order Envoy sent them, one at a time. It raises
    PeerProtocolError for an event its state does not allow and must not be called again then.
    """

    def __init__(
        self,
        policy: CompiledPolicy,
        scanner: FlowScanner,
        limits: Limits,
        configured: Configured,
        *,
        witness: Witness = NO_WITNESS,
    ) -> None:
        self._policy = policy
        self._witness = witness
        self._scanner = scanner
        self._limits = limits
        self._request = new_message(_REQUEST, configured.request_body)
        self._response = new_message(_RESPONSE, configured.response_body)
        self._known = KnownFacts(policy, witness)
        self._widest_response = policy.every_rule  # until a request narrows it
        self._heeds_overrides = configured.heeds_overrides
        self._grpc = False
        self._over = False
        self.report = FlowReport()

    @property
    def finished(self) -> bool:
        """Whether all that had to come has been answered, so that the stream may end well.

        Envoy may be set up to send us no request at all, so a request that never came is no debt.
        """
        if self._over:
            return True
        state = self._request.state
        return (state in AT_REST or state is _AWAIT) and self._response.state in AT_REST

    def receive(self, event: Event) -> Effect | None:
        """Take one event and return its answer; None once the client was answered by us."""
        if self._over:
            return None
        self.report.messages += 1
        message = self._request if event.direction is _REQUEST else self._response
        state = message.state
        if isinstance(event, Headers):
            if (on_headers := self._ON_HEADERS.get(state)) is not None:
                return on_headers(self, message, event)
        elif isinstance(event, Body):
            if (on_body := self._ON_BODY.get(state)) is not None:
                return on_body(self, message, event)
        elif (on_trailers := self._ON_TRAILERS.get(state)) is not None:
            return on_trailers(self, message, event)
        raise unexpected(message, event)

    def overdue(self) -> Effect | None:
        """Let go what waits in FULL_DUPLEX, where Envoy takes answers unasked; None for nothing."""
        for message in (self._request, self._response):
            if message.state is _DUPLEX and not self._over:
                out = release_held(message)
                charge(message, self._limits.budget)
                if isinstance(out, Block):
                    return self._refuse(message, out)
                if out:
                    return StreamBody(message.direction, out, end_of_stream=False)
        return None

    @property
    def unpacks(self) -> bool:
        """Whether a body is wrapped or packed, so that its bytes cost more than plain ones."""
        return self._request.reader is not None or self._response.reader is not None

    def close(self, *, faulty: bool) -> FlowReport:
        """End the flow, whatever came of it, and return what it amounts to."""
        if faulty:
            self.report.outcome = Outcome.FAULT
        elif not self.finished and self.report.outcome is not Outcome.CUT:
            self.report.outcome = Outcome.ABANDONED
        for message in (self._request, self._response):
            message.reader = message.judge = None  # they point back at it
            if message.charged:
                give_back(message, self._limits.budget)
        return self.report

    # Headers: who talks, what may be in the fields, and how the body is to come.

    def _headers(self, message: Message, event: Headers) -> Effect:
        if message is self._response and not self._widest_response.reads:
            return self._pass_on(message, event)
        fields = event.headers
        names = names_of(fields)
        read = self._take_facts(message, event, names)
        scope = message.scope
        change: HeaderChange | None = None
        if scope.idle:
            self._expect_nothing(message, end_of_stream=event.end_of_stream)
        else:
            decided = self._decide_headers(message, fields, names)
            if isinstance(decided, Refuse):
                return decided
            change = decided
            refusal = self._expect_body(message, read, end_of_stream=event.end_of_stream)
            if refusal is not None:
                return refusal
        if scope.enforces and message.state in _WITH_BODY:
            if names.validators:
                edit = for_body(fields, streamed=message.state is not _WHOLE)
                if message.state is _WHOLE:
                    message.on_rewrite = edit
                else:
                    change = merge(change, edit)
            if names.signatures:
                message.signature = broken_signature(fields)
        if message.reader is not None:
            change = merge(change, for_wrapped_body(fields, message.reader, message))
        if names.partial_asks and message is self._request and self._widest_response.enforces:
            change = merge(change, for_protected_response(fields))
        message.started = message.state is not _WHOLE
        override: ModeOverride | None = None
        if self._heeds_overrides:
            override = override_for(message, self._request, self._response)
        return AnswerHeaders(message.direction, change, override)

    def _decide_headers(
        self, message: Message, fields: Sequence[Header], names: FieldNames
    ) -> HeaderChange | Refuse | None:
        """Ask the rules that look for no value, then those that do, about a message's headers."""
        scope = message.scope
        tags: tuple[Header, ...] = ()
        if scope.gated and message.direction is _REQUEST:
            passed = pass_gates(scope, message.facts, self._witness, self.report)
            if isinstance(passed, Block):
                return self._refuse(message, passed)
            tags = passed
        change: HeaderChange | None = None
        if scope.reads:
            scanned = self._fields(message, fields, _IN_HEADER, names)
            if isinstance(scanned, Refuse):
                return scanned
            change = scanned.change
            if scanned.decisions:
                tags += tuple(tag for _, decision in scanned.decisions for tag in decision.tags)
        if scope.tag_names and message.direction is _REQUEST:
            change = merge(tagging(scope, fields, tags), change)
        return change

    def _pass_on(self, message: Message, event: Headers) -> Effect:
        """Let a response go on that no rule can look at, whatever it is; nothing of it is read."""
        message.state = _DONE if event.end_of_stream else _SKIP
        message.passing = message.started = True
        return AnswerHeaders(message.direction)

    def _take_facts(self, message: Message, event: Headers, names: FieldNames) -> MessageFacts:
        read = read_message(event.headers, names)
        if message.direction is _REQUEST:
            facts = self._known.of_request(read, event)
            message.scope, self._widest_response = self._policy.request_scopes(facts)
            self._grpc = read.content_type.startswith("application/grpc")
        else:
            facts = self._known.of_response(read, event)
            if facts.method == "CONNECT" and 200 <= read.status < 300:
                read = msgspec.structs.replace(read, upgrade=True)
            message.scope = self._policy.scope(facts)
        message.facts = facts
        if message.scope.windows:
            message.watch = self._known.window_watch(self.report)
        message.content = read.content
        return read

    def _without_headers(self, message: Message, event: Body | Trailers) -> None:
        """Take what is known of a message whose headers Envoy keeps from us."""
        message.facts = self._known.without_headers(message.direction, event)
        message.scope = self._policy.scope(message.facts)
        if message.scope.windows:
            message.watch = self._known.window_watch(self.report)

    def _expect_nothing(self, message: Message, *, end_of_stream: bool) -> None:
        """Set the state of a message whose body no rule looks at."""
        if end_of_stream:
            message.state = _DONE
            return
        message.state = _SKIP
        message.passing = True
        message.asked = _NONE if self._heeds_overrides else message.configured

    def _expect_body(
        self, message: Message, read: MessageFacts, *, end_of_stream: bool
    ) -> Refuse | None:
        """Set the state that the headers lead to; refuse where the policy wants no unseen body."""
        if end_of_stream or not message.scope.reads or never_has_body(read, message.facts):
            self._expect_nothing(message, end_of_stream=end_of_stream)
            return None
        defaults = self._policy.defaults
        choice = choose_body(
            read,
            over=defaults.body_over,
            unscannable_blocks=defaults.unscannable is _BLOCKS and message.enforces,
            envoy_buffer_bytes=self._limits.envoy_buffer_bytes,
            tunnels=self._limits.tunnels,
        )
        message.tunnel = choice.unscanned is _TUNNEL
        if choice.unscanned is not None:
            message.passing = True
            count_unscanned(self.report, message.direction, choice.unscanned)
        if choice.hindrance is not None and message.enforces:
            too_large = choice.hindrance is Hindrance.TOO_LARGE
            return self._refuse(message, TOO_LARGE if too_large else UNCHECKABLE)
        if self._heeds_overrides:
            message.asked = choice.mode
        else:
            message.passing = message.passing or choice.mode is _NONE
            message.asked = message.configured
        message.state = STATE_OF_MODE[message.asked]
        if message.asked is _GRPC and choice.format is not BodyFormat.GRPC:
            return None  # whatever the headers say, messages come: see `_message`
        if choice.format is not _TEXT or choice.codings:
            judge = message.judge = self._judge(message)
            message.reader = make_reader(
                choice,
                judge,
                scanner=self._scanner,
                limits=self._limits,
                scope=message.scope,
                text_limit=defaults.body_over.limit,
                facts=message.facts,
            )
        return None

    # Fields: headers, the request's target, trailers.

    def _fields(
        self, message: Message, fields: Sequence[Header], place: Place, names: FieldNames
    ) -> HeaderScan | Refuse:
        try:
            scanned = scan_fields(
                fields, place=place, scope=message.scope, scanner=self._scanner, names=names
            )
        except CannotMask:
            count_unscanned(self.report, message.direction, Unscanned.IN_PLACE)
            return self._refuse(message, UNCHECKABLE)
        self.report.scanned_bytes[message.direction] += scanned.scanned_bytes
        if not scanned.decisions and not scanned.capped:
            return scanned
        for where, decision in scanned.decisions:
            count(self.report, message, where, decision)
        if unfinished(message, scanned.capped, self.report):
            return self._refuse(message, UNCHECKABLE)
        for _, decision in scanned.decisions:
            if decision.block is not None:
                return self._refuse(message, decision.block)
        if scanned.change is not None:
            redacted(self.report)
        return scanned

    def _trailers(self, message: Message, event: Trailers) -> AnswerTrailers | Refuse:
        if message.state is _AWAIT:
            self._without_headers(message, event)
        holder = message.reader or message.hold_back
        held = holder is not None and holder.held_bytes > 0
        message.state = _DONE
        if held:
            # A STREAMED chunk can no longer be answered: going on would lose the held bytes.
            count_unscanned(self.report, message.direction, Unscanned.TRAILERS)
            return self._refuse(message, UNCHECKABLE)
        if not message.scope.reads:
            return AnswerTrailers(message.direction)
        scanned = self._fields(message, event.trailers, Place.TRAILER, names_of(event.trailers))
        if isinstance(scanned, Refuse):
            return scanned
        change = scanned.change
        if message.rewritten:
            change = merge(change, for_trailers(event.trailers))
        return AnswerTrailers(message.direction, change)

    # Bodies.

    def _whole(self, message: Message, event: Body) -> Effect:
        message.state = _DONE if event.end_of_stream else _TAIL
        if message.passing or not event.body:
            return AnswerBody(message.direction)
        if message.in_force is _PARTIAL and not event.end_of_stream:
            count_unscanned(self.report, message.direction, Unscanned.PARTIAL)
        if message.reader is not None:
            return self._read(message, event, last=True)
        answer = read_whole(
            message,
            event.body,
            scanner=self._scanner,
            report=self.report,
            defaults=self._policy.defaults,
        )
        return answer if isinstance(answer, AnswerBody) else self._refuse(message, answer)

    def _chunk(self, message: Message, event: Body) -> Effect:
        if event.end_of_stream:
            message.state = _DONE
        if message.passing:
            return AnswerBody(message.direction)
        if message.reader is not None:
            effect = self._read(message, event, last=event.end_of_stream)
            charge(message, self._limits.budget)
            return effect
        if message.hold_back is None:
            message.hold_back = HoldBack(self._scanner, self._limits)
            if message.judge is None:
                message.judge = self._judge(message)
        last, defaults = event.end_of_stream, self._policy.defaults
        answer = read_chunk(message, event.body, last=last, report=self.report, defaults=defaults)
        charge(message, self._limits.budget)
        return answer if isinstance(answer, AnswerBody) else self._refuse(message, answer)

    def _judge(self, message: Message) -> Judge:
        defaults = self._policy.defaults
        return Judge(message, self.report, defaults.already_sent, defaults.held_too_long)

    def _read(self, message: Message, event: Body, *, last: bool) -> AnswerBody | Refuse:
        """Hand a body, or a chunk, to its reader, and answer with what comes out."""
        defaults = self._policy.defaults
        answer = read_wrapped(message, event.body, last=last, report=self.report, defaults=defaults)
        return answer if isinstance(answer, AnswerBody) else self._refuse(message, answer)

    def _duplex(self, message: Message, event: Body) -> Effect:
        """A chunk in FULL_DUPLEX, which Envoy has not kept: whatever is to go on is sent back."""
        message.state = _CHUNKS
        effect = self._chunk(message, event)
        if not isinstance(effect, AnswerBody):
            return effect
        if message.state is _CHUNKS:
            message.state = _DUPLEX
        body = event.body if effect.body is None else effect.body
        holder = message.reader or message.hold_back
        waits = holder is not None and holder.held_bytes > 0 and not event.end_of_stream
        return StreamBody(message.direction, body, event.end_of_stream, waits=waits)

    def _duplex_trailers(self, message: Message, event: Trailers) -> Effect:
        """The end of a body in FULL_DUPLEX: what is held leaves before the trailers."""
        rest = self._duplex(message, Body(message.direction, b"", True, event.attributes))
        if not isinstance(rest, StreamBody):
            return rest
        effect = self._trailers(message, event)
        if not rest.body or isinstance(effect, Refuse):
            return effect
        sent = StreamBody(message.direction, rest.body, end_of_stream=False)
        return Several((sent, effect))

    def _message(self, message: Message, event: Body) -> Effect:
        """A message in GRPC, which comes and goes without its frame."""
        if message.reader is None and not message.passing:
            judge = message.judge = self._judge(message)
            message.reader = GrpcBody(self._scanner, self._limits, judge, codings=())
        return answer_message(message, event, self._chunk)

    def _again(self, message: Message, event: Body) -> Effect | None:
        """Take a second last chunk, as Envoy sends in FULL_DUPLEX: the first one was the last."""
        if message.in_force is not _FULL_DUPLEX:
            raise unexpected(message, event)
        return None

    def _unasked(self, message: Message, event: Body) -> Effect | None:
        """A body although NONE was asked for: our override was ignored, so go by what is set up."""
        mode = message.configured
        if mode is _NONE:
            raise unexpected(message, event)
        message.in_force = mode
        message.state = STATE_OF_MODE[mode]
        return self._ON_BODY[message.state](self, message, event)

    def _body_first(self, message: Message, event: Body) -> Effect | None:
        """A body without headers before it: Envoy is set up to keep them from us."""
        self._without_headers(message, event)
        message.passing = not message.scope.reads
        message.started = True
        return self._unasked(message, event)

    # Refusals.

    def _refuse(self, message: Message, block: Block) -> Refuse:
        cut = message.started or message.state is _CHUNKS
        self.report.outcome = Outcome.CUT if cut else Outcome.BLOCKED
        self._over = True
        return Refuse(block, block.grpc_status if self._grpc else None)

    # The transition table: what each kind of event leads to in each state; the rest is an error.

    _ON_HEADERS: ClassVar[Mapping[State, Callable[[Flow, Message, Headers], Effect]]] = {
        State.AWAIT: _headers,
    }
    _ON_BODY: ClassVar[Mapping[State, Callable[[Flow, Message, Body], Effect | None]]] = {
        State.AWAIT: _body_first,
        State.SKIP: _unasked,
        State.WHOLE: _whole,
        State.CHUNKS: _chunk,
        State.DUPLEX: _duplex,
        State.MESSAGES: _message,
        State.DONE: _again,
    }
    _ON_TRAILERS: ClassVar[Mapping[State, Callable[[Flow, Message, Trailers], Effect]]] = {
        State.AWAIT: _trailers,
        State.SKIP: _trailers,
        State.WHOLE: _trailers,
        State.CHUNKS: _trailers,
        State.DUPLEX: _duplex_trailers,
        State.MESSAGES: _trailers,
        State.TAIL: _trailers,
    }
