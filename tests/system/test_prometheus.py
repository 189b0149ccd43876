"""A real Prometheus scrapes a real sidecar and its Envoy, and answers what the boards ask."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from dashboards.generate import texts
from dashboards.overview import STREAMS
from dashboards.show import find_program, start_prometheus
from tests.fakes.fast_transport import ensure_built
from tests.system.lab import REDACT, Lab, running_lab, until, value
from tests.system.wire import get, whole

pytestmark = pytest.mark.full

CARDS = 7
EXCHANGES = 5
# What Grafana would put in their place.
VARIABLES = {
    "$__rate_interval": "1m",
    "$__range": "1m",
    "$cluster": ".*",
    "$namespace": ".*",
    "$service": ".*",
    "$quantile": "0.99",
}
# Nothing happens that these would show; the query must be understood all the same.
_QUIET = {"Not looked at, by reason"}


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


@dataclass(slots=True)
class Traffic:
    """Exchanges sent so far, each with CARDS card numbers in its response."""

    lab: Lab
    exchanges: int = 0

    def more(self) -> None:
        body = b"[%b]" % b",".join([b'"%b"' % value("payment_card")] * CARDS)
        for _ in range(EXCHANGES):
            self.lab.ask(get("/a"), lambda connection, _: connection.sendall(whole(body)))
        self.lab.settle()
        self.exchanges += EXCHANGES


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    ensure_built()  # the workers' figures are there on the fast transport only
    folder = tmp_path_factory.mktemp("scraped")
    with running_lab(folder, REDACT, flags=("--transport", "h2")) as lab:
        yield lab


@pytest.fixture(scope="module")
def traffic(lab: Lab) -> Traffic:
    return Traffic(lab)


@pytest.fixture(scope="module")
def prometheus(
    lab: Lab, traffic: Traffic, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prometheus]:
    child, port = start_prometheus(
        find_program("prometheus", "prometheus"),
        tmp_path_factory.mktemp("tsdb"),
        sidecar=int(lab.sidecar.address("admin_listening").rpartition(":")[2]),
        envoy=lab.envoy.admin_port,
        interval_ms=500,
    )
    try:
        running = Prometheus(port)
        _scraped(running, traffic)
        _scraped(running, traffic)
        yield running
    finally:
        child.stop()


def _scraped(prometheus: Prometheus, traffic: Traffic) -> None:
    """Send more, and return when Prometheus has seen all of it, of the sidecar and of Envoy."""
    traffic.more()
    seen = {
        "sum(weirline_findings_total)": traffic.exchanges * CARDS,
        f"sum({STREAMS})": traffic.exchanges,
    }
    until(lambda: all(prometheus.number(expr) == number for expr, number in seen.items()))


@pytest.mark.promise(56)
def test_counts_equal_what_was_planted_and_no_label_tells_who_asked(
    prometheus: Prometheus, lab: Lab, traffic: Traffic
) -> None:
    found = prometheus.number('sum(weirline_findings_total{detector="payment_card"})')
    assert found == traffic.exchanges * CARDS
    assert prometheus.number("sum(weirline_flows_total)") == traffic.exchanges
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
def test_every_query_of_every_panel_returns_data(
    name: str, prometheus: Prometheus, traffic: Traffic
) -> None:
    _scraped(prometheus, traffic)  # a rate needs two scrapes of a minute with traffic between them
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


def _filled(expr: str) -> str:
    for name, text in VARIABLES.items():
        expr = expr.replace(name, text)
    assert not re.search(r"\$\w", expr), expr
    return expr
