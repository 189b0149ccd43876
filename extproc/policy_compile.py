"""The child process that proves a policy's own detectors and compiles them with the shipped ones.

A process of its own because it takes seconds of processor time, leaves tens of megabytes behind,
and runs expressions that somebody has just written. It is told the policy's text, checks it as the
command line does, and answers with the databases or with what is wrong. Whoever finds no usable
answer does the same in its own process.
"""

from __future__ import annotations

import os
import sys
import time

import msgspec

from extproc.child_process import ask_child
from weirline.detect.detector import Detector
from weirline.errors import PolicyError, Problem
from weirline.policy.own_detector import with_own
from weirline.policy.parse import check_policy
from weirline.rulepack.compiled_chain import compile_chain

MODULE = "extproc.policy_compile"
CHILD_SECONDS = 120


class Order(msgspec.Struct, frozen=True):
    """A policy's text, the name of its file, and the shipped detectors it is checked against."""

    text: str
    file: str
    shipped: tuple[Detector, ...]

    def said(self) -> bytes:
        """Return what a child is told."""
        return msgspec.json.encode(self)


class Made(msgspec.Struct, frozen=True):
    """What came of an order: the databases, or every problem of the policy."""

    database: bytes = b""
    problems: tuple[Problem, ...] = ()


def make(order: Order) -> Made:
    """Prove and compile in this process; a fault of the policy is part of the answer."""
    try:
        clock = time.process_time
        checked = check_policy(order.text, order.file, order.shipped, clock=clock)
    except PolicyError as error:
        return Made(problems=error.problems)
    return Made(compile_chain(with_own(order.shipped, checked.policy.detectors)))


def read_answer(answer: bytes, order: Order) -> Made:
    """Return what a child made; where that is no answer, make it here."""
    try:
        return msgspec.json.decode(answer, type=Made)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return make(order)


def make_in_child(order: Order) -> Made:
    """Have an order made and wait for it."""
    return read_answer(ask_child(MODULE, order.said(), seconds=CHILD_SECONDS), order)


def main() -> None:
    """Carry out the order on stdin and write the answer to stdout."""
    os.nice(19)  # traffic comes first
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    sys.stdout.buffer.write(msgspec.json.encode(make(order)))


if __name__ == "__main__":
    main()
