"""The outcome of a bench run, as JSON for programs and as a table for people.

Where rounds were void the JSON has null, never a figure that does not count. The field `rate` is
what was asked for; null means saturation (a closed loop of 16 connections), and then `per_s` is the
answer, and added latency only says how much longer each connection waited.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from loadtest.direct import DirectFigures
from loadtest.machine import Machine
from loadtest.rounds import Figures

HEAD = (
    f"{'arm':<14}{'p50':>8}{'p99':>9}{'+p50':>8}{'+p90':>8}{'+p99':>9}{'+p99.9':>9}"
    f"{'CPU us':>8}{'Envoy us':>9}{'(added)':>8}{'MB':>6}{'served/s':>10}{'rounds':>8}{'void':>5}"
)


class Run(msgspec.Struct, frozen=True):
    """One arm under one load. Times and CPU a request in microseconds; null = no valid round.

    `per_s` is what was served, `rounds` and `voids` count the rounds that did and did not count.
    """

    arm: str
    body_bytes: int
    rate: int | None
    p50_us: float | None
    p90_us: float | None
    p99_us: float | None
    p999_us: float | None
    added_p50_us: float | None
    added_p90_us: float | None
    added_p99_us: float | None
    added_p999_us: float | None
    sidecar_cpu_us: float | None
    envoy_cpu_us: float | None
    envoy_added_cpu_us: float | None
    rss_bytes: int
    per_s: float
    rounds: int
    voids: int
    failed: int


class Direct(msgspec.Struct, frozen=True):
    """One server alone: exchanges of three messages a second, and its CPU microseconds for one."""

    arm: str
    body_bytes: int
    per_s: float
    cpu_us: float


class ScanTimes(msgspec.Struct, frozen=True):
    """Microseconds to scan a clean body of 200 KiB, in a hot loop and after pauses of 2.67 ms.

    `raw_paused` is Hyperscan alone on the same patterns after such pauses, in the same run; the
    ratios are to it.
    """

    hot: float
    paused: float
    ratio_hot: float
    ratio_paused: float
    raw_paused: float = 0.0


class Outcome(msgspec.Struct, frozen=True):
    """Everything one run of the bench measured; `scan_us` is null where it was not asked for.

    `alone` are loads of one request at a time, without a rate; `bars` say which promises held.
    """

    command: str
    machine: str
    runs: list[Run]
    direct: list[Direct]
    scan_us: ScanTimes | None
    alone: tuple[Run, ...] = ()
    bars: tuple[str, ...] = ()


def outcome(
    command: str,
    machine: Machine,
    *,
    figures: Sequence[Figures],
    direct: Sequence[DirectFigures],
    scan: ScanTimes | None,
    bars: Sequence[str] = (),
) -> Outcome:
    """Put the parts together, rounded to a tenth of a microsecond."""
    return Outcome(
        command=command,
        machine=machine.line(),
        runs=[_run(each) for each in figures if not each.scenario.alone],
        alone=tuple(_run(each) for each in figures if each.scenario.alone),
        bars=tuple(bars),
        direct=[
            Direct(each.arm, each.body_bytes, round(each.per_s, 1), round(each.cpu_us, 2))
            for each in direct
        ],
        scan_us=scan,
    )


def to_json(result: Outcome) -> bytes:
    """Return the outcome as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n"


def scenario_table(figures: Sequence[Figures]) -> str:
    """Return the arms of one scenario as text, with the ratios that outlive the machine."""
    lines = [str(figures[0].scenario), HEAD, *(_line(each) for each in figures)]
    lines.extend(f"  {ratio}" for ratio in _ratios({each.arm: each for each in figures}))
    return "\n".join(lines)


def direct_table(direct: Sequence[DirectFigures]) -> str:
    """Return the direct bench as text: a line a body size, then the ratios."""
    lines = ["servers alone, three messages an exchange: exchanges/s (CPU us)"]
    for size in sorted({each.body_bytes for each in direct}):
        row = [each for each in direct if each.body_bytes == size]
        cells = "   ".join(f"{each.arm} {each.per_s:,.0f} ({each.cpu_us:,.1f})" for each in row)
        lines.append(f"{size // 1024:>4} KiB   {cells}")
        lines.extend(f"           {ratio}" for ratio in _direct_ratios(row))
    return "\n".join(lines)


