from __future__ import annotations

import json
from pathlib import Path

from loadtest.arm import NULL, OFF, RunningServer
from loadtest.stage import envoy_bootstrap, envoy_path
from tests.loadtest.idle_child import idle_child


def test_every_arm_gets_a_listener_and_all_but_off_the_filter_with_a_cluster_of_its_own(
    tmp_path: Path,
) -> None:
    with idle_child(tmp_path) as child:
        server = RunningServer(NULL, child, tmp_path / "null.sock")
        root = json.loads(envoy_bootstrap([OFF, NULL], {"null": server}, tmp_path / "service"))

    resources = root["static_resources"]
    listeners = {listener["name"]: json.dumps(listener) for listener in resources["listeners"]}
    assert listeners.keys() == {"off", "null"}
    assert "ext_proc" not in listeners["off"]
    assert '"cluster_name": "null"' in listeners["null"]
    assert '"allow_mode_override": true' in listeners["null"]
    clusters = {cluster["name"]: json.dumps(cluster) for cluster in resources["clusters"]}
    assert clusters.keys() == {"service", "null"}
    assert str(tmp_path / "null.sock") in clusters["null"]
    assert str(tmp_path / "service") in clusters["service"]


def test_no_port_is_fixed(tmp_path: Path) -> None:
    root = envoy_bootstrap([OFF], {}, tmp_path / "service")

    assert '"port_value": 0' in root
    assert root.count('"port_value"') == root.count('"port_value": 0')


def test_envoy_is_the_one_of_the_wheel() -> None:
    assert envoy_path().is_file()
