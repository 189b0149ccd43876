from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs

import pytest

from loadtest.detect.truth import Score, kind_score, macro_f1, places, table
from weirline.detect.finding import Finding
from weirline.scan import ScanResult
from weirline.specimen.randomness import Randomness
from weirline.specimen.specimen import Specimen


def valid(rng: Randomness) -> bytes:
    return b"#%06d" % rng.randrange(10**6)


def broken(rng: Randomness) -> bytes:
    return b"#%05d" % rng.randrange(10**5)


SPECIMEN = Specimen("hash_id", "hash id", valid, broken)


def finder(pattern: bytes, kind: str = "hash_id") -> Callable[[bytes], ScanResult]:
    def find(text: bytes) -> ScanResult:
        return ScanResult(
            tuple(
                Finding(kind, "identity", found.start(), found.end(), 1.0)
                for found in re.finditer(pattern, text)
            ),
            frozenset(),
        )

    return find


def score(pattern: bytes, kind: str = "hash_id") -> Score:
    return kind_score(SPECIMEN, finder(pattern, kind), seed=1, values=10)


def test_scan_that_is_right_scores_one() -> None:
    result = score(rb"(?:#|%23)\d{6}")
    assert (result.precision, result.recall, result.exact_share, result.f1) == (1, 1, 1, 1)
    assert (result.valid, result.broken) == (40, 40)


def test_scan_that_finds_broken_values_too_is_imprecise() -> None:
    result = score(rb"(?:#|%23)\d{5,6}")
    assert (result.precision, result.recall) == (0.5, 1)


def test_scan_that_finds_another_kind_is_told_with_that_kind() -> None:
    result = score(rb"(?:#|%23)\d{6}", "other")
    assert (result.recall, result.f1, dict(result.instead)) == (0, 0, {"other": 40})
    assert "other 40" in table([result], ["hash_id"])


def test_scan_that_finds_a_part_is_not_exact() -> None:
    result = score(rb"\d{6}")
    assert (result.recall, result.exact_share) == (1, 0)


@pytest.mark.parametrize("value", ['a"b\\c', "a b&c", "caf\u00e9", "two\nlines"])
def test_value_is_written_as_its_place_writes_values_and_the_span_covers_it(value: str) -> None:
    placed = places("the key", value.encode())
    assert len(placed) == (3 if "\n" in value else 4)
    document, form, *others = placed
    assert json.loads(document.text)["the key"] == value
    assert parse_qs(form.text.decode())["the key"] == [value]
    assert json.loads(b'"' + document.text[document.start : document.end] + b'"') == value
    assert all(each.text[each.start : each.end] == value.encode() for each in others)


def test_mean_weighs_every_kind_the_same() -> None:
    good = Score("a", valid=4, found=4)
    assert macro_f1([good, Score("b", valid=400)]) == 0.5
