"""Callers behind a gateway: who is believed when it says who called, through a real Envoy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.lab import value
from tests.system.mesh import running_mesh
from tests.system.wire import get

pytestmark = pytest.mark.slow

GATEWAY = "spiffe://prod/ns/edge/sa/gateway"
BILLING = "spiffe://prod/ns/billing/sa/reports"
POLICY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: gateways}
mode: enforce
rules:
  - id: only-billing-reads-cards
    when: {direction: response}
    unless: {caller: {namespace: billing}}
    find: {category: payment}
    do: [{block: {status: 403}}]
"""


@pytest.mark.parametrize("forwarding", ["APPEND_FORWARD", "FORWARD_ONLY"])
def test_only_a_trusted_gateway_says_who_called(tmp_path: Path, forwarding: str) -> None:
    said = f"By={GATEWAY};Hash=00;URI={BILLING}"
    web = f"By={GATEWAY};Hash=00;URI=spiffe://prod/ns/web/sa/front"
    services = {"vault.mesh": "spiffe://prod/ns/payments/sa/vault"}
    flags = ("--xfcc-from", "spiffe://prod/ns/edge/sa/*")
    with running_mesh(tmp_path, POLICY, services, flags=flags, forwarding=forwarding) as mesh:
        mesh.body = b'{"card": "%b"}' % value("payment_card")
        sign = mesh.authority.sign
        gateway = sign("gateway.mesh", spiffe=GATEWAY)
        front = sign("web.mesh", spiffe="spiffe://prod/ns/web/sa/front")
        billing = sign("billing.mesh", spiffe=BILLING)

        def status(client: object, xfcc: str = "") -> int:
            extra = f"x-forwarded-client-cert: {xfcc}\r\n" if xfcc else ""
            identity = {"gateway": gateway, "web": front, "billing": billing}.get(str(client))
            return mesh.ask("vault.mesh", get("/a", extra=extra), identity).status

        assert status("gateway", said) == 200
        assert status("billing") == 200
        # What the gateway itself appended is the last one; what stood before it is anybody's.
        assert status("gateway", f"{said},{web}") == 403
        assert status("gateway", web) == 403
        assert status("gateway") == 403
        for client in ("web", "nobody"):
            assert status(client, said) == 403
