from __future__ import annotations

from weirline.flow.log_facts import MOST_NAMES, log_facts, weight
from weirline.flow.report import FindingKey, FlowReport, Outcome, Place, Unscanned
from weirline.policy.facts import Direction
from weirline.policy.gate import Counted


def key(
    detector: str = "payment_card", action: str = "redact", rule: str = "a", *, shadow: bool = False
) -> FindingKey:
    return FindingKey(
        detector, "payment", Direction.RESPONSE, Place.BODY, action, shadow=shadow, rule=rule
    )


def test_counts_kinds_and_rules_of_a_flow_are_told() -> None:
    report = FlowReport(outcome=Outcome.REDACTED)
    report.findings[key()] = 3
    report.findings[key("us_ssn", "observe", "")] = 1
    report.rule_actions[Counted("limit", "rate_limit", shadow=False)] = 1
    report.unscanned[(Direction.REQUEST, Unscanned.MEDIA)] = 1
    facts = log_facts(report)
    assert facts.decision == "redacted"
    assert facts.counts == (("payment_card", 3), ("us_ssn", 1))
    assert (facts.findings, facts.categories, facts.shadow) == (4, ("payment",), "")
    assert facts.rules == ("a", "limit")
    assert facts.unscanned == ("media",)


def test_value_counted_for_an_alert_and_in_shadow_too_is_one_finding() -> None:
    report = FlowReport(outcome=Outcome.REDACTED)
    report.findings[key()] = 1
    report.findings[key(action="alert")] = 1
    report.findings[key(action="block", rule="b", shadow=True)] = 1
    facts = log_facts(report)
    assert facts.findings == 1
    assert facts.shadow == "block"
    assert facts.rules == ("a", "b")


def test_finding_in_shadow_alone_is_counted() -> None:
    report = FlowReport()
    report.findings[key(action="redact", shadow=True)] = 2
    facts = log_facts(report)
    assert (facts.decision, facts.findings, facts.shadow) == ("passed", 2, "redact")


def test_lists_are_cut_at_the_most_frequent() -> None:
    report = FlowReport()
    for number in range(100):
        report.findings[key(f"kind{number}", "observe", f"r{number}")] = number + 1
    facts = log_facts(report)
    assert len(facts.counts) == len(facts.rules) == MOST_NAMES
    assert facts.counts[0] == ("kind99", 100)


def test_weight_grows_with_each_thing_to_tell() -> None:
    report = FlowReport()
    weights = [weight(report)]
    report.findings[key()] += 1
    weights.append(weight(report))
    report.findings[key()] += 1
    weights.append(weight(report))
    report.rule_actions[Counted("a", "block", shadow=False)] += 1
    weights.append(weight(report))
    report.unscanned[(Direction.REQUEST, Unscanned.MEDIA)] = 1
    weights.append(weight(report))
    assert weights == [0, 1, 2, 3, 4]
