"""The result of a scan as SARIF, which code hosts show beside the lines it names.

One run, one rule a kind, one result a finding. Columns count characters; a result holds neither a
snippet nor a hash of the value, for a hash of few possible values gives the value away.
Source: SARIF 2.1.0, OASIS Standard, sections 3.13 to 3.30.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import msgspec

import weirline
from weirline.cli.scan.form import Totals
from weirline.cli.scan.found import Found, shown
from weirline.detect.detector import Detector, Severity

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL: Final = {
    Severity.LOW: "note",
    Severity.MEDIUM: "warning",
    Severity.HIGH: "error",
    Severity.CRITICAL: "error",
}
# What code hosts sort by: the middle of CVSS's range of that name.
_SCORE: Final = {
    Severity.LOW: "2.0",
    Severity.MEDIUM: "5.5",
    Severity.HIGH: "8.0",
    Severity.CRITICAL: "9.5",
}


class SarifForm:
    """One SARIF log with one run; owned by one scan."""

    def __init__(self, detectors: Sequence[Detector]) -> None:
        self._rules = {detector.id: index for index, detector in enumerate(detectors)}
        self._levels = {detector.id: _LEVEL[detector.severity] for detector in detectors}
        self._detectors = detectors
        self._first = True

    def begin(self) -> str:
        """The head of the log, with every rule."""
        driver = {
            "name": "Weirline",
            "version": weirline.__version__,
            "rules": [_rule(detector) for detector in self._detectors],
        }
        return (
            f'{{"$schema":"{_SCHEMA}","version":"2.1.0","runs":[{{"tool":{{"driver":'
            + _encoded(driver)
            + '},"columnKind":"unicodeCodePoints","results":['
        )

    def found(self, found: Found) -> str:
        """One result."""
        comma = "\n" if self._first else ",\n"
        self._first = False
        kind = found.finding.detector
        result = {
            "ruleId": kind,
            "ruleIndex": self._rules[kind],
            "level": self._levels[kind],
            "message": {"text": f"{kind}, {found.size} bytes"},
            "locations": [_location(found)],
            "properties": {"confidence": round(found.finding.confidence, 4)},
        }
        return comma + _encoded(result)

    def end(self, totals: Totals) -> str:
        """The end of the log; what could not be read is told as the run's own outcome."""
        told = [
            {"level": "error", "message": {"text": f"not scanned to the end: {name}"}}
            for name in totals.incomplete
        ]
        run = {"executionSuccessful": not told, "toolExecutionNotifications": told}
        return '\n],"invocations":[' + _encoded(run) + "]}]}\n"


def _rule(detector: Detector) -> dict[str, object]:
    return {
        "id": detector.id,
        "shortDescription": {"text": detector.title},
        "helpUri": detector.issuer,
        "defaultConfiguration": {"level": _LEVEL[detector.severity]},
        "properties": {
            "tags": ["security", detector.category],
            "security-severity": _SCORE[detector.severity],
        },
    }


def _location(found: Found) -> dict[str, object]:
    artifact = {"artifactLocation": {"uri": quote(shown(found.name))}}
    if found.part:  # places count within the part, which SARIF has no region for
        logical = [{"fullyQualifiedName": found.part}]
        return {"physicalLocation": artifact, "logicalLocations": logical}
    region = {
        "startLine": found.line,
        "startColumn": found.column,
        "byteOffset": found.offset,
        "byteLength": found.size,
    }
    return {"physicalLocation": {**artifact, "region": region}}


def _encoded(item: object) -> str:
    return msgspec.json.encode(item).decode()
