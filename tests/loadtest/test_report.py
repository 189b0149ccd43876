from __future__ import annotations

import json
from collections import Counter

from loadtest.direct import DirectFigures
from loadtest.machine import Machine
from loadtest.report import ScanTimes, direct_table, outcome, scenario_table, to_json
from loadtest.rounds import Figures, Scenario

MACHINE = Machine("some CPU", 2, "6.1", "3.11.7", "2025-01-02")
RUN_FIELDS = {
    *("arm", "body_bytes", "rate", "p50_us", "p99_us", "added_p50_us", "added_p99_us"),
    *("sidecar_cpu_us", "envoy_cpu_us", "rss_bytes"),
}


def figures(arm: str, p50: float | None, *, added: float = 0.0, rate: int | None = 375) -> Figures:
    times = None if p50 is None else {"p50": p50, "p90": p50, "p99": p50, "p999": p50}
    more = None if p50 is None else {"p50": added, "p90": added, "p99": added, "p999": added}
    return Figures(
        arm=arm,
        scenario=Scenario(1024, rate),
        rounds=0 if p50 is None else 7,
        voids=Counter({"rate not reached": 14}) if p50 is None else Counter(),
        failed=0,
        per_s=375.04,
        rss_bytes=70 * 2**20,
        latency=times,
        added=more,
        server_cpu_us=None if p50 is None else added / 2,
        envoy_cpu_us=None if p50 is None else 100.0,
        envoy_added_cpu_us=None if p50 is None else 20.0,
    )


def test_json_has_the_documented_fields_and_types() -> None:
    result = outcome(
        "python3 dev.py bench",
        MACHINE,
        figures=[figures("off", 300.04), figures("grpc_aio", 900.0, added=599.96)],
        direct=[DirectFigures("null", 1024, 90_000.0, 1.5)],
        scan=ScanTimes(190.0, 310.0, 1.05, 1.03, 300.0),
    )

    data = json.loads(to_json(result))

    assert {"runs", "direct", "scan_us"} <= data.keys()
    assert all(run.keys() >= RUN_FIELDS for run in data["runs"])
    assert data["runs"][1]["added_p50_us"] == 600.0
    assert data["runs"][1]["rss_bytes"] == 70 * 2**20
    assert data["direct"] == [{"arm": "null", "body_bytes": 1024, "per_s": 90000.0, "cpu_us": 1.5}]
    assert data["scan_us"]["hot"] == 190.0
    assert data["scan_us"]["paused"] == 310.0
    assert "some CPU" in data["machine"]


def test_json_has_null_where_no_round_was_valid_and_where_no_rate_was_asked_for() -> None:
    result = outcome(
        "bench",
        MACHINE,
        figures=[figures("grpc_aio", None), figures("grpc_aio", 5.0, rate=None)],
        direct=[],
        scan=None,
    )

    void, saturated = json.loads(to_json(result))["runs"]

    assert (void["p50_us"], void["added_p99_us"], void["sidecar_cpu_us"]) == (None, None, None)
    assert (void["rate"], void["per_s"], void["rounds"], void["voids"]) == (375, 375.0, 0, 14)
    assert saturated["rate"] is None


def test_the_table_shows_what_was_added_the_ratio_to_null_and_why_rounds_were_void() -> None:
    text = scenario_table(
        [
            figures("off", 300.0),
            figures("null", 400.0, added=100.0),
            figures("grpc_aio", 900.0, added=600.0),
            figures("h2", None),
        ]
    )

    assert "1 KiB, 375 requests/s" in text
    assert "grpc_aio to null: added p50 6.0x CPU 6.0x" in text
    assert "14 rate not reached" in text


def test_the_direct_table_holds_the_product_against_echo_and_null() -> None:
    text = direct_table(
        [
            DirectFigures("null", 1024, 90_000.0, 1.5),
            DirectFigures("echo", 1024, 2_000.0, 500.0),
            DirectFigures("grpc_aio", 1024, 1_900.0, 520.0),
            DirectFigures("grpc_aio_scan", 1024, 1_710.0, 580.0),
            DirectFigures("h2", 1024, 28_500.0, 33.0),
            DirectFigures("h2_scan", 1024, 17_271.0, 58.0),
        ]
    )

    assert "grpc_aio serves 95 % of echo" in text
    assert "null serves 47.4 times grpc_aio" in text
    assert "grpc_aio_scan serves 0.90 times grpc_aio" in text
    assert "h2 serves 15.0 times grpc_aio" in text
    assert "h2_scan serves 10.1 times grpc_aio_scan" in text
