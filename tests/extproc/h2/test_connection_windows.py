"""Flow control both ways, GOAWAY, and ends that a client does not take."""

from __future__ import annotations

from hyperframe.frame import DataFrame

from extproc.h2 import _nghttp2 as nghttp2
from tests.extproc.h2.wire import Frames, Wire, framed, limits, opening, unframed
from tests.fakes.fast_transport import FULL

pytestmark = FULL

OK = ((b"grpc-status", b"0"),)
KIB = 1024
NO_NEW_STREAM = (1 << 31) - 1
SMALL = limits(stream_window=64 * KIB, queued=10 * KIB)


def _opened(wire: Wire) -> int:
    number = wire.open()
    wire.turn()
    return number


def test_window_comes_back_as_messages_are_taken() -> None:
    wire = Wire(SMALL)
    number = _opened(wire)
    for _ in range(20):
        wire.send(number, framed(b"x" * 20 * KIB))
    wire.turn()
    assert len(wire.messages()) == 20


def test_window_stays_shut_while_a_stream_is_held() -> None:
    wire = Wire(SMALL)
    number = _opened(wire)
    wire.session.hold(number)
    wire.send(number, framed(b"x" * 50 * KIB))
    wire.turn()
    before = wire.client.local_flow_control_window(number)
    assert before < 20 * KIB
    wire.session.release(number)
    wire.back()
    assert wire.client.local_flow_control_window(number) > before


def test_held_stream_does_not_hold_up_another() -> None:
    wire = Wire(limits(stream_window=64 * KIB, connection_window=128 * KIB))
    held, other = _opened(wire), _opened(wire)
    wire.session.hold(held)
    wire.send(held, framed(b"x" * 60 * KIB))
    for _ in range(30):
        wire.send(other, framed(b"y" * 20 * KIB))
    wire.turn()
    assert len(wire.messages()) == 31


def test_client_that_takes_no_answers_gets_no_window_back_until_it_does() -> None:
    wire = Wire(SMALL, window=1000)
    number = _opened(wire)
    wire.reads = False
    for _ in range(4):
        wire.session.answer(number, b"a" * 5 * KIB)
    wire.send(number, framed(b"x" * 50 * KIB))
    wire.turn()
    shut = wire.client.local_flow_control_window(number)
    assert shut < 20 * KIB
    assert len(wire.got[number].data) == 1000
    wire.reads = True
    wire.client.increment_flow_control_window(100 * KIB, number)
    wire.turn()
    wire.turn()
    assert wire.client.local_flow_control_window(number) > shut
    assert [len(each) for each in unframed(wire.got[number].data)] == [5 * KIB] * 4


def test_answers_that_wait_are_bounded() -> None:
    wire = Wire(limits(message=64 * KIB), window=0)
    number = _opened(wire)
    taken = 0
    while wire.session.answer(number, b"a" * 10 * KIB):
        taken += 1
        assert taken < 10
    assert taken == 7
    wire.session.reset(number, 8)
    wire.back()
    assert wire.got[number].reset == 8
    assert wire.session.usage() == (0, 0)


def test_status_waits_for_the_answers_before_it_however_small_the_window() -> None:
    wire = Wire(window=1)
    number = _opened(wire)
    wire.session.answer(number, b"0123456789")
    wire.session.finish(number, OK)
    wire.back()
    assert (wire.got[number].data, wire.got[number].trailers) == (b"\0", {})
    for _ in range(20):
        wire.turn()
    assert unframed(wire.got[number].data) == [b"0123456789"]
    assert wire.got[number].trailers == {"grpc-status": "0"}


def test_end_that_a_client_does_not_take_is_cut_at_the_second_sweep() -> None:
    wire = Wire(window=0)
    stuck, fine = _opened(wire), _opened(wire)
    wire.session.answer(stuck, b"waits for ever")
    wire.session.finish(stuck, OK)
    wire.back()
    assert wire.session.sweep() == 0
    assert wire.session.sweep() == 1
    wire.back()
    assert wire.got[stuck].reset == 8
    assert wire.session.usage() == (1, 0)
    wire.session.finish(fine, OK)
    wire.back()
    assert wire.got[fine].headers["grpc-status"] == "0"


def test_first_goaway_takes_streams_on_their_way_and_the_second_none() -> None:
    wire = Frames()
    wire.feed(opening(1))
    wire.session.warn()
    wire.back()
    assert wire.goaways() == [(NO_NEW_STREAM, 0)]
    assert wire.feed(opening(3)) == [(nghttp2.EVENT_OPENED, 3, -1)]
    wire.session.leave()
    wire.back()
    assert wire.goaways()[-1] == (3, 0)
    assert wire.feed(opening(5)) == []
    assert wire.feed(DataFrame(3, framed(b"goes on")).serialize()) == [
        (nghttp2.EVENT_MESSAGE, 3, b"goes on")
    ]


def test_answer_to_our_ping_is_told() -> None:
    wire = Wire()
    wire.session.ping()
    wire.back()
    assert wire.turn() == [(nghttp2.EVENT_PONG, 0, None)]


def test_session_is_over_once_the_last_stream_behind_a_goaway_has_ended() -> None:
    wire = Frames()
    wire.feed(opening(1))
    wire.session.leave()
    wire.back()
    assert not wire.session.over()
    wire.session.finish(1, OK)
    wire.back()
    assert wire.session.over()


def test_session_that_was_terminated_says_so_and_hears_nothing_more() -> None:
    wire = Frames()
    wire.feed(opening(1))
    wire.session.terminate(0xB)
    wire.back()
    assert wire.goaways() == [(1, 0xB)]
    assert wire.feed(opening(3)) == []
    assert wire.session.over()
