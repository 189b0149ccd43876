"""Five hundred generated cells of caller, callee, path and kind, decided through a real Envoy."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.system.lab import value
from tests.system.mesh import running_mesh
from tests.system.wire import get

pytestmark = pytest.mark.full

SEED = 20260101
CELLS = 500
CALLERS = ("billing", "web", "reports", "batch")
NAMESPACES = ("prod", "test")
SERVICES = {
    "vault.mesh": "spiffe://mesh/ns/payments/sa/vault",
    "api.mesh": "spiffe://mesh/ns/shop/sa/api",
}
KINDS = {"payment": "payment_card", "identity": "us_ssn"}
PATHS = tuple(f"/p{number}" for number in range(10))
HEAD = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: generated}
mode: enforce
rules:
"""
Rule = tuple[str, str, str, str, int]  # caller's service, callee's namespace, path, kind, status


def generated(rng: random.Random) -> list[Rule]:
    """Rules that block one caller at one callee, path and kind; each combination at most once."""
    every = [
        (f"{caller}.{namespace}", callee, path, kind)
        for caller in CALLERS
        for namespace in NAMESPACES
        for callee in ("payments", "shop")
        for path in PATHS
        for kind in KINDS
    ]
    return [(*chosen, rng.choice((403, 404, 409))) for chosen in rng.sample(every, 120)]


def policy_of(rules: list[Rule]) -> str:
    return HEAD + "".join(
        f"- {{id: r{number}, when: {{direction: response, caller: {{service: {caller}}},"
        f" callee: {{namespace: {callee}}}, path: {path}}}, find: {{category: {kind}}},"
        f" do: [{{block: {{status: {status}}}}}]}}\n"
        for number, (caller, callee, path, kind, status) in enumerate(rules)
    )


def test_five_hundred_generated_cells_are_decided_as_written(tmp_path: Path) -> None:
    rng = random.Random(SEED)
    rules = generated(rng)
    expected = {rule[:4]: rule[4] for rule in rules}
    wrong: list[tuple[str, ...]] = []
    blocked = 0
    with running_mesh(tmp_path, policy_of(rules), SERVICES) as mesh:
        clients = {
            f"{caller}.{namespace}": mesh.authority.sign(
                f"{caller}.{namespace}.mesh", spiffe=f"spiffe://mesh/ns/{namespace}/sa/{caller}"
            )
            for caller in CALLERS
            for namespace in NAMESPACES
        }
        for number in range(CELLS):
            caller, path = rng.choice(sorted(clients)), rng.choice(PATHS)
            server, kind = rng.choice(sorted(SERVICES)), rng.choice(sorted(KINDS))
            callee = SERVICES[server].split("/")[4]
            mesh.body = b'{"v": "%b"}' % value(KINDS[kind], seed=number)
            status = mesh.ask(server, get(path), clients[caller]).status
            blocked += status != 200
            if status != expected.get((caller, callee, path, kind), 200):
                wrong.append((caller, callee, path, kind, str(status)))
    assert wrong == []
    assert blocked > CELLS // 10
