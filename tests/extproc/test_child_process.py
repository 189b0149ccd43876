from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

import pytest

from extproc.child_process import BackgroundChild, ask_child
from extproc.policy_compile import MODULE, read_answer
from tests.extproc.test_policy_compile import BAD, GOOD, finds


class Waiting:
    """A loop that runs until a child says that it is done."""

    def __init__(self) -> None:
        self.loop = asyncio.SelectorEventLoop()
        self.done = 0
        self.child = BackgroundChild(self.loop, self._done)

    def _done(self) -> None:
        self.done += 1
        self.loop.stop()

    def answer(self) -> bytes:
        self.loop.run_forever()
        answer = self.child.take()
        assert answer is not None
        return answer


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    waiting = Waiting()
    yield waiting
    waiting.child.drop()
    waiting.loop.close()


@pytest.mark.slow
def test_answer_comes_once_and_whole(waiting: Waiting) -> None:
    waiting.child.begin(MODULE, GOOD.said())
    assert finds(read_answer(waiting.answer(), GOOD)) == ["loyalty_id"]
    assert waiting.child.take() is None
    assert waiting.done == 1


@pytest.mark.slow
def test_newer_child_takes_the_place_of_the_older_one(waiting: Waiting) -> None:
    waiting.child.begin(MODULE, GOOD.said())
    waiting.child.begin(MODULE, BAD.said())
    assert read_answer(waiting.answer(), BAD).problems
    assert waiting.done == 1


def test_where_no_child_can_start_the_answer_is_empty(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    waiting.child.begin(MODULE, b"")
    assert waiting.answer() == b""
    assert ask_child(MODULE, b"", seconds=1) == b""
