from __future__ import annotations

import os
import signal

import pytest

from weirline.cli.demo.interrupt import SIGNALS, Interrupted, hold_off, interruptible


@pytest.mark.parametrize("number", SIGNALS)
def test_first_signal_raises_and_a_second_one_is_ignored(number: signal.Signals) -> None:
    with interruptible():
        with pytest.raises(Interrupted) as caught:
            os.kill(os.getpid(), number)
        assert caught.value.signal_number == number
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), signal.SIGTERM)


def test_earlier_meaning_of_the_signals_comes_back() -> None:
    earlier = [signal.getsignal(number) for number in SIGNALS]
    with interruptible():
        assert [signal.getsignal(number) for number in SIGNALS] != earlier
    assert [signal.getsignal(number) for number in SIGNALS] == earlier


def test_signals_held_off_raise_nothing() -> None:
    with interruptible():
        hold_off()
        os.kill(os.getpid(), signal.SIGINT)
