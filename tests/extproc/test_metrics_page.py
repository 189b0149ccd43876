from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from extproc.metrics import FLOWS, METRICS, POLICY_INFO, MetricKind, Tallies
from extproc.metrics_page import render

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def _samples(tallies: Tallies) -> Samples:
    page = render(tallies.snapshot()).decode()
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def test_page_declares_every_metric_of_the_table_with_its_type_and_text() -> None:
    page = render(Tallies().snapshot()).decode()
    for metric in METRICS:
        assert f"# TYPE {metric.name} {metric.kind.value}\n" in page
        assert f"# HELP {metric.name} {metric.doc}\n" in page


def test_counts_come_out_under_their_labels() -> None:
    tallies = Tallies()
    tallies.add(FLOWS, ("blocked",), 3)
    tallies.set_only(POLICY_INFO, ('od"d', "shadow", "0"))
    samples = _samples(tallies)
    assert samples["weirline_flows_total", (("outcome", "blocked"),)] == 3
    labels = (("digest", "0"), ("mode", "shadow"), ("name", 'od"d'))
    assert samples["weirline_policy_info", labels] == 1


def test_histogram_is_cumulative_and_ends_with_all() -> None:
    tallies = Tallies()
    for seconds in (0.00001, 0.003, 7.0):
        tallies.handled(seconds)
    samples = _samples(tallies)
    name = "weirline_handling_seconds_bucket"
    assert samples[name, (("le", "2e-05"),)] == 1
    assert samples[name, (("le", "0.002"),)] == 1
    assert samples[name, (("le", "0.005"),)] == 2
    assert samples[name, (("le", "+Inf"),)] == 3
    assert samples["weirline_handling_seconds_count", ()] == 3
    assert samples["weirline_handling_seconds_sum", ()] == 7.00301


def test_process_figures_carry_the_prefix_too() -> None:
    names = {name for name, _ in _samples(Tallies())}
    assert "weirline_process_resident_memory_bytes" in names
    assert all(name.startswith("weirline_") for name in names)


def test_histogram_is_the_only_metric_without_plain_series() -> None:
    values, _ = Tallies().snapshot()
    assert {metric for metric in METRICS if metric.kind is not MetricKind.HISTOGRAM} == set(values)
