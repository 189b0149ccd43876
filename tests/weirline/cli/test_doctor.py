"""What `weirline doctor` finds in Envoy configurations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from weirline.cli.doctor import PER_ROUTE_TYPE, Expectation, Node, examine, of_version
from weirline.cli.envoy_config import template
from weirline.cli.main import main

EXPECTED = Expectation(envoy_buffer_bytes=1 << 20, fail_open=False)
POLICY = """
apiVersion: weirline/v1
kind: Policy
metadata: {name: shop}
mode: shadow
rules:
  - {id: watch, find: {category: payment}, do: [observe]}
"""


def codes(document: Node, expected: Expectation = EXPECTED) -> list[str]:
    return [advice.code for advice in examine(document, expected)]


def filter_of(**fields: Node) -> Node:
    good: dict[str, Node] = {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor",
        "allow_mode_override": True,
        "message_timeout": "1s",
        "metadata_options": {"receiving_namespaces": {"untyped": ["weirline"]}},
        "processing_mode": {"response_header_mode": "SEND", "response_body_mode": "BUFFERED"},
    }
    return {"filters": [{"typed_config": {**good, **fields}}]}


@pytest.mark.parametrize(
    "wiring", ["enforce", "response-only", "enforce-mtls", "streaming", "callout"]
)
def test_shipped_wirings_are_sound(wiring: str) -> None:
    assert codes(YAML(typ="safe").load(template(wiring))) == []


def test_file_without_the_filter_is_the_first_thing_to_find() -> None:
    assert codes({"filters": []}) == ["D01"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"disable_immediate_response": True}, "D02"),
        ({"allow_mode_override": False}, "D03"),
        ({"processing_mode": {"request_body_mode": "GRPC"}}, "D04"),
        ({"processing_mode": {"response_header_mode": "SKIP"}}, "D05"),
        ({"failure_mode_allow": True}, "D06"),
        ({"observability_mode": True}, "D08"),
        ({"forward_rules": {"disallowed_headers": {}}}, "D09"),
        (
            {"processing_mode": {"request_header_mode": "SKIP", "request_body_mode": "STREAMED"}},
            "D11",
        ),
        ({"message_timeout": "0.001s"}, "D12"),
        ({"http_service": {}}, "D21"),
        ({"allowed_override_modes": [{"response_body_mode": "BUFFERED"}]}, "D22"),
        ({"message_timeout": "soon"}, "D12"),
        (
            {
                "processing_mode": {
                    "response_header_mode": "SEND",
                    "response_body_mode": "FULL_DUPLEX_STREAMED",
                }
            },
            "D16",
        ),
        ({"metadata_options": {"receiving_namespaces": {"untyped": ["other"]}}}, "D17"),
        ({"metadata_options": {}}, "D17"),
    ],
)
def test_what_lets_traffic_pass_is_named(fields: dict[str, Node], code: str) -> None:
    assert codes(filter_of(**fields)) == [code]


def test_second_filter_is_named() -> None:
    assert codes([filter_of(), filter_of()]) == ["D13"]


def test_retries_are_named_only_where_bodies_are_streamed() -> None:
    route: Node = {"route": {"cluster": "service", "retry_policy": {"retry_on": "5xx"}}}
    assert codes([filter_of(), route]) == []
    streamed = {"response_header_mode": "SEND", "response_body_mode": "STREAMED"}
    assert codes([filter_of(processing_mode=streamed), route]) == ["D14"]


def test_upgrades_behind_buffered_requests_are_named() -> None:
    upgrades: Node = {"upgrade_configs": [{"upgrade_type": "websocket"}]}
    assert codes([filter_of(), upgrades]) == []
    buffered = {"response_header_mode": "SEND", "request_body_mode": "BUFFERED"}
    assert codes([filter_of(processing_mode=buffered), upgrades]) == ["D15"]


def test_route_that_turns_the_filter_off_is_named() -> None:
    route: Node = {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute",
        "disabled": True,
    }
    assert codes([filter_of(), route]) == ["D10"]


def test_timeout_left_at_envoys_own_is_named() -> None:
    assert codes(filter_of(message_timeout=None)) == []
    good = filter_of()
    assert isinstance(good, dict)
    del good["filters"][0]["typed_config"]["message_timeout"]
    assert codes(good) == ["D12"]


def test_smaller_buffer_than_the_sidecar_thinks_is_named() -> None:
    assert codes([filter_of(), {"per_connection_buffer_limit_bytes": 32768}]) == ["D07"]


def test_fail_mode_is_compared_only_with_a_policy() -> None:
    unknown = Expectation(envoy_buffer_bytes=1 << 20, fail_open=None)
    assert codes(filter_of(failure_mode_allow=True), unknown) == []


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    def write(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_verb_compares_with_the_policy(
    write: Callable[[str, str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    envoy = write("envoy.yaml", template("enforce"))
    assert main(["doctor", envoy]) == 0
    assert main(["doctor", envoy, "--policy", write("policy.yaml", POLICY)]) == 1
    assert "D06" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["{", "\x00"])
def test_file_that_cannot_be_read_is_an_error(
    text: str, write: Callable[[str, str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", write("envoy.yaml", text)]) == 2
    assert "D00" in capsys.readouterr().err
    assert main(["doctor", "/nowhere/envoy.yaml"]) == 2


@pytest.mark.parametrize(
    ("overrides", "found"),
    [
        ({"failure_mode_allow": True}, ["D19"]),
        ({"failure_mode_allow": False}, []),
        ({"processing_mode": {"response_body_mode": "NONE"}}, ["D20"]),
        ({"grpc_initial_metadata": []}, []),
    ],
)
def test_route_that_changes_the_filter_is_found(overrides: Node, found: list[str]) -> None:
    route: Node = {"@type": PER_ROUTE_TYPE, "overrides": overrides}
    assert codes([filter_of(), {"routes": [route]}]) == found


def test_version_with_a_fault_is_found() -> None:
    assert [advice.code for advice in of_version((1, 33, 0))] == ["D18"]
    assert list(of_version((1, 40, 0))) == []
