from __future__ import annotations

import pytest

from extproc.envoy_api import messages
from loadtest.micro import messages_bench
from loadtest.micro.messages_bench import body_message, measure


def test_message_carries_the_body_and_nine_attributes() -> None:
    message = messages.ProcessingRequest.FromString(body_message(1000))
    assert len(message.response_body.body) == 1000
    assert len(message.attributes["envoy.filters.http.ext_proc"].fields) == 9


# The oracle's library warns of itself when it is imported.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.slow
def test_parsing_costs_the_oracle_more_than_fifty_times_ours_at_1_kib(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(messages_bench, "ROUNDS", 3)
    monkeypatch.setattr(messages_bench, "ROUND_SECONDS", 0.02)
    costs = {cost.case: cost for cost in measure()}
    for cost in costs.values():
        print(f"{cost.case}: {cost.upb_us:.2f} us, oracle {cost.betterproto_us:.0f} us")
    assert costs["parse 1 KiB body"].ratio > 50
    assert costs["parse 200 KiB body"].ratio > 10
    assert costs["build and write answer"].ratio > 10
