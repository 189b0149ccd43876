from __future__ import annotations

import json
from pathlib import Path

import pytest

from loadtest.bench import FULL, QUICK, RATES, SIZES, main
from loadtest.rounds import Scenario
from tests.loadtest.scripted_service import scripted_service


def test_the_full_bench_has_every_size_at_every_rate_and_saturated_in_seven_rounds() -> None:
    wanted = {Scenario(size, rate) for size in SIZES for rate in (*RATES, None)}

    assert set(FULL.scenarios) == wanted
    assert FULL.at_rate.rounds >= 7
    assert 3 <= FULL.at_rate.round_s <= 5


def test_the_quick_bench_is_planned_for_well_under_two_minutes() -> None:
    arms, direct_arms = 3, 5
    seconds = sum(
        plan.rounds * plan.round_s * plan.tries
        for plan in (
            QUICK.saturated if scenario.rate is None else QUICK.at_rate
            for scenario in QUICK.scenarios
        )
    )
    direct_s = len(SIZES) * direct_arms * QUICK.direct_runs * QUICK.direct_s

    assert seconds * arms + direct_s < 70


def test_a_target_that_is_no_plain_http_url_is_refused_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--target", "https://shop.example/"]) == 1

    assert "bench: the target must be http://" in capsys.readouterr().err


@pytest.mark.full
def test_a_target_is_loaded_at_every_rate_and_reported_as_the_client_sees_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "figures.json"
    with scripted_service(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello") as address:
        url = f"http://{address.removeprefix('tcp:')}/any?thing"
        assert main(["--quick", "--target", url, "--json", str(file)]) == 0

    runs = json.loads(file.read_bytes())["runs"]
    assert [(run["arm"], run["body_bytes"], run["rate"]) for run in runs] == [
        ("target", 5, 375),
        ("target", 5, 1000),
        ("target", 5, None),
    ]
    assert runs[2]["per_s"] > 0
    assert {run["added_p50_us"] for run in runs} == {None}
    assert "5 bytes, 375 requests/s" in capsys.readouterr().out


@pytest.mark.full
def test_a_target_that_answers_with_an_error_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with scripted_service(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n") as address:
        assert main(["--target", f"http://{address.removeprefix('tcp:')}/"]) == 1

    assert "does not answer with a 2xx" in capsys.readouterr().err


@pytest.mark.full
def test_a_target_that_is_not_there_is_refused_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with scripted_service(b"") as address:
        gone = address
    assert main(["--target", f"http://{gone.removeprefix('tcp:')}/"]) == 1

    assert capsys.readouterr().err.startswith("bench: ")
