"""One connection of the fast transport: events of the compiled session to exchanges, and back.

All that a read brings is worked off in one go and answered with one write. What cannot be done at
once (a heavy message) goes to the pool, and its stream waits for it. How streams end is decided
here and in `extproc.ending`; the protocol itself is libnghttp2's.
"""

from __future__ import annotations

import asyncio
import enum
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import ClassVar, cast

from extproc.ending import Ending, close_exchange, ending_of
from extproc.exchange import HOLD_BACK_S, Answer, Waiting
from extproc.h2 import _nghttp2 as nghttp2
from extproc.h2.grpc_fields import FAULT_ENDINGS, FLOODS, REFUSALS, TRAILERS, new_session
from extproc.h2.limits import FLOOD_SECONDS, Noise
from extproc.h2.service import Service
from extproc.h2.stream import Stream
from extproc.logs import Event
from extproc.metrics import FAULTS, SLOW_ANSWERS, ConnectionEnd

ENHANCE_YOUR_CALM = 0xB
CANCEL = 0x8
WRITE_BUFFER_BYTES = 1 << 20
PARTING_S = 0.5  # for a client to close after our last byte
SECOND_GOAWAY_S = 1.0  # at the latest; the answer to a PING brings it sooner

MESSAGE, HALF_CLOSED = nghttp2.EVENT_MESSAGE, nghttp2.EVENT_HALF_CLOSED
DONE, EARLY = Ending.DONE, Ending.EARLY  # by way of the class each costs a tenth of a microsecond


class Phase(enum.Enum):
    """How far the connection is on its way to its end."""

    SERVING = "serving"
    WARNED = "warned"  # first GOAWAY: streams on their way are still taken
    LEAVING = "leaving"  # second GOAWAY: none is
    CLOSED = "closed"


