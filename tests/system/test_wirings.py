"""What each shipped Envoy file lets the sidecar do, through a real Envoy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.conformance.place import CARD, stream
from tests.system.lab import REDACT, Lab, running_lab, until
from tests.system.wire import always, get, post, whole

pytestmark = pytest.mark.slow

BODY = b'{"card": "%b", "words": "%b"}' % (CARD, b"river " * 1000)


@pytest.fixture(scope="module")
def streaming(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("streaming"), REDACT, wiring="streaming") as lab:
        yield lab
        lab.assert_sound()


def is_masked(body: bytes) -> bool:
    return CARD not in body and len(body) == len(BODY) and body.endswith(BODY[-100:])


def test_streaming_masks_bodies_of_both_directions(streaming: Lab) -> None:
    answer = streaming.ask(post("/a", BODY), always(whole(BODY)))
    assert answer.status == 200
    assert is_masked(answer.body)
    (seen,) = streaming.service.seen
    assert is_masked(seen.body)


def test_streaming_masks_a_value_over_chunks_and_in_trailers(streaming: Lab) -> None:
    answer = streaming.ask(
        get("/a"), stream(BODY[:20], BODY[20:], trailers=b"x-sum: %b\r\n" % CARD)
    )
    assert answer.complete
    assert is_masked(answer.body)
    assert CARD not in answer.trailers
    assert answer.trailers.startswith(b"x-sum: ")


def test_streaming_passes_what_has_no_body(streaming: Lab) -> None:
    for status in ("204 No Content", "304 Not Modified"):
        answer = streaming.ask(get("/a"), always(f"HTTP/1.1 {status}\r\n\r\n".encode()))
        assert answer.status == int(status[:3])
    head = b"HEAD /a HTTP/1.1\r\nhost: api.test\r\nconnection: close\r\n\r\n"
    answer = streaming.ask(head, always(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"), head=True)
    assert answer.status == 200


def test_streaming_masks_what_a_model_says_in_pieces(streaming: Lab) -> None:
    pieces = [CARD[at : at + 3].decode() for at in range(0, len(CARD), 3)]
    events = [b"data: %b\n\n" % json.dumps({"delta": each}).encode() for each in pieces]
    answer = streaming.ask(get("/a"), stream(*events, content_type="text/event-stream"))
    said = "".join(json.loads(line[6:])["delta"] for line in answer.body.splitlines() if line)
    assert len(said) == len(CARD)
    assert not any(each.isdigit() for each in said)


def test_observe_only_changes_nothing_and_counts(tmp_path: Path) -> None:
    with running_lab(tmp_path, REDACT, wiring="observe-only") as lab:
        answer = lab.ask(post("/a", BODY), always(whole(BODY)))
        assert answer.body == BODY
        assert lab.service.seen[0].body == BODY
        until(
            lambda: (
                lab.metric("weirline_findings_total", detector="payment_card", place="body") == 2
            )
        )
        lab.settle()
        assert lab.metric("weirline_flows_total", outcome="redacted") == 0
