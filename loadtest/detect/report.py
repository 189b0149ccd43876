"""The figures of `bench detect` as JSON and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from loadtest.detect.innocent import BAR_PER_10_MB, Innocence
from loadtest.detect.speed import BARS, LITERALS, OURS, PRESENCE, Speed
from loadtest.detect.truth import MACRO_F1_BAR, Score, macro_f1


class ScanRow(msgspec.Struct, frozen=True):
    """One scanner on one body."""

    engine: str
    body: str
    bytes: int
    mb_per_s: float


class HostileRow(msgspec.Struct, frozen=True):
    """Ours on one hostile body; `growth` is time(2n) / time(n)."""

    name: str
    mb_per_s: float
    growth: float


class BarRow(msgspec.Struct, frozen=True):
    """One bar: what was measured, what it had to be, whether it held."""

    name: str
    measured: float
    bar: float
    held: bool


class KindRow(msgspec.Struct, frozen=True):
    """One kind's figures on generated values."""

    kind: str
    precision: float
    recall: float
    exact: float
    f1: float


class InnocentRow(msgspec.Struct, frozen=True):
    """False findings of one kind in 10 MB, without and with random 16-digit ids."""

    kind: str
    without_random_ids: float
    with_random_ids: float


class DetectOutcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything one run measured; what it did not is empty."""

    command: str
    machine: str
    detectors: int
    scan: tuple[ScanRow, ...] = ()
    hostile: tuple[HostileRow, ...] = ()
    missing: tuple[str, ...] = ()
    bars: tuple[BarRow, ...] = ()
    kinds: tuple[KindRow, ...] = ()
    unproven: tuple[str, ...] = ()
    innocent_mb: float = 0.0
    innocent: tuple[InnocentRow, ...] = ()


@dataclass(slots=True)
class Measured:
    """What the parts of one run measured; None where a part was not asked for."""

    speed: Speed | None = None
    scores: list[Score] | None = None
    unproven: list[str] = field(default_factory=list)
    innocence: Innocence | None = None


def outcome(command: str, machine: str, detectors: int, measured: Measured) -> DetectOutcome:
    """Return everything as JSON holds it."""
    speed, scores, innocence = measured.speed, measured.scores, measured.innocence
    bars = [*(_speed_bars(speed) if speed else ())]
    bars += [_truth_bar(scores)] if scores else []
    bars += [_innocent_bar(innocence)] if innocence else []
    return DetectOutcome(
        command,
        machine,
        detectors,
        scan=tuple(
            ScanRow(each.engine, each.body, each.bytes, _rounded(each.mb_per_s))
            for each in (speed.rates if speed else ())
        ),
        hostile=tuple(
            HostileRow(each.name, _rounded(each.mb_per_s), _rounded(each.growth))
            for each in (speed.hostile if speed else ())
        ),
        missing=tuple(f"{each.name}: {each.reason}" for each in (speed.missing if speed else ())),
        bars=tuple(bars),
        kinds=tuple(_kind_row(score) for score in scores or ()),
        unproven=tuple(measured.unproven),
        innocent_mb=_rounded(sum(innocence.sizes.values()) / 1e6) if innocence else 0.0,
        innocent=tuple(_innocent_rows(innocence)) if innocence else (),
    )


def speed_table(speed: Speed) -> str:
    """Return the rates, one row a scanner, and the hostile bodies one by one."""
    bodies = list(dict.fromkeys(each.body for each in speed.rates))
    engines = list(dict.fromkeys(each.engine for each in speed.rates))
    lines = [f"{'MB/s, one core':20}" + "".join(f"{name:>12}" for name in bodies)]
    for engine in engines:
        cells = "".join(f"{speed.rate(engine, name):12.4g}" for name in bodies)
        lines.append(f"{engine:20}{cells}")
    lines += [f"left out: {each.name}: {each.reason}" for each in speed.missing]
    for engine in (LITERALS, PRESENCE):
        cells = "".join(f"{speed.ratio(name, engine):12.3f}" for name in bodies)
        lines.append(f"{'/ ' + engine:20}{cells}")
    lines.append(f"\n{'hostile, ' + OURS:20}{'MB/s':>12}{'t(2n)/t(n)':>12}")
    lines += [f"{each.name:20}{each.mb_per_s:12.4g}{each.growth:12.2f}" for each in speed.hostile]
    return "\n".join(lines)


def bar_table(bars: Sequence[BarRow]) -> str:
    """Return each bar with what was measured."""
    return "\n".join(
        f"{each.name:20}{each.measured:12.4g}  bar {each.bar:<6g} "
        f"{'held' if each.held else 'NOT HELD'}"
        for each in bars
    )


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def _speed_bars(speed: Speed) -> list[BarRow]:
    return [
        BarRow(name, _rounded(measured), BARS[name], held)
        for name, (measured, held) in speed.held().items()
    ]


def _truth_bar(scores: Sequence[Score]) -> BarRow:
    mean = macro_f1(scores)
    return BarRow("macro_f1", _rounded(mean), MACRO_F1_BAR, mean >= MACRO_F1_BAR)


def _innocent_bar(result: Innocence) -> BarRow:
    rate = result.per_10_mb(with_random_ids=False)
    return BarRow("false_per_10_mb", _rounded(rate), BAR_PER_10_MB, rate <= BAR_PER_10_MB)


def _kind_row(score: Score) -> KindRow:
    figures = (score.precision, score.recall, score.exact_share, score.f1)
    return KindRow(score.kind, *map(_rounded, figures))


def _innocent_rows(result: Innocence) -> list[InnocentRow]:
    without = result.kinds(with_random_ids=False)
    return [
        InnocentRow(kind, _rounded(without.get(kind, 0.0)), _rounded(together))
        for kind, together in result.kinds(with_random_ids=True).items()
    ]
