"""An exchange that scans nothing: it answers three messages and may be told to go wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from extproc.exchange import Answer
from weirline.flow.report import FlowReport, Outcome

MESSAGES_AN_EXCHANGE = 3


@dataclass
class Exchanges:
    """Opens `ScriptedExchange`s and keeps them, so that a test can look at how each ended."""

    fail_on_open: Exception | None = None
    fail_on_end: Exception | None = None
    heavy_bytes: int = 1 << 30
    observed_only: bool = False
    on_receive: Callable[[int, bytes], Answer] = lambda number, raw: b"answer %d" % number
    on_overdue: Callable[[], Answer] = lambda: None
    opened: list[ScriptedExchange] = field(default_factory=list)

    def open(self) -> ScriptedExchange:
        if self.fail_on_open is not None:
            raise self.fail_on_open
        exchange = ScriptedExchange(self)
        self.opened.append(exchange)
        return exchange


class ScriptedExchange:
    """One stream's state: finished after three messages."""

    def __init__(self, script: Exchanges) -> None:
        self._script = script
        self.observed_only = script.observed_only
        self.received: list[bytes] = []
        self.threads: set[str] = set()
        self.endings: list[bool] = []

    @property
    def finished(self) -> bool:
        return len(self.received) >= MESSAGES_AN_EXCHANGE

    def heavy(self, raw: bytes) -> bool:
        return len(raw) > self._script.heavy_bytes

    def overdue(self) -> Answer:
        return self._script.on_overdue()

    def receive(self, raw: bytes) -> Answer:
        self.threads.add(threading.current_thread().name)
        answer = self._script.on_receive(len(self.received), raw)
        self.received.append(raw)
        return answer

    def ended(self, clean: bool) -> FlowReport:
        self.endings.append(clean)
        if self._script.fail_on_end is not None:
            raise self._script.fail_on_end
        outcome = Outcome.PASSED if self.finished else Outcome.ABANDONED
        return FlowReport(messages=len(self.received), outcome=outcome if clean else Outcome.FAULT)
