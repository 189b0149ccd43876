from __future__ import annotations

from loadtest.detect.peer_program import LONGEST, pieces


def test_body_is_cut_into_records_and_nothing_is_lost() -> None:
    assert pieces(b'[{"a":1},{"b":2}]') == ['[{"a":1}', '{"b":2}]']
    assert pieces(b"one\ntwo") == ["one", "two"]


def test_record_that_is_too_long_is_cut() -> None:
    assert [len(piece) for piece in pieces(b"x" * (LONGEST + 5))] == [LONGEST, 5]
