from __future__ import annotations

from pathlib import Path

import msgspec

from loadtest.report import Direct, Outcome, Run, ScanTimes, to_json
from loadtest.results_page import NOTHING, PAGE, page, recorded

ZERO = Run(
    arm="off",
    body_bytes=1024,
    rate=375,
    p50_us=300.0,
    p90_us=300.0,
    p99_us=400.0,
    p999_us=500.0,
    added_p50_us=0.0,
    added_p90_us=0.0,
    added_p99_us=0.0,
    added_p999_us=0.0,
    sidecar_cpu_us=0.0,
    envoy_cpu_us=200.0,
    envoy_added_cpu_us=0.0,
    rss_bytes=0,
    per_s=375.0,
    rounds=7,
    voids=0,
    failed=0,
)
PRODUCT = msgspec.structs.replace(
    ZERO,
    arm="grpc_aio",
    added_p50_us=650.0,
    sidecar_cpu_us=800.0,
    envoy_cpu_us=440.0,
    envoy_added_cpu_us=240.0,
    rss_bytes=60 * 2**20,
)
SATURATED = msgspec.structs.replace(PRODUCT, rate=None, sidecar_cpu_us=600.0)
OUTCOME = Outcome(
    command="python3 dev.py bench",
    machine="2 cores, some CPU",
    runs=[ZERO, PRODUCT, SATURATED],
    direct=[
        Direct("null", 1024, 100_000.0, 1.5),
        Direct("echo", 1024, 2_000.0, 500.0),
        Direct("echo_tuned", 1024, 2_200.0, 450.0),
        Direct("grpc_aio", 1024, 1_900.0, 520.0),
    ],
    scan_us=ScanTimes(190.0, 310.0, 1.05, 1.03),
)


def test_the_page_has_both_runs_with_command_and_machine() -> None:
    quick = msgspec.structs.replace(OUTCOME, command="python3 dev.py bench --quick")
    text = page(OUTCOME, quick, "## Other bars\n")

    assert "`python3 dev.py bench`\n\n2 cores, some CPU" in text
    assert "`python3 dev.py bench --quick`" in text
    assert text.endswith("## Other bars\n")


def test_the_fleet_is_multiplied_from_the_figures_at_375_requests_a_second() -> None:
    text = page(OUTCOME, OUTCOME, "")

    assert "1,500,000 / 4,000 = 375 requests/s" in text
    # 1.5 M x 800 us = 1,200 cores, 0.3 of one beside each Envoy; 4,000 x 60 MB = 234 GB.
    assert (
        "| 1 KiB | 1.5 M x 800 us = 1,200 cores | 1.5 M x 240 us = 360 cores | 30 % "
        "| 4,000 x 60 MB = 234 GB | 1.5 M x 600 us = 900 cores |"
    ) in text


def test_servers_alone_are_held_against_null_and_both_echoes() -> None:
    text = page(OUTCOME, OUTCOME, "")

    assert "| 53x | 95 % | 86 % |" in text


def test_what_did_not_count_is_a_dash() -> None:
    void = msgspec.structs.replace(
        PRODUCT, p50_us=None, sidecar_cpu_us=None, envoy_added_cpu_us=None, rounds=0, voids=14
    )
    text = page(msgspec.structs.replace(OUTCOME, runs=[void, SATURATED]), OUTCOME, "")

    assert "| 1 KiB | 375/s | grpc_aio | - | 400 |" in text
    assert "| 0 (14) |" in text
    assert "| 1 KiB | - | - | - |" in text


def test_what_bench_wrote_is_read_back_into_the_page(tmp_path: Path) -> None:
    (tmp_path / "full.json").write_bytes(to_json(OUTCOME))
    assert recorded(tmp_path) == NOTHING

    (tmp_path / "quick.json").write_bytes(to_json(OUTCOME))
    (tmp_path / "bars.md").write_text("## Other bars\n")
    assert recorded(tmp_path) == page(OUTCOME, OUTCOME, "## Other bars\n")


def test_the_page_in_the_checkout_is_generated_from_the_recorded_runs() -> None:
    assert PAGE.read_text(encoding="utf-8") == recorded(), "run python -m loadtest.results_page"


def test_what_was_promised_and_lone_requests_stand_on_the_page() -> None:
    told = msgspec.structs.replace(OUTCOME, alone=(SATURATED,), bars=("one: 1x: met",))
    text = page(told, OUTCOME, "")

    assert "\n- one: 1x: met\n" in text
    assert "| 1 KiB | one at a time | grpc_aio |" in text


def test_the_fleet_is_reckoned_on_the_fast_transport_where_it_was_measured() -> None:
    fast = [
        msgspec.structs.replace(run, arm="h2", sidecar_cpu_us=200.0) for run in (PRODUCT, SATURATED)
    ]
    text = page(msgspec.structs.replace(OUTCOME, runs=[PRODUCT, SATURATED, *fast]), OUTCOME, "")

    assert "| 1 KiB | 1.5 M x 200 us = 300 cores |" in text
