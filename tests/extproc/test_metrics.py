from __future__ import annotations

import time
from pathlib import Path

import pytest

from extproc import metrics
from extproc.metrics import (
    BROKEN_SIGNATURES,
    FAULTS,
    FINDINGS,
    FLOWS,
    HANDLING,
    HANDLING_BUCKETS,
    MESSAGES,
    METRICS,
    MOST_SERIES,
    POLICY_INFO,
    RULE_MATCHES,
    SCANNED_BYTES,
    SERIES_DROPPED,
    STREAMS_ACTIVE,
    UNSCANNED,
    Fault,
    Metric,
    MetricKind,
    Tallies,
    snapshot_of,
)
from extproc.shared_area import SharedArea
from tests.extproc.reference_rows import metrics_rows
from weirline.flow.report import FindingKey, FlowReport, Outcome, Place, Unscanned
from weirline.policy.facts import Direction
from weirline.redact.headers import BrokenSignature

FOLD_LIMIT_S = 15e-6


def _report() -> FlowReport:
    report = FlowReport(messages=3, outcome=Outcome.REDACTED)
    card = FindingKey(
        "payment_card", "payment", Direction.RESPONSE, Place.BODY, "redact", False, "mask-cards"
    )
    mail = FindingKey("email", "contact", Direction.REQUEST, Place.QUERY, "observe", True, "")
    report.findings.update({card: 2, mail: 1})
    report.unscanned[Direction.REQUEST, Unscanned.MEDIA] += 1
    report.broken_signatures[Direction.RESPONSE, BrokenSignature.WEBHOOK] = 1
    report.scanned_bytes.update({Direction.RESPONSE: 1024, Direction.REQUEST: 10})
    return report


def test_every_definition_is_listed_once_with_the_prefix() -> None:
    defined = [each for each in vars(metrics).values() if isinstance(each, Metric)]
    assert sorted(each.name for each in defined) == sorted(each.name for each in METRICS)
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    for metric in METRICS:
        assert metric.name.startswith("weirline_")
        assert metric.name.endswith("_total") == (metric.kind is MetricKind.COUNTER)
        assert metric.doc.endswith(".")


def test_report_of_a_flow_is_counted_under_its_labels() -> None:
    tallies = Tallies()
    tallies.fold(_report())
    tallies.fold(_report())
    assert tallies.value(FLOWS, ("redacted",)) == 2
    assert tallies.value(MESSAGES) == 6
    where = ("payment_card", "payment", "response", "body", "redact", "false")
    assert tallies.value(FINDINGS, where) == 4
    assert tallies.value(FINDINGS, ("email", "contact", "request", "query", "observe", "true")) == 2
    assert tallies.value(RULE_MATCHES, ("mask-cards", "redact", "false")) == 4
    assert tallies.value(UNSCANNED, ("request", "media")) == 2
    assert tallies.value(BROKEN_SIGNATURES, ("response", "webhook")) == 2
    assert tallies.value(SCANNED_BYTES, ("response",)) == 2048


def test_finding_without_a_rule_is_in_no_rule_series() -> None:
    tallies = Tallies()
    tallies.fold(_report())
    values, _ = tallies.snapshot()
    assert set(values[RULE_MATCHES]) == {("mask-cards", "redact", "false")}


def test_series_beyond_the_bound_are_dropped_and_counted() -> None:
    tallies = Tallies()
    for number in range(MOST_SERIES + 3):
        tallies.add(RULE_MATCHES, (f"rule-{number}", "observe", "false"))
    tallies.add(RULE_MATCHES, ("rule-0", "observe", "false"))
    values, _ = tallies.snapshot()
    assert len(values[RULE_MATCHES]) == MOST_SERIES
    assert values[SERIES_DROPPED] == {(): 3}
    assert values[RULE_MATCHES]["rule-0", "observe", "false"] == 2


def test_info_of_the_former_policy_goes_when_another_comes() -> None:
    tallies = Tallies()
    tallies.set_only(POLICY_INFO, ("a", "shadow", "1"))
    tallies.set_only(POLICY_INFO, ("b", "enforce", "2"))
    assert tallies.snapshot()[0][POLICY_INFO] == {("b", "enforce", "2"): 1}


