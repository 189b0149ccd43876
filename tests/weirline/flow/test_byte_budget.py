"""The budget of bytes over all flows."""

from __future__ import annotations

import threading

import pytest

from weirline.errors import OverBudget
from weirline.flow.byte_budget import ByteBudget


def test_what_goes_beyond_is_refused_and_not_counted() -> None:
    budget = ByteBudget(100)
    budget.change(60)
    with pytest.raises(OverBudget):
        budget.change(41)
    assert budget.used == 60
    budget.change(40)
    budget.change(-100)
    assert budget.used == 0


def test_less_is_always_taken() -> None:
    budget = ByteBudget(10)
    budget.change(10)
    budget.limit = 5
    budget.change(-1)
    assert budget.used == 9


def test_threads_count_together() -> None:
    budget = ByteBudget(1 << 30)

    def work() -> None:
        for _ in range(2_000):
            budget.change(3)
            budget.change(-2)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert budget.used == 8_000
