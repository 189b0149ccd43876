from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from loadtest.arm import NULL, OFF, Arm
from loadtest.generator import LoadResult, Spread
from loadtest.rounds import Figures, Plan, Sample, Scenario, interleave

SCENARIO = Scenario(1024, 375)
PRODUCT = Arm("product", NULL.server)


def sample(p50: float, *, per_s: float = 375.0, failed: int = 0) -> Sample:
    spread = Spread(p50, p50 * 2, p50 * 3, p50 * 4, p50 * 5, p50, 1000)
    load = LoadResult(
        planned=1000,
        completed=1000,
        ok=1000 - failed,
        bad_status=failed,
        wrong_size=0,
        cut=0,
        unfinished=0,
        body_bytes=0,
        seconds=1.0,
        per_s=per_s,
        latency_us=spread,
        lateness_us=spread,
    )
    return Sample(load, server_cpu_us=p50 / 10, envoy_cpu_us=p50 / 5, rss_bytes=int(p50))


def play(
    arms: Sequence[Arm],
    rounds: int,
    script: dict[str, list[Sample]],
    *,
    voided: Callable[[Sample], str | None] = lambda _: None,
) -> tuple[dict[str, Figures], list[str]]:
    order: list[str] = []

    def measure(arm: Arm) -> Sample:
        order.append(arm.name)
        return script[arm.name].pop(0)

    plan = Plan(rounds, round_s=1.0, tries=2)
    figures = interleave(arms, SCENARIO, measure=measure, voided=voided, plan=plan)
    return {each.arm: each for each in figures}, order


def test_every_round_measures_every_arm_in_a_rotated_order() -> None:
    arms = (OFF, NULL, PRODUCT)
    _, order = play(arms, 3, {arm.name: [sample(1)] * 3 for arm in arms})

    assert order == [
        *("off", "null", "product"),
        *("null", "product", "off"),
        *("product", "off", "null"),
    ]


def test_added_is_the_median_of_differences_within_a_round_not_the_difference_of_medians() -> None:
    figures, _ = play(
        (OFF, NULL),
        3,
        {
            "off": [sample(100), sample(500), sample(200)],
            "null": [sample(110), sample(520), sample(900)],
        },
    )

    assert figures["off"].latency is not None
    assert figures["off"].latency["p50"] == 200
    assert figures["null"].latency is not None
    assert figures["null"].latency["p50"] == 520
    assert figures["null"].added == {"p50": 20, "p90": 40, "p99": 60, "p999": 80}
    assert figures["null"].envoy_added_cpu_us == pytest.approx(4)


def test_a_void_round_is_tried_once_more_and_counted() -> None:
    figures, order = play(
        (OFF,),
        2,
        {"off": [sample(1), sample(100), sample(300)]},
        voided=lambda each: "generator late" if each.load.latency_us.p50 < 10 else None,
    )

    assert order == ["off"] * 3
    assert figures["off"].rounds == 2
    assert figures["off"].voids == {"generator late": 1}
    assert figures["off"].latency is not None
    assert figures["off"].latency["p50"] == 200


def test_a_round_void_twice_takes_no_part_in_the_differences() -> None:
    figures, _ = play(
        (OFF, NULL),
        2,
        {
            "off": [sample(1), sample(1), sample(100)],
            "null": [sample(50), sample(130)],
        },
        voided=lambda each: "generator late" if each.load.latency_us.p50 < 10 else None,
    )

    assert figures["off"].rounds == 1
    assert figures["null"].rounds == 2
    assert figures["null"].added is not None
    assert figures["null"].added["p50"] == 30


def test_an_arm_without_a_valid_round_has_no_latency_but_what_it_served() -> None:
    figures, order = play(
        (OFF, NULL),
        2,
        {
            "off": [sample(100), sample(100)],
            "null": [sample(9000, per_s=rate) for rate in (210, 200, 190, 200)],
        },
        voided=lambda each: "rate not reached" if each.load.per_s < 371 else None,
    )

    assert len(order) == 6
    null = figures["null"]
    assert (null.rounds, null.latency, null.added, null.server_cpu_us) == (0, None, None, None)
    assert null.per_s == 200
    assert null.voids == {"rate not reached": 4}


def test_failed_requests_of_all_rounds_are_summed() -> None:
    figures, _ = play((OFF,), 2, {"off": [sample(1, failed=2), sample(1, failed=3)]})

    assert figures["off"].failed == 5


def test_memory_is_the_highest_seen() -> None:
    figures, _ = play((OFF,), 3, {"off": [sample(5), sample(9), sample(7)]})

    assert figures["off"].rss_bytes == 9
