from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from ruamel.yaml import YAML

from extproc.envoy_api.messages import ProcessingMode, ProcessingRequest
from tests.system.recorded.recording import WIRINGS, recording

pytestmark = pytest.mark.slow


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """One exchange: the messages Envoy sends in each wiring, and why they are worth a row."""

    exchange: str
    enforce: list[str]
    response_only: list[str]
    why: str

    def expected(self, wiring: str) -> list[str]:
        return self.enforce if wiring == "enforce" else self.response_only


CASES = Path(__file__).parents[2] / "cases" / "recorded_traffic.yaml"
ROWS = msgspec.convert(YAML(typ="safe").load(CASES.read_text(encoding="utf-8")), list[Row])


def name_of(raw: bytes) -> str:
    """The kind of a message, with `!` where it ends its direction."""
    message = ProcessingRequest.FromString(raw)
    kind = message.WhichOneof("request")
    assert kind is not None
    ends = kind.endswith("_trailers") or getattr(message, kind).end_of_stream
    return f"{kind}!" if ends else kind


def bodies_as_one(names: list[str]) -> list[str]:
    """Each run of chunks as its last: how a body falls into chunks is Envoy's business."""
    pairs = zip(names, [*names[1:], ""], strict=True)
    return [name for name, after in pairs if after.strip("!") != name]


@pytest.mark.parametrize("wiring", WIRINGS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.exchange))
def test_envoy_sends_the_messages_of_the_table(row: Row, wiring: str) -> None:
    names = [name_of(raw) for raw in recording(wiring)[row.exchange]]
    assert bodies_as_one(names) == row.expected(wiring)


@pytest.mark.parametrize("wiring", WIRINGS)
def test_each_recorded_exchange_is_in_the_table(wiring: str) -> None:
    assert set(recording(wiring)) == {row.exchange for row in ROWS}


def test_get_takes_three_messages_in_enforce_and_two_in_response_only() -> None:
    assert len(recording("enforce")["plain_get"]) == 3
    assert len(recording("response-only")["plain_get"]) == 2


def test_exchange_without_a_response_body_takes_one_message_fewer() -> None:
    for exchange in ("head", "no_content", "not_modified", "empty_body"):
        assert len(recording("enforce")[exchange]) == 2
        assert len(recording("response-only")[exchange]) == 1


@pytest.mark.parametrize(
    ("wiring", "configured"),
    [("enforce", ProcessingMode.BUFFERED), ("response-only", ProcessingMode.NONE)],
)
def test_first_message_alone_says_how_envoy_is_set_up(wiring: str, configured: int) -> None:
    for stream in recording(wiring).values():
        first, *others = map(ProcessingRequest.FromString, stream)
        assert first.protocol_config.request_body_mode == ProcessingMode.NONE
        assert first.protocol_config.response_body_mode == configured
        assert not any(message.HasField("protocol_config") for message in others)


@pytest.mark.parametrize("wiring", WIRINGS)
def test_facts_of_the_request_come_as_attributes_with_the_first_message(wiring: str) -> None:
    first = ProcessingRequest.FromString(recording(wiring)["plain_get"][0])
    facts = first.attributes["envoy.filters.http.ext_proc"]
    assert facts["request.path"] == "/v1/customers/4711?expand=orders"
    assert facts["request.method"] == "GET"
    assert facts["request.host"] == "api.test"
    assert facts["xds.cluster_name"] == "service"
    assert str(facts["source.address"]).startswith("127.0.0.1:")


@pytest.mark.parametrize("wiring", WIRINGS)
def test_messages_of_envoy_hold_no_field_we_do_not_know(wiring: str) -> None:
    for stream in recording(wiring).values():
        for raw in stream:
            message = ProcessingRequest.FromString(raw)
            size = message.ByteSize()
            message.DiscardUnknownFields()
            assert message.ByteSize() == size