class ServerConnection(asyncio.BufferedProtocol):
    """Serves one client. Mutable: it owns the session and the streams of its connection."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._session = new_session(service.limits)
        self._handled = service.tallies.handled
        self._slow_s = service.slow_answer_s
        self._streams: dict[int, Stream] = {}
        self._noise_began: dict[Noise, float] = {}
        self._transport: asyncio.Transport | None = None
        self._phase = Phase.SERVING
        self._writing = True
        self._heard = False
        self._second_goaway: asyncio.TimerHandle | None = None

    # What the loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, if it may be taken, and say hello (our SETTINGS)."""
        self._transport = cast("asyncio.Transport", transport)
        self._guarded(partial(self._admit, self._transport))

    def _admit(self, transport: asyncio.Transport) -> None:
        refusal = self._service.refusal(transport.get_extra_info("socket"))
        if refusal is not None:
            self._service.connection_ended(refusal)
            self.abort()
            return
        transport.set_write_buffer_limits(high=WRITE_BUFFER_BYTES)
        self._service.connections.add(self)
        self._flush()

    def get_buffer(self, sizehint: int) -> bytearray:
        """Return where to read into."""
        return self._service.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Work off what was read: every message answered, then one write."""
        if self._phase is Phase.CLOSED:
            return  # all is said; what a client says now only must not be left unread
        self._heard = True
        streams, take = self._streams, self._take
        try:
            for kind, number, payload in self._session.receive(self._service.buffer, nbytes):
                stream = streams.get(number)
                if stream is not None:
                    take(stream, kind, payload)
                else:
                    self._on_other[kind](self, number, payload)
            self._flush()
        except Exception as error:  # outside of any one stream: none of them can go on
            self._fail(error)

    def eof_received(self) -> bool:
        """Close: a client that can say nothing more is of no use."""
        return False

    def connection_lost(self, _: Exception | None) -> None:
        """End what is open; nobody is there to be told."""
        self._phase = Phase.CLOSED
        if self._second_goaway is not None:
            self._second_goaway.cancel()
        for stream in list(self._streams.values()):
            self._leave(stream, Ending.EARLY)
        self._service.forget(self)

    def pause_writing(self) -> None:
        """Neither write nor read on: a client that takes no answers gets no questions through."""
        self._writing = False
        if self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        self._writing = True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()
        self._guarded(self._flush)

    # What the transport calls.

    @property
    def silent(self) -> bool:
        """Whether the client has not said a word yet."""
        return not self._heard

    def sweep(self, oldest_s: float) -> None:
        """End the streams without a message since `oldest_s`, and those that no end can reach."""
        for stream in list(self._streams.values()):
            if stream.touched_s < oldest_s:
                done = stream.exchange.finished
                self._end(stream, Ending.DONE if done else Ending.IDLE)
        self._session.sweep()
        self._flush()

    def leave(self) -> None:
        """Ask the client to go elsewhere; streams that are open go on to their end."""
        if self._phase is not Phase.SERVING:
            return
        self._phase = Phase.WARNED
        self._session.warn()
        self._session.ping()
        loop = asyncio.get_running_loop()
        self._second_goaway = loop.call_later(SECOND_GOAWAY_S, self._guarded, self._leave_now)
        self._flush()

    def overtime(self, stream: Stream) -> None:
        """End a stream whose answer is overdue; a thread that works on it cannot be stopped."""
        if self._streams.get(stream.number) is stream:
            stream.abandoned = True
            self._end(stream, Ending.OVERTIME)
            self._flush()

    def stop(self) -> None:
        """End every stream and the connection."""
        for stream in list(self._streams.values()):
            self._end(stream, Ending.STOPPED)
        self._leave_now()
        if self._phase is not Phase.CLOSED:
            self._close()

    def abort(self) -> None:
        """Drop the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

    # Events of streams.

    def _take(self, stream: Stream, kind: int, payload: object) -> None:
        if stream.work is not None:
            self._wait(stream, kind, payload)
        elif kind == MESSAGE:
            self._message(stream, cast("bytes", payload))
        elif kind == HALF_CLOSED:
            exchange = stream.exchange
            done = exchange.finished or exchange.observed_only
            self._end(stream, DONE if done else EARLY)
        elif kind == nghttp2.EVENT_BAD_MESSAGE:
            self._end(stream, FAULT_ENDINGS[cast("int", payload)])
        else:
            # Envoy ends a stream by RST when its exchange is over or its client has gone.
            self._leave(stream, Ending.EARLY)

    def _wait(self, stream: Stream, kind: int, payload: object) -> None:
        if kind == nghttp2.EVENT_CLOSED:
            self._leave(stream, Ending.EARLY)
            return
        if stream.waiting is None:
            stream.waiting = deque()
        stream.waiting.append((kind, payload))

    def _message(self, stream: Stream, raw: bytes) -> None:
        exchange, clock = stream.exchange, self._service.clock
        began = stream.touched_s = clock()
        try:
            if exchange.heavy(raw):
                self._to_pool(stream, raw, began)
                return
            answer = exchange.receive(raw)
        except Exception as error:  # what a fault does to a stream is decided in ending_of
            self._end(stream, ending_of(error, self._service.log))
            return
        took_s = clock() - began
        self._handled(took_s)
        if took_s > self._slow_s:
            self._service.tallies.add(SLOW_ANSWERS)
        if answer is not None:
            self._say(stream, answer)

    def _say(self, stream: Stream, answer: bytes | tuple[bytes, ...]) -> None:
        number, say = stream.number, self._session.answer
        if isinstance(answer, bytes):
            said = say(number, answer)
        else:
            said = all(say(number, each) for each in answer)
            if isinstance(answer, Waiting):
                loop = asyncio.get_running_loop()
                late = partial(self._held_too_long, stream, stream.touched_s)
                loop.call_later(HOLD_BACK_S, self._guarded, late)
        if not said:
            self._stuck(stream)

    def _held_too_long(self, stream: Stream, since_s: float) -> None:
        """Send on what an answer held back, if no message has come since."""
        open_still = self._streams.get(stream.number) is stream and stream.work is None
        if not open_still or stream.touched_s != since_s:
            return
        try:
            answer = stream.exchange.overdue()
        except Exception as error:  # as for a message
            self._end(stream, ending_of(error, self._service.log))
        else:
            if answer is not None:
                self._say(stream, answer)
        self._flush()

    def _to_pool(self, stream: Stream, raw: bytes, began: float) -> None:
        self._session.hold(stream.number)
        loop = asyncio.get_running_loop()
        stream.work_began_s = None
        work = loop.run_in_executor(self._service.pool, self._work, stream, raw)
        stream.work = work
        self._service.working[stream] = self
        work.add_done_callback(partial(self._worked, stream, began))

    def _work(self, stream: Stream, raw: bytes) -> Answer:
        """Answer a message; in a thread of the pool."""
        stream.work_began_s = self._service.clock()
        return None if stream.abandoned else stream.exchange.receive(raw)

    def _worked(self, stream: Stream, began: float, work: asyncio.Future[Answer]) -> None:
        """Go on with a stream whose heavy message is done, unless it has ended meanwhile."""
        self._guarded(partial(self._go_on, stream, began, work))

    def _go_on(self, stream: Stream, began: float, work: asyncio.Future[Answer]) -> None:
        stream.work = None
        del self._service.working[stream]
        if self._streams.get(stream.number) is not stream or work.cancelled():
            return
        error = work.exception()
        if error is not None:
            self._end(stream, ending_of(cast("Exception", error), self._service.log))
        else:
            took_s = self._service.clock() - began
            self._handled(took_s)
            if took_s > self._slow_s:
                self._service.tallies.add(SLOW_ANSWERS)
            answer = work.result()
            if answer is not None:
                self._say(stream, answer)
        self._session.release(stream.number)
        self._catch_up(stream)
        self._flush()

    def _catch_up(self, stream: Stream) -> None:
        """Work off what waited for the pool, up to the next heavy message or the end."""
        waiting = stream.waiting
        while waiting and stream.number in self._streams:
            self._take(stream, *waiting.popleft())
            if stream.work is not None:
                return

    def _stuck(self, stream: Stream) -> None:
        """End a stream whose client takes no answers: not even an end would reach it."""
        self._session.reset(stream.number, CANCEL)
        self._end(stream, Ending.NO_ROOM)

    def _end(self, stream: Stream, ending: Ending) -> None:
        """End a stream by us."""
        if ending.fault is not None:
            self._service.tallies.add(FAULTS, (ending.fault.value,))
        trailers = TRAILERS[ending]
        self._session.finish(stream.number, trailers)
        self._leave(stream, ending)

    def _leave(self, stream: Stream, ending: Ending) -> None:
        """Forget a stream that is over; its exchange is closed after its work in the pool."""
        service = self._service
        del self._streams[stream.number]
        if stream.deadline is not None:
            stream.deadline.cancel()
        if stream.work is not None:
            stream.work.add_done_callback(lambda _: self._close_exchange(stream, ending))
        else:
            self._close_exchange(stream, ending)
        service.open_streams[0] -= 1  # last: who sees no stream open finds all of them counted

    def _close_exchange(self, stream: Stream, ending: Ending) -> None:
        service = self._service
        close_exchange(stream.exchange, ending, tallies=service.tallies, log=service.log)

    # Events without an open stream.

    def _opened(self, number: int, payload: object) -> None:
        service = self._service
        if service.open_streams[0] >= service.most_streams:
            service.log.warning(Event.STREAM_REFUSED, streams=service.streams)
            self._refuse(number, Ending.FULL)
            return
        try:
            exchange = service.open_exchange()
        except Exception as error:  # as for a message
            self._refuse(number, ending_of(error, service.log))
            return
        stream = self._streams[number] = Stream(number, exchange, service.clock())
        service.open_streams[0] += 1
        timeout_ms = cast("int", payload)
        if timeout_ms >= 0:
            loop = asyncio.get_running_loop()
            overdue = partial(self._overdue, stream)
            stream.deadline = loop.call_later(timeout_ms / 1000, self._guarded, overdue)
        if number > service.limits.renew_above:
            self.leave()

    def _overdue(self, stream: Stream) -> None:
        self._end(stream, Ending.DEADLINE)
        self._flush()

    def _refused(self, number: int, payload: object) -> None:
        fields = REFUSALS.get(cast("int", payload))
        if fields is None:
            self._refuse(number, Ending.METHOD)
        else:
            self._session.respond(number, fields)

    def _guarded(self, step: Callable[[], None]) -> None:
        """Take a step that the loop asks for: what is raised there would reach nobody."""
        try:
            step()
        except Exception as error:  # as in a read
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        """Drop the connection after a fault of ours that belongs to none of its streams alone."""
        self._service.fault(error)
        self.abort()

    def _refuse(self, number: int, ending: Ending) -> None:
        if ending.fault is not None:
            self._service.tallies.add(FAULTS, (ending.fault.value,))
        self._session.finish(number, TRAILERS[ending])

    def _noise(self, _: int, payload: object) -> None:
        """End the connection where a budget did not last for FLOOD_SECONDS."""
        kind, now = Noise(cast("int", payload)), self._service.clock()
        began = self._noise_began.get(kind)
        self._noise_began[kind] = now
        if began is not None and now - began < FLOOD_SECONDS:
            self._service.connection_ended(FLOODS[kind])
            self._session.terminate(ENHANCE_YOUR_CALM)

    def _pong(self, _: int, __: object) -> None:
        if self._phase is Phase.WARNED:
            self._leave_now()

    def _broken(self, _: int, __: object) -> None:
        self._service.connection_ended(ConnectionEnd.PROTOCOL)

    def _nothing(self, _: int, __: object) -> None:
        """Take what came for a stream that we have ended before."""

    _on_other: ClassVar[dict[int, Callable[[ServerConnection, int, object], None]]] = {
        nghttp2.EVENT_OPENED: _opened,
        nghttp2.EVENT_REFUSED: _refused,
        nghttp2.EVENT_NOISE: _noise,
        nghttp2.EVENT_PONG: _pong,
        nghttp2.EVENT_BROKEN: _broken,
        nghttp2.EVENT_MESSAGE: _nothing,
        nghttp2.EVENT_BAD_MESSAGE: _nothing,
        nghttp2.EVENT_HALF_CLOSED: _nothing,
        nghttp2.EVENT_CLOSED: _nothing,
    }

    def _leave_now(self) -> None:
        if self._second_goaway is not None:
            self._second_goaway.cancel()
        if self._phase is Phase.WARNED or self._phase is Phase.SERVING:
            self._phase = Phase.LEAVING
            self._session.leave()
        self._flush()

    def _flush(self) -> None:
        """Write what is to be said, if the client takes it; close where both sides are done."""
        transport, session = self._transport, self._session
        if transport is None:
            return
        while self._writing:
            out = session.take()
            if not out:
                break
            transport.write(out)
        if session.over():
            if self._phase is Phase.LEAVING:
                self._part()
            else:
                self._close()

    def _part(self) -> None:
        """Say that nothing more comes, and let the client close.

        One that is still writing when we close may throw away the last answer with the connection.
        """
        if self._transport is not None:
            self._phase = Phase.CLOSED
            self._transport.write_eof()
            asyncio.get_running_loop().call_later(PARTING_S, self._transport.close)

    def _close(self) -> None:
        if self._phase is not Phase.CLOSED and self._transport is not None:
            self._phase = Phase.CLOSED
            self._transport.close()
