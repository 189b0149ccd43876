"""What a message costs: protobuf's upb classes against betterproto2's, which serve as test oracle.

Run `python -m loadtest.micro.messages_bench`. Each figure is the best of seven rounds, in CPU
microseconds of one call; rounds of the two are interleaved. Source of the message: the response
body that Envoy sends in the wiring `enforce`, with nine attributes, and the plain answer to it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from extproc.envoy_api import messages

ROUNDS = 7
ROUND_SECONDS = 0.05
BODY_BYTES = (1 << 10, 200 << 10)
_ATTRIBUTES = {
    "request.path": "/v1/customers/4711?expand=orders",
    "request.method": "GET",
    "request.scheme": "http",
    "request.host": "api.shop.example",
    "request.id": "0f2c7e7e-6d7f-4f7e-9c37-0d2f2f2b8f11",
    "source.address": "10.12.0.17:43210",
    "connection.uri_san_peer_certificate": "spiffe://prod/ns/shop/sa/web",
    "xds.route_name": "all",
    "xds.cluster_name": "service",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU microseconds of one call in each of the two."""

    case: str
    upb_us: float
    betterproto_us: float

    @property
    def ratio(self) -> float:
        """How many times more the oracle costs."""
        return self.betterproto_us / self.upb_us


def main() -> None:
    """Measure and print a table."""
    print(f"{'case':24}{'upb us':>10}{'betterproto2 us':>18}{'ratio':>8}")
    for cost in measure():
        print(f"{cost.case:24}{cost.upb_us:10.2f}{cost.betterproto_us:18.1f}{cost.ratio:8.0f}")


def measure() -> list[Cost]:
    """Measure parsing at each body size, and building with serialising the plain answer."""
    # Here, so that a reader of the messages alone need not wait a second for the oracle's import.
    from envoy_data_plane.envoy.service.ext_proc import v3 as oracle

    def oracle_answer() -> bytes:
        common = oracle.CommonResponse()
        return bytes(oracle.ProcessingResponse(response_body=oracle.BodyResponse(response=common)))

    costs = []
    for size in BODY_BYTES:
        raw = body_message(size)
        costs.append(
            _compare(
                f"parse {size >> 10} KiB body",
                partial(messages.ProcessingRequest.FromString, raw),
                partial(oracle.ProcessingRequest.parse, raw),
            )
        )
    costs.append(_compare("build and write answer", _answer, oracle_answer))
    return costs


def body_message(size_bytes: int) -> bytes:
    """A serialised response-body message with a body of that size and nine attributes."""
    message = messages.ProcessingRequest()
    message.response_body.body = b"x" * size_bytes
    message.response_body.end_of_stream = True
    for name, value in _ATTRIBUTES.items():
        message.attributes["envoy.filters.http.ext_proc"][name] = value
    return message.SerializeToString()


def _answer() -> bytes:
    response = messages.ProcessingResponse()
    response.response_body.response.SetInParent()
    return response.SerializeToString()


def _compare(case: str, ours: Callable[[], object], theirs: Callable[[], object]) -> Cost:
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for place, call in enumerate((ours, theirs)):
            best[place] = min(best[place], _round_us(call))
    return Cost(case, *best)


def _round_us(call: Callable[[], object]) -> float:
    calls = 0
    start = time.process_time()
    while (spent := time.process_time() - start) < ROUND_SECONDS:
        for _ in range(10):
            call()
        calls += 10
    return spent / calls * 1e6


if __name__ == "__main__":
    main()
