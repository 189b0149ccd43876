"""A real Envoy between a raw client and a scripted upstream, with a real sidecar beside it.

The upstream's script is changed between exchanges, so one Envoy serves many tests. Values are made
at run time from a seed that pytest shows when a test fails.
"""

from __future__ import annotations

import io
import json
import random
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from tests.system.envoy_process import EnvoyProcess, running_envoy
from tests.system.sidecar_process import SidecarProcess, running_sidecar
from tests.system.wire import Answer, Request, Script, Upstream, always, ask, upstream, whole
from weirline.cli.envoy_config import Pipe, Places, Tcp, http_filter, render, template
from weirline.specimen import SPECIMENS

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap

SEED = 20260101
ACCESS_LOG = "access.log"

_HEAD = """
apiVersion: weirline/v1
kind: Policy
metadata: {{name: lab}}
mode: {mode}
{defaults}
rules:
  - id: everything
    when: {{path: "/**"}}
    find: {{category: [payment, identity, contact, secrets]}}
    do: [{action}]
"""


def policy_text(
    action: str, *, name: str = "lab", mode: str = "enforce", defaults: str = ""
) -> str:
    """A policy with one rule for every kind in every message."""
    return _HEAD.format(mode=mode, defaults=defaults, action=action)


REDACT = policy_text("{redact: {mask: {}}}")
BLOCK = policy_text("{block: {status: 403}}")


def value(kind: str, *, seed: int = SEED) -> bytes:
    """One valid value of a kind."""
    return bytes(SPECIMENS[kind].valid(random.Random(seed)))


def until(condition: Callable[[], bool], *, seconds: float = 20.0) -> None:
    """Return when the condition holds; fail where it does not in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition never held"
        time.sleep(0.005)


@dataclass(slots=True)
class Lab:
    """Everything one test talks to. `script` answers the next requests at the upstream."""

    envoy: EnvoyProcess
    sidecar: SidecarProcess
    service: Upstream
    port: int
    access_log: Path
    _scripts: list[Script] = field(repr=False)

    def logged(self, number: int) -> list[dict[str, object]]:
        """The lines of Envoy's access log, parsed, once there are so many."""

        def lines() -> list[str]:
            found = self.access_log.read_text(encoding="utf-8") if self.access_log.exists() else ""
            return found.splitlines() if found.endswith("\n") else []

        until(lambda: len(lines()) >= number)
        return [json.loads(line) for line in lines()]

    def play(self, script: Script) -> None:
        """Let the upstream answer by this script from now on, and forget what it saw."""
        self._scripts[0] = script
        self.service.seen.clear()

    def ask(self, request: bytes, script: Script | None = None, *, head: bool = False) -> Answer:
        """One exchange through Envoy; without a script the upstream keeps the last one."""
        if script is not None:
            self.play(script)
        return ask(self.port, request, head_only=head)

    def sent(self) -> int:
        """How many messages Envoy has sent to the sidecar."""
        return self.envoy.counter("stream_msgs_sent")

    def samples(self, name: str) -> list[tuple[dict[str, str], float]]:
        """All series of one of the sidecar's metrics, by its name as /metrics shows it."""
        page = self.sidecar.admin("/metrics")
        assert page.status == 200
        return [
            (dict(sample.labels), sample.value)
            for family in text_string_to_metric_families(page.text)
            for sample in family.samples
            if sample.name == name
        ]

    def metric(self, name: str, **labels: str) -> float:
        """The sum of a metric's series that carry these labels; 0 if there is none."""
        return sum(
            number for found, number in self.samples(name) if labels.items() <= found.items()
        )

    def metric_by(self, name: str, label: str) -> dict[str, float]:
        """The values of a metric summed by one of its labels."""
        summed: dict[str, float] = {}
        for found, number in self.samples(name):
            summed[found[label]] = summed.get(found[label], 0) + number
        return summed

    def settle(self) -> None:
        """Return when no stream is open at the sidecar, so that every flow has been counted."""
        until(lambda: self.metric("weirline_streams_active") == 0)

    def assert_sound(self) -> None:
        """No answer out of turn, no stream lost, none late."""
        counted = self.envoy.counters(r"ext_proc\.weirline\.")
        prefix = "http.ingress.ext_proc.weirline."
        assert counted.get(prefix + "spurious_msgs_received", 0) == 0
        assert counted.get(prefix + "streams_failed", 0) == 0
        assert counted.get(prefix + "message_timeouts", 0) == 0

    def steps(self) -> int:
        """How many more answers than messages there were: in FULL_DUPLEX trailers may bring two."""
        return self.envoy.counter("stream_msgs_received") - self.envoy.counter("stream_msgs_sent")

    def assert_in_step(self, since: int = 0) -> None:
        """The same, and one answer for every message, `since` what `steps` said before."""
        self.assert_sound()
        assert self.steps() == since


@contextmanager
def running_lab(
    folder: Path,
    policy: str,
    *,
    wiring: str = "enforce",
    edit: Callable[[CommentedMap], None] | None = None,
    fail_open: bool = False,
    flags: Sequence[str] = (),
    access_log: Mapping[str, str] | None = None,
) -> Iterator[Lab]:
    """Run sidecar, upstream and Envoy; `edit` changes the filter's configuration first.

    `access_log` are Envoy's format strings by field: a line of JSON each exchange, `Lab.logged`.
    """
    scripts: list[Script] = [always(whole(b"{}"))]

    def dispatch(connection: socket.socket, request: Request) -> None:
        scripts[0](connection, request)

    with ExitStack() as stack:
        sidecar = stack.enter_context(running_sidecar(folder, policy, flags))
        service = stack.enter_context(upstream(dispatch))
        places = Places(
            listen=Tcp("127.0.0.1", 0),
            upstream=Tcp("127.0.0.1", service.port),
            extproc=Pipe(str(sidecar.socket)),
            admin=Tcp("127.0.0.1", 0),
        )
        text = render(template(wiring), places, failure_mode_allow=fail_open)
        if edit is not None:
            text = edited(text, edit)
        if access_log is not None:
            text = with_access_log(text, access_log, folder / ACCESS_LOG)
        envoy = stack.enter_context(running_envoy(text, folder))
        yield Lab(envoy, sidecar, service, envoy.port(), folder / ACCESS_LOG, scripts)


def with_access_log(bootstrap: str, fields: Mapping[str, str], file: Path) -> str:
    """The bootstrap with an access log that writes a line of JSON for each exchange."""
    yaml = YAML(typ="rt")
    root = yaml.load(bootstrap)
    log = {
        "name": "envoy.access_loggers.file",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
            "path": str(file),
            "log_format": {"json_format": dict(fields)},
        },
    }
    for listener in root["static_resources"]["listeners"]:
        for chain in listener["filter_chains"]:
            chain["filters"][0]["typed_config"]["access_log"] = [log]
    out = io.StringIO()
    yaml.dump(root, out)
    return out.getvalue()


def edited(bootstrap: str, edit: Callable[[CommentedMap], None]) -> str:
    """The bootstrap with its ext_proc filter's configuration changed."""
    yaml = YAML(typ="rt")
    root = yaml.load(bootstrap)
    edit(http_filter(root)["typed_config"])
    out = io.StringIO()
    yaml.dump(root, out)
    return out.getvalue()
