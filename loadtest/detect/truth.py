"""How well each kind is told from what only looks like it, on values its generator makes.

100 valid values and 100 broken ones a kind, each in JSON, in a form, in a sentence and in a header,
beside the kind's usual name where it needs one and beside a name that says nothing otherwise. Every
kind that ships runs, so kinds may take values from one another. The examples of the detector files
play no part.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote_plus

from weirline.detect.detector import Detector
from weirline.detect.finding import Finding
from weirline.scan import ScanResult
from weirline.specimen import SPECIMENS
from weirline.specimen.specimen import Specimen

VALUES: Final = 100
MACRO_F1_BAR: Final = 0.95
NEUTRAL_KEY: Final = "entry"


@dataclass(frozen=True, slots=True)
class Placed:
    """A text with a value in it, at [start, end)."""

    text: bytes
    start: int
    end: int


@dataclass(slots=True)
class Score:
    """What came of one kind's values; owned by the measurement.

    `instead` counts the kinds that were found where a valid value was missed.
    """

    kind: str
    valid: int = 0
    found: int = 0
    exact: int = 0
    broken: int = 0
    false: int = 0
    instead: Counter[str] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        """The share of valid values that were found as this kind."""
        return self.found / self.valid if self.valid else 0.0

    @property
    def precision(self) -> float:
        """The share of this kind's findings that were valid values."""
        return self.found / (self.found + self.false) if self.found else 0.0

    @property
    def exact_share(self) -> float:
        """The share of found values whose span was right to the byte."""
        return self.exact / self.found if self.found else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def measure(
    detectors: Sequence[Detector],
    find: Callable[[bytes], ScanResult],
    *,
    seed: int,
    values: int = VALUES,
) -> list[Score]:
    """Return the score of each kind of `detectors` that has a generator, in their order."""
    return [
        kind_score(SPECIMENS[detector.id], find, seed=seed, values=values)
        for detector in detectors
        if detector.id in SPECIMENS
    ]


def unproven(detectors: Sequence[Detector]) -> list[str]:
    """Return the kinds that have no generator."""
    return [detector.id for detector in detectors if detector.id not in SPECIMENS]


def macro_f1(scores: Sequence[Score]) -> float:
    """Return the mean of the kinds' F1: each kind weighs the same."""
    return sum(score.f1 for score in scores) / len(scores)


def kind_score(
    specimen: Specimen, find: Callable[[bytes], ScanResult], *, seed: int, values: int
) -> Score:
    """Measure one kind; its values depend on the seed and its name alone."""
    rng = random.Random(f"{seed}:{specimen.kind}")
    score = Score(specimen.kind)
    key = specimen.key if specimen.needs_key else NEUTRAL_KEY
    for _ in range(values):
        for placed in places(key, specimen.valid(rng)):
            _count_valid(score, placed, find(placed.text).findings)
        for placed in places(key, specimen.broken(rng)):
            score.broken += 1
            findings = _over(placed, find(placed.text).findings)
            score.false += any(finding.detector == specimen.kind for finding in findings)
    return score


def places(key: str, value: bytes) -> list[Placed]:
    """Return the texts a value is placed in; in a header only if it is one line."""
    text = value.decode()
    words = key.replace("_", " ")
    placed = [
        _placed(f'{{"id": 7, "{key}": "', _json(text), '", "next": "x"}'),
        _placed(f"a=1&{quote_plus(key)}=", quote_plus(text), "&b=2"),
        _placed(f"Please note that the {words} is ", text, " from now on."),
    ]
    if "\n" not in text:
        placed.append(_placed(f"x-{key.replace('_', '-').replace(' ', '-')}: ", text, "\r\n"))
    return placed


def table(scores: Sequence[Score], default: Collection[str]) -> str:
    """Return the figures of every kind, the worst first, and the mean.

    `default` holds the kinds of the default pack.
    """
    lines = [f"{'kind':34} {'default':7} {'prec':>6} {'recall':>6} {'exact':>6} {'F1':>6}  instead"]
    for score in sorted(scores, key=lambda each: (each.f1, each.exact_share, each.kind)):
        instead = ", ".join(f"{kind} {count}" for kind, count in score.instead.most_common(2))
        lines.append(
            f"{score.kind:34} {'yes' if score.kind in default else '-':7} {score.precision:6.3f}"
            f" {score.recall:6.3f} {score.exact_share:6.3f} {score.f1:6.3f}  {instead}".rstrip()
        )
    lines.append(f"{len(scores)} kinds, macro F1 {macro_f1(scores):.4f} (bar {MACRO_F1_BAR})")
    return "\n".join(lines)


def _placed(before: str, value: str, after: str) -> Placed:
    start = len(before.encode())
    written = value.encode()
    return Placed(before.encode() + written + after.encode(), start, start + len(written))


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _over(placed: Placed, findings: Sequence[Finding]) -> list[Finding]:
    return [each for each in findings if each.start < placed.end and each.end > placed.start]


def _count_valid(score: Score, placed: Placed, findings: Sequence[Finding]) -> None:
    score.valid += 1
    over = _over(placed, findings)
    own = [finding for finding in over if finding.detector == score.kind]
    if own:
        score.found += 1
        score.exact += any((one.start, one.end) == (placed.start, placed.end) for one in own)
    else:
        score.instead.update({finding.detector for finding in over} or {"nothing"})
