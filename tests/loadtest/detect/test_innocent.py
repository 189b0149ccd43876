from __future__ import annotations

import re

import pytest

from loadtest.detect.innocent import MAKERS, PACKAGES, RANDOM_IDS, corpus, measure, table
from weirline.detect.finding import Finding
from weirline.scan import ScanResult

SIZE = 400_000


def find(text: bytes) -> ScanResult:
    """Take the first 16 digits of a piece for a card, and a version for an address."""
    findings = []
    if found := re.search(rb"(?<=:)\d{16}(?=})", text):
        findings.append(Finding("payment_card", "payment", found.start(), found.end(), 1.0))
    if found := re.search(rb"Chrome/[\d.]+", text):
        findings.append(Finding("ip", "network", found.start(), found.end(), 1.0))
    return ScanResult(tuple(findings), frozenset())


@pytest.mark.slow
def test_corpus_has_its_size_and_every_source_and_is_the_same_again() -> None:
    pieces = list(corpus(SIZE, seed=1))
    assert {source for source, _ in pieces} == {*MAKERS, PACKAGES}
    assert sum(len(text) for _, text in pieces) == pytest.approx(SIZE, rel=0.2)
    ids = sum(len(text) for source, text in pieces if source == RANDOM_IDS)
    assert ids == pytest.approx(SIZE * 0.05, rel=0.01)
    assert pieces == list(corpus(SIZE, seed=1))
    assert pieces != list(corpus(SIZE, seed=2))


@pytest.mark.slow
def test_what_stands_in_a_source_by_nature_is_counted_apart_and_random_ids_on_request() -> None:
    result = measure(find, SIZE, seed=1)
    assert dict(result.honest) == {("logs", "ip"): 1}
    assert dict(result.false) == {(RANDOM_IDS, "payment_card"): 1}
    assert result.per_10_mb(with_random_ids=False) == 0
    assert result.per_10_mb(with_random_ids=True) == pytest.approx(1e7 / SIZE, rel=0.2)
    assert result.kinds(with_random_ids=True).keys() == {"payment_card"}
    shown = table(result)
    assert "payment_card" in shown
    assert not re.search(r"\d{13}", shown)
