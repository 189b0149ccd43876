"""The bootstraps of envoy/, as a real Envoy takes them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import grpc
import msgspec
import pytest
from ruamel.yaml import YAML

from extproc.settings import Settings
from tests.fakes.certificates import Authority, Identity
from tests.system import wire
from tests.system.envoy_process import EnvoyFailed, check_bootstrap, envoy_path, running_envoy
from tests.system.recorded.recorder import let_pass, running_recorder
from tests.system.recorded.recording import FREE, patient, places
from tests.system.recorded.traffic import JSON, script
from weirline.cli.envoy_config import Places, Tcp, Tls, http_filter, remove_filter, render, template

NAMES = (
    "callout",
    "enforce",
    "enforce-mtls",
    "observe-only",
    "response-only",
    "streaming",
)
SERVER = "sidecar.mesh"


def parsed(name: str) -> Any:  # noqa: ANN401 - a YAML tree
    return YAML(typ="safe").load(template(name))


def cluster(root: Any, name: str) -> Any:  # noqa: ANN401 - a YAML tree
    (found,) = (each for each in root["static_resources"]["clusters"] if each["name"] == name)
    return found


def tls(folder: Path, client: Identity, authority: Authority) -> Tls:
    return Tls(
        certificate=str(client.certificate),
        key=str(client.key),
        ca=str(authority.certificate),
        server_name=SERVER,
    )


def server_credentials(server: Identity, clients: Authority) -> grpc.ServerCredentials:
    return grpc.ssl_server_credentials(
        [(server.key.read_bytes(), server.certificate.read_bytes())],
        root_certificates=clients.certificate.read_bytes(),
        require_client_auth=True,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", ["enforce", "observe-only", "response-only", "streaming"])
def test_bootstrap_loads_as_it_is(name: str, tmp_path: Path) -> None:
    check_bootstrap(template(name), tmp_path)


@pytest.mark.slow
def test_bootstrap_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    text = template("enforce").replace("allow_mode_override:", "allow_mode_overrides:")
    with pytest.raises(EnvoyFailed, match="allow_mode_overrides"):
        check_bootstrap(text, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "messages"), [("enforce", 3), ("response-only", 2)])
def test_bootstrap_runs_and_sends_its_messages(name: str, messages: int, tmp_path: Path) -> None:
    with (
        running_recorder(socket=tmp_path / "extproc.sock") as recorder,
        wire.upstream(script) as service,
    ):
        bootstrap = render(template(name), places(service.port, tmp_path), failure_mode_allow=False)
        with running_envoy(patient(bootstrap), tmp_path) as envoy:
            assert wire.ask(envoy.port(), wire.get("/")).body == JSON
            (stream,) = recorder.take()
            assert len(stream) == messages
            assert envoy.counter("stream_msgs_sent") == messages
            assert envoy.counter("spurious_msgs_received") == 0


@pytest.mark.slow
@pytest.mark.parametrize(("allow", "status"), [(False, 500), (True, 200)])
def test_nothing_passes_without_the_sidecar_unless_the_policy_allows_it(
    allow: bool, status: int, tmp_path: Path
) -> None:
    with wire.upstream(script) as service:
        bootstrap = render(
            template("enforce"), places(service.port, tmp_path), failure_mode_allow=allow
        )
        with running_envoy(bootstrap, tmp_path) as envoy:
            answer = wire.ask(envoy.port(), wire.get("/"))
            assert answer.status == status
            assert len(service.seen) == (1 if allow else 0)
            assert (JSON in answer.raw) is allow
            assert envoy.counter("failure_mode_allowed") == (1 if allow else 0)


@pytest.mark.slow
def test_half_of_the_sidecars_dead_costs_no_request(tmp_path: Path) -> None:
    with (
        running_recorder(socket=tmp_path / "extproc.sock"),
        wire.upstream(script) as service,
    ):
        text = render(template("enforce"), places(service.port, tmp_path), failure_mode_allow=False)
        root = YAML(typ="safe").load(text)
        (lines,) = cluster(root, "weirline")["load_assignment"]["endpoints"]
        dead = {"endpoint": {"address": {"pipe": {"path": str(tmp_path / "nobody.sock")}}}}
        lines["lb_endpoints"].append(dead)
        root_text = msgspec.json.encode(root).decode()
        with running_envoy(root_text.replace('"1s"', '"10s"'), tmp_path) as envoy:
            for _ in range(20):
                assert wire.ask(envoy.port(), wire.get("/")).status == 200
            tried = envoy.counters(r"^cluster\.weirline\.upstream_rq_retry_success$")
            assert sum(tried.values()) > 0


@pytest.mark.slow
@pytest.mark.parametrize(("wait_s", "status"), [(0.5, 204), (1.5, 504)])
def test_sidecar_has_one_second_for_an_answer(wait_s: float, status: int, tmp_path: Path) -> None:
    never = threading.Event()

    def late(raw: bytes) -> bytes:
        never.wait(wait_s)
        return let_pass(raw)

    with (
        running_recorder(socket=tmp_path / "extproc.sock", answering=lambda: late),
        wire.upstream(script) as service,
    ):
        text = render(template("enforce"), places(service.port, tmp_path), failure_mode_allow=False)
        with running_envoy(text, tmp_path) as envoy:
            assert wire.ask(envoy.port(), wire.get("/nothing")).status == status
            assert envoy.counter("message_timeouts") == (status == 504)


@pytest.mark.slow
def test_unprotected_listener_and_removed_filter_ask_no_one(tmp_path: Path) -> None:
    with wire.upstream(script) as service:
        where = Places(
            FREE, Tcp("127.0.0.1", service.port), Tcp("127.0.0.1", 1), FREE, unprotected=FREE
        )
        bootstrap = render(template("enforce"), where, failure_mode_allow=False)
        with running_envoy(bootstrap, tmp_path) as envoy:
            assert wire.ask(envoy.port("unprotected"), wire.get("/")).body == JSON
            assert envoy.counter("streams_started") == 0
        with running_envoy(remove_filter(bootstrap), tmp_path) as envoy:
            assert wire.ask(envoy.port(), wire.get("/")).body == JSON


@pytest.mark.slow
@pytest.mark.parametrize("peer", ["right", "client of another authority", "server of another"])
def test_mtls_bootstrap_talks_to_the_right_peer_only(peer: str, tmp_path: Path) -> None:
    ours, other = Authority(tmp_path, "ours"), Authority(tmp_path, "other")
    server = (other if peer == "server of another" else ours).sign(SERVER)
    client = (other if peer == "client of another authority" else ours).sign("envoy.mesh")
    credentials = server_credentials(server, ours)
    with (
        running_recorder(credentials=credentials) as recorder,
        wire.upstream(script) as service,
    ):
        host, _, port = recorder.address.rpartition(":")
        where = Places(
            FREE,
            Tcp("127.0.0.1", service.port),
            Tcp(host, int(port)),
            FREE,
            tls=tls(tmp_path, client, ours),
        )
        bootstrap = render(template("enforce-mtls"), where, failure_mode_allow=False)
        check_bootstrap(bootstrap, tmp_path)
        with running_envoy(patient(bootstrap), tmp_path) as envoy:
            answer = wire.ask(envoy.port(), wire.get("/"))
            if peer == "right":
                assert answer.body == JSON
                assert [len(stream) for stream in recorder.streams] == [3]
                return
            assert answer.status == 500
            assert recorder.streams == []
            assert service.seen == []
            # The wrong server is found out by Envoy; the wrong client by the server, later.
            ssl = envoy.counters(r"^cluster\.weirline\.ssl\.(handshake|fail_verify_error)$")
            is_client = peer == "client of another authority"
            assert (ssl["cluster.weirline.ssl.handshake"] > 0) is is_client
            assert (ssl["cluster.weirline.ssl.fail_verify_error"] > 0) is not is_client


@pytest.mark.slow
def test_server_name_is_checked_not_only_its_authority(tmp_path: Path) -> None:
    ours = Authority(tmp_path, "ours")
    credentials = server_credentials(ours.sign("someone.else"), ours)
    with running_recorder(credentials=credentials) as recorder, wire.upstream(script) as service:
        port = int(recorder.address.rpartition(":")[2])
        where = Places(
            FREE,
            Tcp("127.0.0.1", service.port),
            Tcp("127.0.0.1", port),
            FREE,
            tls=tls(tmp_path, ours.sign("envoy.mesh"), ours),
        )
        bootstrap = render(template("enforce-mtls"), where, failure_mode_allow=False)
        with running_envoy(bootstrap, tmp_path) as envoy:
            assert wire.ask(envoy.port(), wire.get("/")).status == 500
            assert recorder.streams == []
            assert sum(envoy.counters(r"^cluster\.weirline\.ssl\.fail_verify_san$").values()) > 0


def test_mtls_file_differs_from_enforce_only_in_how_weirline_is_reached() -> None:
    plain, secure = parsed("enforce"), parsed("enforce-mtls")
    for root in (plain, secure):
        reached = cluster(root, "weirline")
        for key in ("load_assignment", "transport_socket", "upstream_connection_options"):
            reached.pop(key, None)
    assert plain == secure


@pytest.mark.parametrize(
    ("base", "name"),
    [
        ("enforce", "response-only"),
        ("enforce", "streaming"),
        ("enforce", "observe-only"),
        ("enforce-mtls", "callout"),
    ],
)
def test_wirings_differ_only_in_what_is_sent(base: str, name: str) -> None:
    one, other = parsed(base), parsed(name)
    for root in (one, other):
        config = http_filter(root)["typed_config"]
        for key in (
            "processing_mode",
            "request_attributes",
            "response_attributes",
            "allow_mode_override",
            "observability_mode",
        ):
            config.pop(key, None)
    assert one == other


@pytest.mark.parametrize("name", NAMES)
def test_buffer_limits_equal_the_sidecars_setting(name: str) -> None:
    root = parsed(name)
    (listener,) = root["static_resources"]["listeners"]
    for owner in (listener, cluster(root, "service")):
        assert owner["per_connection_buffer_limit_bytes"] == Settings().envoy_buffer_bytes


@pytest.mark.parametrize("name", NAMES)
def test_lines_to_edit_are_marked(name: str) -> None:
    lines = template(name).splitlines()
    for number, line in enumerate(lines, 1):
        places_of_the_reader = ("address: {address:", "pipe: {path:", "filename:", "exact:", "sni:")
        if any(place in line for place in places_of_the_reader):
            assert "# EDIT" in line, number


@pytest.mark.slow
def test_several_envoys_run_at_once_and_leave_nothing(tmp_path: Path) -> None:
    before = set(Path("/dev/shm").iterdir())
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    bootstrap = render(template("enforce"), places(1, tmp_path), failure_mode_allow=False)
    with (
        running_envoy(bootstrap, folders[0]) as one,
        running_envoy(bootstrap, folders[1]) as two,
    ):
        assert one.port() != two.port()
        assert one.pid != two.pid
    assert not one.running
    assert not two.running
    assert set(Path("/dev/shm").iterdir()) <= before
    assert running_processes_of(str(tmp_path)) == []


@pytest.mark.slow
def test_envoy_that_cannot_start_is_told_with_its_log(tmp_path: Path) -> None:
    bootstrap = template("enforce").replace("static_resources:", "static_sources:")
    with pytest.raises(EnvoyFailed, match="static_sources"), running_envoy(bootstrap, tmp_path):
        pytest.fail("it started")


def running_processes_of(folder: str) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if str(envoy_path()) in command and folder in command:
                found.append(int(entry.name))
    return found
