"""The part of RESULTS.md about detection, from the JSON of three runs of `bench detect`.

Files that are not there are left out: each run is recorded on its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from loadtest.detect.report import BarRow, DetectOutcome, KindRow
from loadtest.detect.speed import LITERALS, OURS, PRESENCE

FILES: Final = ("detect", "detect_truth", "detect_innocent")
_BARS: Final = {
    "clean": "rate on a clean body, over that of the pack's literals alone",
    "dense": "rate on a dense body (two findings a KiB), over the same",
    "growth": "time(2n) / time(n) of the worst hostile body",
    "largest_s": "seconds for 8 MiB of the slowest hostile body",
    "macro_f1": "mean F1 over all kinds, generated values",
    "false_per_10_mb": "false findings in 10 MB of innocent text, without random ids",
}
_WORST: Final = 30  # kinds that are listed; the others are counted


def section(folder: Path) -> str:
    """Return the section for what `folder` holds, empty if nothing. Raises msgspec.DecodeError."""
    paths = [folder / f"{name}.json" for name in FILES]
    runs = [
        msgspec.json.decode(path.read_bytes(), type=DetectOutcome)
        for path in paths
        if path.exists()
    ]
    return (
        "\n\n".join(["## Detection", *(part for run in runs for part in _run(run))]) if runs else ""
    )


def _run(run: DetectOutcome) -> Iterator[str]:
    yield f"`{run.command}`, {run.detectors} detectors in the default pack\n\n{run.machine}"
    yield _bars(run.bars)
    if run.scan:
        yield _speed(run)
    if run.hostile:
        yield _hostile(run)
    if run.kinds:
        yield _kinds(run)
    if run.innocent_mb:
        yield _innocent(run)


def _bars(bars: Sequence[BarRow]) -> str:
    lines = ["| bar | measured | wanted | held |", "|---|---|---|---|"]
    for bar in bars:
        sign = "at least" if bar.name in {"clean", "dense", "macro_f1"} else "at most"
        held = "yes" if bar.held else "**no**"
        lines.append(f"| {_BARS[bar.name]} | {bar.measured:g} | {sign} {bar.bar:g} | {held} |")
    return "\n".join(lines)


def _speed(run: DetectOutcome) -> str:
    bodies = list(dict.fromkeys(row.body for row in run.scan))
    engines = list(dict.fromkeys(row.engine for row in run.scan))
    rates = {(row.engine, row.body): row.mb_per_s for row in run.scan}
    lines = [f"| MB/s, one core | {' | '.join(bodies)} |", "|---" * (len(bodies) + 1) + "|"]
    for engine in engines:
        cells = " | ".join(f"{rates[engine, body]:,g}" for body in bodies)
        lines.append(f"| {engine} | {cells} |")
    for engine in (LITERALS, PRESENCE):
        if engine in engines:
            ratios = [f"{rates[OURS, body] / rates[engine, body]:.3f}" for body in bodies]
            lines.append(f"| {OURS} / {engine} | {' | '.join(ratios)} |")
    lines += [f"\nLeft out: {reason}." for reason in run.missing]
    return "\n".join(lines)


def _hostile(run: DetectOutcome) -> str:
    lines = ["| hostile body | MB/s | time(2n) / time(n) |", "|---|---|---|"]
    lines += [f"| {row.name} | {row.mb_per_s:,g} | {row.growth:.2f} |" for row in run.hostile]
    return "\n".join(lines)


def _kinds(run: DetectOutcome) -> str:
    worst = sorted(run.kinds, key=lambda row: (row.f1, row.exact, row.kind))[:_WORST]
    shown = [row for row in worst if not _is_perfect(row)]
    perfect = sum(_is_perfect(row) for row in run.kinds)
    lines = [
        f"{len(run.kinds)} kinds have a generator, {len(run.unproven)} have none; {perfect} are"
        " told without a fault. The worst of the others:\n",
        "| kind | precision | recall | exact spans | F1 |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{row.kind}` | {row.precision:.3f} | {row.recall:.3f} | {row.exact:.3f}"
        f" | {row.f1:.3f} |"
        for row in shown
    ]
    return "\n".join(lines)


def _is_perfect(row: KindRow) -> bool:
    return row.precision == row.recall == row.exact == 1


def _innocent(run: DetectOutcome) -> str:
    lines = [
        f"{run.innocent_mb:g} MB of innocent text; false findings in 10 MB:\n",
        "| kind | without random ids | with random 16-digit ids |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{row.kind}` | {row.without_random_ids:g} | {row.with_random_ids:g} |"
        for row in run.innocent
    ]
    return "\n".join(lines)