def test_faults_and_flows_stand_at_zero_before_the_first() -> None:
    values, _ = Tallies().snapshot()
    assert values[FAULTS] == {(fault.value,): 0 for fault in Fault}
    assert values[FLOWS] == {(outcome.value,): 0 for outcome in Outcome}


def test_snapshot_does_not_change_with_the_tallies() -> None:
    tallies = Tallies()
    values, histogram = tallies.snapshot()
    tallies.fold(_report())
    tallies.handled(0.5)
    assert not any(values[FLOWS].values())
    assert sum(histogram.counts) == 0


@pytest.mark.parametrize(
    ("seconds", "bucket"),
    [(0.0, 0), (HANDLING_BUCKETS[0], 0), (0.00003, 1), (1.0, 11), (1.5, 12)],
    ids=["none", "on the bound", "over the first", "on the last", "over all"],
)
def test_handling_time_falls_into_the_bucket_that_bounds_it(seconds: float, bucket: int) -> None:
    tallies = Tallies()
    tallies.handled(seconds)
    _, histogram = tallies.snapshot()
    assert histogram.counts.index(1) == bucket
    assert histogram.total_s == seconds


def test_flow_with_findings_is_counted_within_its_budget() -> None:
    tallies, report = Tallies(), _report()
    rounds, each = 50, 100
    best = 1.0
    for _ in range(rounds):
        began = time.thread_time()
        for _ in range(each):
            tallies.fold(report)
        best = min(best, (time.thread_time() - began) / each)
    print(f"fold with two findings: {best * 1e6:.1f} us")
    assert best < FOLD_LIMIT_S


def test_counts_of_one_area_are_read_by_whoever_has_it() -> None:
    area = SharedArea()
    tallies = Tallies(area)
    tallies.fold(_report())
    tallies.handled(0.003)
    values, histogram = snapshot_of(area)
    assert values[FLOWS]["redacted",] == 1
    assert values[SCANNED_BYTES] == {("response",): 1024, ("request",): 10}
    assert (sum(histogram.counts), histogram.total_s) == (1, 0.003)
    assert values[FINDINGS] == tallies.snapshot()[0][FINDINGS]


def test_counters_of_one_that_is_gone_are_taken_over_and_its_gauges_are_not() -> None:
    gone, own = Tallies(), Tallies()
    for tallies in (gone, own):
        tallies.fold(_report())
        tallies.handled(0.5)
    gone.cell(STREAMS_ACTIVE)[0] = 4
    own.absorb(gone.snapshot())
    values, histogram = own.snapshot()
    assert values[FLOWS]["redacted",] == 2
    assert values[MESSAGES] == {(): 6}
    assert values[STREAMS_ACTIVE] == {(): 0}
    assert (sum(histogram.counts), histogram.total_s) == (2, 1.0)


def test_cell_of_a_gauge_is_set_without_a_call() -> None:
    tallies = Tallies()
    tallies.cell(STREAMS_ACTIVE)[0] = 3
    assert tallies.value(STREAMS_ACTIVE) == 3


def test_watched_gauge_is_asked_when_somebody_looks() -> None:
    tallies, streams = Tallies(), ["a", "b"]
    tallies.watch(STREAMS_ACTIVE, streams.__len__)
    assert tallies.value(STREAMS_ACTIVE) == 2


def test_series_that_an_area_names_wrongly_is_left_out() -> None:
    area = SharedArea()
    area.allot(-1, ())
    area.allot(len(METRICS), ())
    area.allot(METRICS.index(FLOWS), ("passed", "twice"))
    area.allot(METRICS.index(HANDLING), ())
    assert not any(snapshot_of(area)[0].values())


def test_reference_page_has_each_metric_as_the_table_has_it() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/metrics.md").read_text(encoding="utf-8")
    assert not [row for row in metrics_rows() if row not in page.splitlines()]
