"""What flows keep, charged to one budget and given back."""

from __future__ import annotations

import gzip

import pytest

from tests.playbook import FULL_DUPLEX, REDACT_BOTH, STREAMED, Peer, policy
from weirline.errors import OverBudget
from weirline.flow.byte_budget import ByteBudget
from weirline.flow.limits import Limits
from weirline.flow.report import Outcome


def peer(budget: ByteBudget, *fields: tuple[str, str], mode: int = STREAMED) -> Peer:
    made = Peer(policy(REDACT_BOTH), request=0, response=mode, limits=Limits(budget=budget))
    made.request_headers()
    made.response_headers(*fields)
    return made


def test_held_bytes_are_charged_and_given_back_as_they_leave() -> None:
    budget = ByteBudget(1000)
    stream = peer(budget)
    stream.response_body(b"id #12", end=False)
    assert budget.used == 3
    stream.response_body(b"3456 and so on", end=False)
    assert budget.used == 0
    stream.response_body(b"id #12", end=False)
    stream.response_body(b"end", end=True)
    assert budget.used == 0


def test_what_a_stream_kept_is_given_back_at_its_end() -> None:
    budget = ByteBudget(1000)
    stream = peer(budget)
    stream.response_body(b"id #12", end=False)
    stream.session.ended(clean=True)
    assert budget.used == 0


def test_bytes_released_unasked_are_given_back() -> None:
    budget = ByteBudget(1000)
    stream = peer(budget, mode=FULL_DUPLEX)
    stream.response_body(b"id #12", end=False)
    assert budget.used == 3
    assert stream.session.overdue() is not None
    assert budget.used == 0


def test_stream_that_finds_no_room_is_shed_and_the_others_go_on() -> None:
    budget = ByteBudget(5)
    one, other, third = peer(budget), peer(budget), peer(budget)
    one.response_body(b"id #12", end=False)
    with pytest.raises(OverBudget):
        other.response_body(b"id #123", end=False)
    assert not other.session.finished
    assert other.session.ended(clean=False).outcome is Outcome.FAULT
    third.response_body(b"nothing to keep", end=False)
    one.response_body(b"3456", end=True)
    assert one.session.finished
    assert budget.used == 0


def test_window_of_a_packed_stream_is_charged() -> None:
    budget = ByteBudget(1 << 20)
    stream = peer(budget, ("content-encoding", "gzip"), mode=FULL_DUPLEX)
    packed = gzip.compress(b"river " * 5_000)
    stream.response_body(packed[:-20], end=False)
    assert 20_000 < budget.used < 40_000
    stream.response_body(packed[-20:], end=True)
    assert budget.used == 0


def test_packed_stream_whose_window_finds_no_room_is_shed() -> None:
    stream = peer(ByteBudget(1000), ("content-encoding", "gzip"), mode=FULL_DUPLEX)
    with pytest.raises(OverBudget):
        stream.response_body(gzip.compress(b"river " * 5_000)[:-20], end=False)
