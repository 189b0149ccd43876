from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator

import pytest

from extproc.background_compile import BackgroundCompile
from extproc.policy_compile import Made
from tests.extproc.test_policy_compile import BAD, GOOD, finds


class Waiting:
    """A loop that runs until a compile says that it is done."""

    def __init__(self) -> None:
        self.loop = asyncio.SelectorEventLoop()
        self.done = 0
        self.compile = BackgroundCompile(self.loop, self._done)

    def _done(self) -> None:
        self.done += 1
        self.loop.stop()

    def made(self) -> Made:
        self.loop.run_forever()
        made = self.compile.take()
        assert made is not None
        return made


@pytest.fixture
def waiting() -> Iterator[Waiting]:
    waiting = Waiting()
    yield waiting
    waiting.compile.drop()
    waiting.loop.close()


@pytest.mark.slow
def test_answer_comes_once_and_whole(waiting: Waiting) -> None:
    waiting.compile.begin(GOOD)
    assert finds(waiting.made()) == ["loyalty_id"]
    assert waiting.compile.take() is None
    assert waiting.done == 1


@pytest.mark.slow
def test_newer_order_takes_the_place_of_the_older_one(waiting: Waiting) -> None:
    waiting.compile.begin(GOOD)
    waiting.compile.begin(BAD)
    assert waiting.made().problems
    assert waiting.done == 1


def test_without_a_child_it_is_made_when_it_is_taken(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    waiting.compile.begin(GOOD)
    assert finds(waiting.made()) == ["loyalty_id"]