def _run(each: Figures) -> Run:
    latency = each.latency or {}
    added = each.added or {}
    return Run(
        arm=each.arm,
        body_bytes=each.scenario.body_bytes,
        rate=each.scenario.rate,
        p50_us=_rounded(latency.get("p50")),
        p90_us=_rounded(latency.get("p90")),
        p99_us=_rounded(latency.get("p99")),
        p999_us=_rounded(latency.get("p999")),
        added_p50_us=_rounded(added.get("p50")),
        added_p90_us=_rounded(added.get("p90")),
        added_p99_us=_rounded(added.get("p99")),
        added_p999_us=_rounded(added.get("p999")),
        sidecar_cpu_us=_rounded(each.server_cpu_us),
        envoy_cpu_us=_rounded(each.envoy_cpu_us),
        envoy_added_cpu_us=_rounded(each.envoy_added_cpu_us),
        rss_bytes=each.rss_bytes,
        per_s=round(each.per_s, 1),
        rounds=each.rounds,
        voids=each.voids.total(),
        failed=each.failed,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _cell(value: float | None, width: int) -> str:
    return f"{'-' if value is None else f'{value:,.0f}':>{width}}"


def _line(each: Figures) -> str:
    latency = each.latency or {}
    added = each.added or {}
    reasons = ", ".join(f"{count} {reason}" for reason, count in each.voids.items())
    parts = [
        f"{each.arm:<14}",
        _cell(latency.get("p50"), 8),
        _cell(latency.get("p99"), 9),
        _cell(added.get("p50"), 8),
        _cell(added.get("p90"), 8),
        _cell(added.get("p99"), 9),
        _cell(added.get("p999"), 9),
        _cell(each.server_cpu_us, 8),
        _cell(each.envoy_cpu_us, 9),
        _cell(each.envoy_added_cpu_us, 8),
        f"{each.rss_bytes / 2**20:>6.0f}",
        f"{each.per_s:>10,.0f}",
        f"{each.rounds:>8}",
        f"{each.voids.total():>5}",
        f"  ({reasons})" if reasons else "",
        f"  {each.failed} requests failed" if each.failed else "",
    ]
    return "".join(parts)


def _ratios(arms: dict[str, Figures]) -> Iterator[str]:
    null = arms.get("null")
    for name, each in arms.items():
        if null is None or name in {"off", "null"}:
            continue
        parts = [f"{name} to null:"]
        if each.added and null.added and null.added["p50"] > 0:
            parts.append(f"added p50 {each.added['p50'] / null.added['p50']:.1f}x")
        if each.server_cpu_us and null.server_cpu_us:
            parts.append(f"CPU {each.server_cpu_us / null.server_cpu_us:.1f}x")
        if each.scenario.rate is None and each.per_s:
            parts.append(f"served 1/{null.per_s / each.per_s:.1f}")
        if len(parts) > 1:
            yield " ".join(parts)


def _direct_ratios(row: Sequence[DirectFigures]) -> Iterator[str]:
    rates = {each.arm: each.per_s for each in row}
    product = rates.get("grpc_aio")
    if not product:
        return
    for echo in sorted({"echo", "echo_tuned"} & rates.keys()):
        yield f"grpc_aio serves {100 * product / rates[echo]:.0f} % of {echo}"
    if "null" in rates:
        yield f"null serves {rates['null'] / product:.1f} times grpc_aio"
    for name, rate in rates.items():
        if name.startswith("grpc_aio_"):
            yield f"{name} serves {rate / product:.2f} times grpc_aio"
        if name.startswith("h2"):
            other = name.replace("h2", "grpc_aio")
            if other in rates:
                yield f"{name} serves {rate / rates[other]:.1f} times {other}"
