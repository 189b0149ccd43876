"""Service-based access control through a real Envoy: callers and callees by mutual TLS."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.certificates import Identity
from tests.system.lab import value
from tests.system.mesh import Mesh, running_mesh
from tests.system.wire import get

pytestmark = pytest.mark.slow

SERVICES = {
    "vault.mesh": "spiffe://prod/ns/payments/sa/vault",
    "api.mesh": "spiffe://prod/ns/shop/sa/api",
}
POLICY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: access}
mode: enforce
selectors:
  from_billing: {caller: {spiffe: "spiffe://prod/ns/billing/sa/*"}}
rules:
  - id: only-billing-reads-cards
    when: {callee: {namespace: payments}}
    unless: from_billing
    find: {category: payment}
    do: [{block: {status: 403}}]
  - id: no-identity-to-outside
    when: {direction: response, caller: {outside: mesh}}
    find: {category: identity}
    do: [{block: {status: 451}}]
  - id: web-has-no-identity-of-the-shop
    when: {callee: {service: api.shop}, caller: {namespace: web}}
    find: {category: identity}
    do: [{block: {status: 404}}]
"""
CARD = b'{"card": "%b"}' % value("payment_card")
SSN = b'{"ssn": "%b"}' % value("us_ssn")

# caller, callee, what the answer holds: the status that the policy says.
CELLS = {
    ("billing", "vault.mesh", "card"): 200,
    ("billing", "vault.mesh", "ssn"): 200,
    ("billing", "api.mesh", "card"): 200,
    ("billing", "api.mesh", "ssn"): 200,
    ("web", "vault.mesh", "card"): 403,
    ("web", "vault.mesh", "ssn"): 200,
    ("web", "api.mesh", "card"): 200,
    ("web", "api.mesh", "ssn"): 404,
    ("nobody", "vault.mesh", "card"): 403,
    ("nobody", "vault.mesh", "ssn"): 451,
    ("nobody", "api.mesh", "card"): 200,
    ("nobody", "api.mesh", "ssn"): 451,
}
Clients = dict[str, Identity | None]


@pytest.fixture(scope="module")
def mesh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mesh]:
    with running_mesh(tmp_path_factory.mktemp("mesh"), POLICY, SERVICES) as running:
        yield running


@pytest.fixture(scope="module")
def clients(mesh: Mesh) -> Clients:
    sign = mesh.authority.sign
    return {
        "billing": sign("billing.mesh", spiffe="spiffe://prod/ns/billing/sa/reports"),
        "web": sign("web.mesh", spiffe="spiffe://prod/ns/web/sa/front"),
        "nobody": None,
    }


def ask(mesh: Mesh, cell: tuple[str, str, str], client: Identity | None, extra: str = "") -> int:
    _, callee, kind = cell
    mesh.body = CARD if kind == "card" else SSN
    answer = mesh.ask(callee, get("/a", extra=extra), client)
    if answer.status != 200:
        assert mesh.body not in answer.raw
    return answer.status


@pytest.mark.promise(27)
def test_callers_callees_and_kinds_are_decided_as_written(mesh: Mesh, clients: Clients) -> None:
    decided = {cell: ask(mesh, cell, clients[cell[0]]) for cell in CELLS}
    assert decided == CELLS


@pytest.mark.promise(65)
def test_forged_headers_make_nobody_a_caller(mesh: Mesh, clients: Clients) -> None:
    forged = [
        'x-forwarded-client-cert: By=spiffe://prod/ns/payments/sa/vault;Hash=00;Subject="";'
        "URI=spiffe://prod/ns/billing/sa/reports\r\n",
        "x-client-cert: spiffe://prod/ns/billing/sa/reports\r\n",
        "x-spiffe-id: spiffe://prod/ns/billing/sa/reports\r\n",
    ]
    cells = [cell for cell in CELLS if cell[0] != "billing"]
    for cell, extra in itertools.product(cells, forged):
        assert ask(mesh, cell, clients[cell[0]], extra) == CELLS[cell]
    assert ask(mesh, ("billing", "vault.mesh", "card"), clients["billing"]) == 200


def test_certificate_without_a_spiffe_id_is_outside(mesh: Mesh, tmp_path: Path) -> None:
    del tmp_path
    plain = mesh.authority.sign("billing.prod")
    assert ask(mesh, ("nobody", "vault.mesh", "card"), plain) == 403
    assert ask(mesh, ("nobody", "api.mesh", "ssn"), plain) == 451
