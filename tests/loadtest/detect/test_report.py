from __future__ import annotations

import json

import msgspec

from loadtest.detect.innocent import RANDOM_IDS, Innocence
from loadtest.detect.peers import Missing
from loadtest.detect.report import Measured, outcome
from loadtest.detect.speed import Hostility, Rate, Speed
from loadtest.detect.truth import Score

SPEED = Speed(
    [
        Rate("weirline", "clean", 10, 612.34567),
        Rate("hyperscan_literals", "clean", 10, 1000.0),
        Rate("weirline", "dense", 10, 50.0),
        Rate("hyperscan_literals", "dense", 10, 1000.0),
    ],
    [Hostility("ats", 20.0, 2.0)],
    [Missing("gitleaks", "no go")],
)


def test_json_has_a_row_for_each_scanner_and_body() -> None:
    data = json.loads(msgspec.json.encode(outcome("bench", "machine", 5, Measured(speed=SPEED))))
    assert data["scan"][0] == {
        "engine": "weirline",
        "body": "clean",
        "bytes": 10,
        "mb_per_s": 612.3,
    }
    assert {bar["name"]: bar["held"] for bar in data["bars"]} == {
        "clean": True,
        "dense": False,
        "growth": True,
        "largest_s": True,
    }
    assert data["missing"] == ["gitleaks: no go"]
    assert "kinds" not in data


def test_json_has_kinds_and_false_findings_where_those_were_measured() -> None:
    innocence = Innocence(
        {"ids": 9_000_000, RANDOM_IDS: 1_000_000},
        {("ids", "email"): 1, (RANDOM_IDS, "payment_card"): 7},
        {},
    )
    score = Score("email", valid=10, found=9, exact=9, broken=10, false=0)
    measured = Measured(scores=[score], unproven=["other"], innocence=innocence)
    data = json.loads(msgspec.json.encode(outcome("bench", "machine", 5, measured)))
    assert data["kinds"] == [
        {"kind": "email", "precision": 1.0, "recall": 0.9, "exact": 1.0, "f1": 0.9474}
    ]
    assert data["innocent"] == [
        {"kind": "payment_card", "without_random_ids": 0.0, "with_random_ids": 7.0},
        {"kind": "email", "without_random_ids": 1.111, "with_random_ids": 1.0},
    ]
    assert [(bar["name"], bar["held"]) for bar in data["bars"]] == [
        ("macro_f1", False),
        ("false_per_10_mb", False),
    ]
