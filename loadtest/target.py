"""`bench --target URL`: the same load against an Envoy, or anything else, that the user runs.

Nothing is started, so there is nothing to subtract from: the figures are what the client sees. Run
it once with the filter in the route and once without. The user's servers are loaded at 375 and
1,000 requests a second, then as fast as they answer. Plain HTTP only: a TLS handshake in the
generator would be measured as theirs.
"""

from __future__ import annotations

import functools
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from loadtest.arm import OFF, Arm
from loadtest.generator import Load, run_load, void_reason
from loadtest.machine import this_machine
from loadtest.native import build_tools
from loadtest.report import Outcome, outcome, scenario_table
from loadtest.rounds import (
    CLOSED_CONNECTIONS,
    OPEN_CONNECTIONS,
    WARM_UP_S,
    Figures,
    Plan,
    Sample,
    Scenario,
    interleave,
)
from weirline.errors import WeirlineError

TARGET = Arm("target", OFF.server)


class TargetRefused(WeirlineError):
    """The URL cannot be loaded; the text says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the load goes: `connect` as the generator wants it, the Host header, path and query."""

    connect: str
    host: str
    path: str


def read_target(url: str) -> Target:
    """Read http://HOST[:PORT][/PATH][?QUERY]. Raises TargetRefused."""
    try:
        parts = urllib.parse.urlsplit(url)
        port = parts.port or 80
    except ValueError as error:
        raise TargetRefused("the target is no URL") from error
    if parts.scheme != "http" or not parts.hostname:
        raise TargetRefused("the target must be http://HOST[:PORT][/PATH]")
    if parts.username is not None:
        raise TargetRefused("the target must not hold a user name or password")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    path = urllib.parse.quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = urllib.parse.quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return Target(
        connect=f"tcp:{host}:{port}",
        host=host if port == 80 else f"{host}:{port}",
        path=f"{path}?{query}" if query else path,
    )


def run_target(
    target: Target,
    *,
    rates: Sequence[int | None],
    plan: Plan,
    command: str,
    say: Callable[[str], None],
) -> Outcome:
    """Load the target at each rate; None is a closed loop.

    Raises GeneratorFailed when it cannot be reached, TargetRefused when its first answer is bad.
    """
    generator = build_tools().generator
    machine = this_machine()
    first = run_load(
        generator, Load(target.connect, target.path, 10, 0.1, host=target.host, connections=1)
    )
    if first.ok != first.planned:
        raise TargetRefused("the target does not answer with a 2xx status")
    body_bytes = first.body_bytes // first.ok
    say(f"{machine.line()}\n{command}\ntimes in microseconds, medians of rounds; no subtraction\n")
    figures: list[Figures] = []
    for rate in rates:
        load = Load(
            target.connect,
            target.path,
            rate,
            plan.round_s,
            host=target.host,
            warmup_s=min(WARM_UP_S, plan.round_s / 3),
            connections=CLOSED_CONNECTIONS if rate is None else OPEN_CONNECTIONS,
        )
        rows = interleave(
            [TARGET],
            Scenario(body_bytes, rate),
            measure=functools.partial(_measure, generator, load),
            voided=functools.partial(_voided, load),
            plan=plan,
        )
        say(scenario_table(rows) + "\n")
        figures.extend(rows)
    return outcome(command, machine, figures=figures, direct=(), scan=None)


def _measure(generator: Path, load: Load, _arm: Arm) -> Sample:
    # Whose CPU time it costs cannot be seen from here.
    return Sample(run_load(generator, load), server_cpu_us=0.0, envoy_cpu_us=0.0, rss_bytes=0)


def _voided(load: Load, sample: Sample) -> str | None:
    return void_reason(load, sample.load)
