"""`weirline demo`: a real Envoy before an API that leaks, and what a client receives either way.

The exit code is the point: 0 only if none of the values came out on the protected way. It refuses
to call a value stopped for any other reason than that it is absent from the bytes a client
received (see verdict), and a leak stopped if clean answers suffered.
"""

from __future__ import annotations

import argparse
import secrets
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.resources import as_file, files
from pathlib import Path

from weirline.cli.demo.interrupt import Interrupted, hold_off, interruptible
from weirline.cli.demo.latency import measure
from weirline.cli.demo.leak_file import read_leaks
from weirline.cli.demo.play import Play, file_play, planted_play
from weirline.cli.demo.sample_api import serve
from weirline.cli.demo.screen import (
    Screen,
    findings_table,
    latency_lines,
    opening,
    request_table,
    screen_of_terminal,
    side_by_side,
    things_to_try,
)
from weirline.cli.demo.sidecar_metrics import FindingCounts
from weirline.cli.demo.stage import Stage, find_envoy, set_up
from weirline.cli.demo.trial import Score, Trial, score, try_request
from weirline.cli.envoy_config import template
from weirline.cli.output import say
from weirline.errors import PolicyError, Problem
from weirline.policy.parse import parse_policy
from weirline.rulepack.shipped import shipped_detectors

LATENCY_PAIRS = 200
WATCH_S = 0.5
# A file may hold thousands of leaks; the screen shows the first ones and the sums of all.
MOST_SHOWN = 4


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb and its options."""
    parser = subparsers.add_parser(
        "demo",
        help="watch a leaking sample API behind a real Envoy, before and after",
        description="Runs a real Envoy before a sample API that leaks, with and without Weirline.",
    )
    parser.add_argument(
        "--once", action="store_true", help="end at once; exit code 0 if every value was stopped"
    )
    parser.add_argument(
        "--leak",
        type=Path,
        metavar="FILE",
        help='leaks of your own: JSON lines {"path", "content_type", "body", "values": [...]}',
    )
    parser.add_argument(
        "--no-filter", action="store_true", help="run Envoy without Weirline: the raw leak"
    )
    parser.add_argument("--policy", type=Path, metavar="FILE", help="a policy of your own")
    parser.add_argument("--envoy", type=Path, metavar="PATH", help="an Envoy of your own")
    parser.add_argument(
        "--seed", type=int, metavar="N", help="make the random values of an earlier run again"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the demo; 0 if every value was stopped, 1 if not, 128 + signal if ended before that."""
    envoy = find_envoy(args.envoy)
    if args.policy is not None:
        _check_policy(args.policy)
    seed = secrets.randbelow(1_000_000) if args.seed is None else args.seed
    play = planted_play(seed) if args.leak is None else file_play(read_leaks(args.leak), args.leak)
    try:
        with interruptible(), ExitStack() as stack:
            policy = args.policy or stack.enter_context(
                as_file(files("weirline.cli.demo") / "policy.yaml")
            )
            stage = stack.enter_context(
                set_up(
                    stack.enter_context(serve(play.pages)),
                    envoy=envoy,
                    bootstrap=template("enforce"),
                    policy=None if args.no_filter else policy,
                )
            )
            stack.callback(hold_off)
            passed = _show(play, stage, screen_of_terminal())
            if not args.once:
                _stay(play, stage)
            return 0 if passed else 1
    except Interrupted as interruption:
        return 128 + interruption.signal_number


def _check_policy(file: Path) -> None:
    """Raise PolicyError with every fault of a policy, before anything is started."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise PolicyError(
            [Problem("E01", str(file), 0, 0, "file", "the file must be readable, in UTF-8")]
        ) from None
    parse_policy(text, str(file), shipped_detectors())


def _show(play: Play, stage: Stage, screen: Screen) -> bool:
    """Send every request, show what came of it, and return whether everything was stopped."""
    _say_all(opening(screen, play.opening, stage))
    trials = _send(play, stage)
    leaks = [trial for trial in trials if trial.request.leak]
    for trial in leaks[:MOST_SHOWN]:
        _say_all(side_by_side(screen, trial))
    _say_all(request_table(screen, trials))
    if stage.sidecar:
        _say_all(findings_table(screen, leaks[:MOST_SHOWN]))
        latency = measure(
            stage.doors.unprotected,
            stage.doors.protected,
            target=play.measured,
            pairs=LATENCY_PAIRS,
        )
        _say_all(latency_lines(screen, latency))
    outcome = score(trials)
    _say_all(_verdict(outcome))
    return outcome.passed


def _send(play: Play, stage: Stage) -> list[Trial]:
    return [
        try_request(
            request,
            play.values,
            unprotected=stage.doors.unprotected,
            protected=stage.doors.protected if stage.sidecar else None,
            counted=stage.sidecar.counted if stage.sidecar else FindingCounts,
        )
        for request in play.requests
    ]


def _verdict(outcome: Score) -> list[str]:
    lines = []
    if outcome.absent:
        lines.append(f"note: {outcome.absent} of the values listed are in no unprotected answer")
    if outcome.spoiled:
        lines.append(f"clean answers that did not come through unchanged: {outcome.spoiled}")
    if outcome.elsewhere:
        lines.append(f"values that came out in answers beside the leaks: {outcome.elsewhere}")
    return [
        *lines,
        f"stopped {outcome.leaks_stopped} of {outcome.leaks} leaks",
        f"stopped {outcome.stopped} of {outcome.listed} values",
    ]


def _stay(play: Play, stage: Stage) -> None:
    """Keep everything running until a signal comes. Raises ChildFailed if a part ends by itself."""
    pause = threading.Event()
    try:
        # Inside, because somebody may press Ctrl-C as soon as the first line is there.
        _say_all(things_to_try(play, stage))
        while True:
            for child in stage.children:
                child.check()
            pause.wait(WATCH_S)
    except Interrupted:
        say("stopped")


def _say_all(lines: Sequence[str]) -> None:
    for line in lines:
        say(line)
    say()
