"""A real Prometheus scrapes a real sidecar and its Envoy, and answers what the boards ask."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dashboards.generate import texts
from tests.fakes.fast_transport import ensure_built
from tests.system.lab import REDACT, Lab, running_lab, until, value
from tests.system.wire import get, whole

pytestmark = pytest.mark.full

CARDS = 7
EXCHANGES = 5
# What Grafana would put in their place.
VARIABLES = {
    "$__rate_interval": "4s",
    "$__range": "1m",
    "$cluster": ".*",
    "$namespace": ".*",
    "$service": ".*",
    "$quantile": "0.99",
}
# Nothing happens that these would show; the query must be understood all the same.
_QUIET = {"Not looked at, by reason"}
CONFIG = """
global: {{scrape_interval: 500ms, scrape_timeout: 400ms}}
scrape_configs:
  - job_name: weirline
    static_configs: [{{targets: ["127.0.0.1:{sidecar}"], labels: {{service: shop}}}}]
  - job_name: envoy
    metrics_path: /stats/prometheus
    static_configs: [{{targets: ["127.0.0.1:{envoy}"], labels: {{service: shop}}}}]
"""


@dataclass(frozen=True, slots=True)
class Prometheus:
    """A running one, asked by its HTTP API."""

    port: int

    def ask(self, expr: str) -> list[dict[str, Any]]:
        """The result of an instant query; an expression that is not understood fails the test."""
        query = urllib.parse.urlencode({"query": expr})
        url = f"http://127.0.0.1:{self.port}/api/v1/query?{query}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            result: list[dict[str, Any]] = json.load(answer)["data"]["result"]
        return result

    def number(self, expr: str) -> float:
        result = self.ask(expr)
        return float(result[0]["value"][1]) if result else 0.0

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError):
            return False


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    ensure_built()  # the workers' figures are there on the fast transport only
    folder = tmp_path_factory.mktemp("scraped")
    with running_lab(folder, REDACT, flags=("--transport", "h2")) as lab:
        yield lab


@pytest.fixture(scope="module")
def prometheus(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    folder = tmp_path_factory.mktemp("tsdb")
    config = folder / "prometheus.yaml"
    config.write_text(
        CONFIG.format(
            sidecar=lab.sidecar.address("admin_listening").rpartition(":")[2],
            envoy=lab.envoy.admin_port,
        ),
        encoding="ascii",
    )
    with _running(folder, config) as running:
        _exchanges(lab)
        until(lambda: running.number("sum(weirline_findings_total)") == EXCHANGES * CARDS)
        # A rate needs two scrapes with something between them.
        _exchanges(lab)
        until(lambda: running.number("sum(weirline_findings_total)") == 2 * EXCHANGES * CARDS)
        until(lambda: running.number("sum(rate(weirline_findings_total[4s]))") > 0)
        yield running


@pytest.mark.promise(56)
def test_counts_equal_what_was_planted_and_no_label_tells_who_asked(
    prometheus: Prometheus, lab: Lab
) -> None:
    found = prometheus.number('sum(weirline_findings_total{detector="payment_card"})')
    assert found == 2 * EXCHANGES * CARDS
    assert prometheus.number("sum(weirline_flows_total)") == 2 * EXCHANGES
    names = {
        label for each in prometheus.ask('{__name__=~"weirline_.+"}') for label in each["metric"]
    }
    assert not names & {"token", "ip", "address", "value", "user", "path", "host"}
    tool = shutil.which("promtool")
    assert tool is not None, "promtool is missing: install Debian's package prometheus"
    page = lab.sidecar.admin("/metrics")
    done = subprocess.run(
        [tool, "check", "metrics"],
        input=page.text,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.promise(58)
@pytest.mark.parametrize("name", sorted(each for each in texts() if each.endswith(".json")))
def test_every_query_of_every_panel_returns_data(name: str, prometheus: Prometheus) -> None:
    panels = [each for each in json.loads(texts()[name])["panels"] if each["type"] != "row"]
    assert panels
    empty = [
        f"{panel['title']}: {target['expr']}"
        for panel in panels
        for target in panel["targets"]
        if not prometheus.ask(_filled(target["expr"])) and panel["title"] not in _QUIET
    ]
    assert not empty, "\n".join(empty)


def test_variables_of_the_boards_find_their_values(prometheus: Prometheus) -> None:
    board = json.loads(texts()["weirline-overview.json"])
    asked = {
        each["name"]: each["query"]
        for each in board["templating"]["list"]
        if each["type"] == "query"
    }
    series, _, label = asked["service"].removeprefix("label_values(").rpartition(", ")
    found = {each["metric"].get(label.rstrip(")")) for each in prometheus.ask(_filled(series))}
    assert found == {"shop"}


def _exchanges(lab: Lab) -> None:
    card = value("payment_card")
    body = b"[%b]" % b",".join([b'"%b"' % card] * CARDS)
    for _ in range(EXCHANGES):
        lab.ask(get("/a"), lambda connection, _: connection.sendall(whole(body)))
    lab.settle()


def _filled(expr: str) -> str:
    for name, text in VARIABLES.items():
        expr = expr.replace(name, text)
    assert not re.search(r"\$\w", expr), expr
    return expr


@contextlib.contextmanager
def _running(folder: Path, config: Path) -> Iterator[Prometheus]:
    program = shutil.which("prometheus")
    assert program is not None, "prometheus is missing: install Debian's package prometheus"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [
                program,
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            running = Prometheus(port)
            until(running.ready)
            yield running
        finally:
            process.terminate()
