from __future__ import annotations

from collections import Counter

from weirline.cli.demo.sidecar_metrics import FindingCounts, read_page

PAGE = """\
# HELP weirline_flows_total Exchanges that are over, by how they ended.
# TYPE weirline_flows_total counter
weirline_flows_total{outcome="passed"} 3.0
weirline_flows_total{outcome="redacted"} 2.0
weirline_findings_total{detector="iban",category="identity",place="body",action="redact"} 4.0
weirline_findings_total{detector="iban",category="identity",place="header",action="redact"} 1.0
weirline_rule_matches_total{rule="a-rule",action="redact",shadow="false"} 5.0
weirline_transport_info{transport="grpc"} 1.0
weirline_handling_seconds_bucket{le="+Inf"} 5.0
weirline_messages_total 15.0
"""


def test_page_is_summed_over_the_labels_the_demo_does_not_show() -> None:
    page = read_page(PAGE)
    assert page.flows == 5
    assert page.findings.detectors == Counter(iban=5)
    assert page.findings.rules == Counter({"a-rule": 5})
    assert page.transport == "grpc"


def test_page_without_our_metrics_counts_nothing() -> None:
    page = read_page("up 1\n")
    assert (page.flows, page.findings, page.transport) == (0, FindingCounts(), "unknown")


def test_difference_names_only_what_came_on_top() -> None:
    earlier = FindingCounts(Counter(iban=2, email=1), Counter(one=3))
    later = FindingCounts(Counter(iban=5, email=1), Counter(one=3, two=3))
    assert later.since(earlier) == FindingCounts(Counter(iban=3), Counter(two=3))


def test_label_values_may_hold_quotes_and_commas() -> None:
    text = 'weirline_rule_matches_total{rule="a\\"b,c",action="x"} 1.0\n'
    assert read_page(text).findings.rules == Counter({'a\\"b,c': 1})
