"""What the demo shows: plain lines of text, cut to the terminal's width.

Colour only where a terminal reads it and NO_COLOR is not set. This is the one place of the project
that may show values, and only those the demo planted, or was handed in a file.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from weirline.cli.demo.client import LOOPBACK
from weirline.cli.demo.comparison import Row, compare
from weirline.cli.demo.latency import Latency
from weirline.cli.demo.play import Play
from weirline.cli.demo.stage import Stage
from weirline.cli.demo.trial import Trial

NARROWEST = 60
WIDEST = 140
ROWS = 6
MOST_REQUESTS = 30
MOST_TARGETS = 5
_TRANSPORTS = {
    "h2": "h2, the fast one",
    "grpc": "grpc (h2, the fast one, needs gcc and libnghttp2-dev)",
}
BOLD, RED, GREEN, DIM = "1", "31", "32", "2"


@dataclass(frozen=True, slots=True)
class Screen:
    """How wide the output may be, in characters, and whether it may have colours."""

    width: int
    colour: bool

    def paint(self, text: str, code: str) -> str:
        """Return the text in a colour, or as it is where there are none."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def heading(self, text: str) -> str:
        """Return a line that opens a part."""
        return self.paint(text, BOLD)


def screen_of_terminal() -> Screen:
    """Return what standard output can show."""
    columns = shutil.get_terminal_size((100, 24)).columns
    return Screen(
        width=max(NARROWEST, min(columns, WIDEST)),
        colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR"),
    )


def opening(screen: Screen, what: str, stage: Stage) -> list[str]:
    """Return the lines that say what runs, and on which ports."""
    doors = stage.doors
    lines = [screen.heading(what), ""]
    around = f"  client --> :{doors.unprotected} Envoy ---------------> sample API"
    if stage.sidecar is None:
        return [*lines, f"{around}    without Weirline"]
    return [
        *lines,
        f"{around}    around Weirline",
        f"  client --> :{doors.protected} Envoy --> Weirline --> sample API    through Weirline",
        f"  Weirline: the process weirline-extproc on a unix socket, transport "
        f"{_TRANSPORTS.get(stage.sidecar.transport, stage.sidecar.transport)}",
    ]


def things_to_try(play: Play, stage: Stage) -> list[str]:
    """Return the addresses that stay open."""
    doors = stage.doors
    targets = [request.target for request in play.requests if request.leak][:MOST_TARGETS]
    ways = [("around Weirline", doors.unprotected)]
    lines = ["Everything stays up until Ctrl-C. Try:"]
    if stage.sidecar:
        ways = [("through Weirline", doors.protected), *ways]
    for way, port in ways:
        lines += [f"  curl -s 'http://{LOOPBACK}:{port}{target}'    {way}" for target in targets]
    if stage.sidecar:
        counters = f"http://{LOOPBACK}:{doors.admin}/stats?filter=ext_proc"
        lines += [
            f"  curl -s --data 'your own text' http://{LOOPBACK}:{doors.protected}/echo",
            f"  curl -s http://{LOOPBACK}:{stage.sidecar.admin}/metrics    what Weirline counted",
            f"  curl -s '{counters}'    what Envoy counted of it",
        ]
    return lines


def side_by_side(screen: Screen, trial: Trial) -> list[str]:
    """Return the lines that show one answer around the sidecar and through it."""
    width = (screen.width - 5) // 2
    leak = trial.request.leak
    title = leak.name if leak else trial.request.target
    lines = [
        screen.heading(title),
        f"  GET {trial.request.target}"[: screen.width],
    ]
    if trial.after is None:
        body = trial.before.body
        rows = compare(body, body, trial.values, rows=ROWS, width=screen.width - 2)
        return [*lines, *(f"  {screen.paint(row.before, RED)}" for row in rows)]
    head = f"  {'without Weirline':<{width}} | with Weirline"
    rows = compare(trial.before.body, trial.after.body, trial.values, rows=ROWS, width=width)
    return [*lines, screen.paint(head, DIM), *(_row(screen, row, width) for row in rows)]


def _row(screen: Screen, row: Row, width: int) -> str:
    left = _marked(screen, row.before, row, RED) + " " * (width - len(row.before))
    return f"  {left} | {_marked(screen, row.after, row, GREEN)}"


def _marked(screen: Screen, text: str, row: Row, code: str) -> str:
    """Return the text with the part that differs in a colour."""
    middle = screen.paint(text[row.start : row.end], code)
    return text[: row.start] + middle + text[row.end :]


def request_table(screen: Screen, trials: Sequence[Trial]) -> list[str]:
    """Return one line a request: what came back through the sidecar, and what became of it."""
    ways = "without Weirline" if trials[0].after is None else "sent around Weirline and through it"
    lines = [screen.heading(f"{_count(len(trials), 'request')}, {ways}")]
    shown = [trial for at, trial in enumerate(trials) if at < MOST_REQUESTS or trial.leaked]
    for trial in shown:
        answer = trial.after or trial.before
        lines.append(
            f"  GET {trial.request.target:<26} {answer.status}  {len(answer.body):>6} bytes  "
            f"{_fate(screen, trial)}"
        )
    if len(shown) < len(trials):
        lines.append(f"  and {len(trials) - len(shown)} more, of which none leaked")
    return lines


def _fate(screen: Screen, trial: Trial) -> str:
    if trial.leaked:
        return screen.paint(f"{_count(len(trial.leaked), 'value')} LEAKED", RED)
    if trial.values:
        return screen.paint(f"{_count(len(trial.values), 'value')} stopped", GREEN)
    if trial.after is None:
        return "nothing to find"
    return "the same bytes" if trial.unchanged else screen.paint("CHANGED", RED)


def findings_table(screen: Screen, trials: Sequence[Trial]) -> list[str]:
    """Return, for each leak, what the sidecar found in it and which rule of the policy acted."""
    lines = [screen.heading("What the sidecar counted (kinds and numbers; it keeps no value)")]
    for trial in trials:
        if trial.request.leak is None:
            continue
        lines.append(f"  {trial.request.leak.name}")
        counts = trial.findings
        lines += _listed("found", counts.detectors, screen.width)
        lines += _listed("by rule", counts.rules, screen.width)
    return lines


def _listed(title: str, counts: Counter[str], width: int) -> list[str]:
    """Return `title` and the counts, broken at spaces to the width."""
    text = ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "nothing"
    return wrap(
        f"{title:<8} {text}",
        width,
        initial_indent=" " * 4,
        subsequent_indent=" " * 13,
        break_long_words=False,
    )


def latency_lines(screen: Screen, latency: Latency) -> list[str]:
    """Return the sentence about time."""
    sentence = (
        f"Added latency: {latency.added_us / 1000:.2f} ms (median of {latency.pairs} requests each "
        f"way, in turn: {latency.without_us / 1000:.2f} ms around, {latency.with_us / 1000:.2f} ms "
        "through)"
    )
    return wrap(sentence, screen.width)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
