from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from ruamel.yaml import YAML

from weirline.detect.detector import Context, Severity, StreamUse
from weirline.errors import DetectorError
from weirline.rulepack.parse import parse_files

CASES = Path(__file__).parents[2] / "cases" / "detector_errors"
GOOD = """\
detectors:
  - id: acme_key
    title: ACME key
    category: secrets
    severity: critical
    pattern: '\\bacme_(?P<v>[0-9A-Z]{8})\\b'
    trigger: acme_
    confidence: 0.5
    issuer: https://acme.example/keys
    context: {words: [key, api key], within: 20, confidence: 0.25}
    stream: observe
    examples: [acme_0123ABCD, [acme_, 4567ABCD]]
    not_examples: [acme_01]
"""


class ErrorCase(msgspec.Struct, forbid_unknown_fields=True):
    why: str
    file: str
    problems: list[str]
    mends: list[str]


def case(name: str) -> ErrorCase:
    content = YAML(typ="safe", pure=True).load(CASES / name)
    return msgspec.convert(content, ErrorCase)


def test_good_entry_has_its_detector_and_its_proof() -> None:
    (entry,) = parse_files([("a.yaml", GOOD)])
    detector = entry.detector
    assert (detector.id, detector.severity, detector.stream) == (
        "acme_key",
        Severity.CRITICAL,
        StreamUse.OBSERVE,
    )
    assert detector.width == 13
    assert detector.context == Context(words=("key", "api key"), within=20, confidence=0.25)
    assert entry.examples == (b"acme_0123ABCD", b"acme_4567ABCD")
    assert entry.not_examples == (b"acme_01",)
    assert (entry.place("pattern").line, entry.place("width").line) == (6, 2)


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_faulty_file_is_told_all_its_faults_at_once(name: str) -> None:
    wanted = case(name)
    with pytest.raises(DetectorError) as refused:
        parse_files([(name, wanted.file)])
    problems = refused.value.problems
    assert [f"{one.line} {one.code} {one.field}" for one in problems] == wanted.problems
    for mend in wanted.mends:
        assert any(mend in one.expectation for one in problems), mend


def test_id_is_unique_among_all_files() -> None:
    with pytest.raises(DetectorError) as refused:
        parse_files([("a.yaml", GOOD), ("b.yaml", GOOD)])
    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == ("b.yaml", 2)
    assert "a.yaml:2" in problem.expectation


def test_faults_of_several_files_are_told_together() -> None:
    with pytest.raises(DetectorError) as refused:
        parse_files([("a.yaml", "x"), ("b.yaml", "a: [")])
    assert [one.file for one in refused.value.problems] == ["a.yaml", "b.yaml"]


def test_no_message_quotes_what_the_file_holds() -> None:
    faulty = GOOD.replace("acme_0123ABCD,", "hush,").replace("confidence: 0.5", "confidence: hush")
    with pytest.raises(DetectorError) as refused:
        parse_files([("a.yaml", faulty.replace("secrets", "hush").replace("observe", "hush"))])
    assert len(refused.value.problems) == 3
    assert "hush" not in str(refused.value)
