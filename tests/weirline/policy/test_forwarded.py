from __future__ import annotations

import pytest

from weirline.policy.forwarded import HEADER, LONGEST_BYTES, Gateways

EDGE, INNER = "spiffe://prod/ns/edge/sa/gateway", "spiffe://prod/ns/edge/sa/inner"
BILLING = "spiffe://prod/ns/billing/sa/reports"
GATEWAYS = Gateways(["spiffe://prod/ns/edge/sa/*"])
OF_BILLING = f'By={EDGE};Hash=ab;Subject="CN=a,O=b;c";URI={BILLING}'


def caller(*values: str) -> str:
    return GATEWAYS.caller([(b"x-other", b"1"), *((HEADER, value.encode()) for value in values)])


def test_gateway_says_who_called_it() -> None:
    assert caller(OF_BILLING) == BILLING


def test_only_what_trusted_gateways_appended_counts() -> None:
    forged = f"By={EDGE};URI=spiffe://prod/ns/admin/sa/root"
    assert caller(f"{forged},{OF_BILLING}") == BILLING
    assert caller(forged, OF_BILLING) == BILLING
    through_two = f"{OF_BILLING},By={INNER};URI={EDGE}"
    assert caller(through_two) == BILLING
    assert caller(f"{forged},{OF_BILLING},By={INNER};URI={EDGE}") == BILLING


@pytest.mark.parametrize(
    "value",
    [
        "",
        "nonsense",
        f"By={EDGE}",
        f"By={EDGE};Hash=ab",
        f"URI={BILLING};URI=spiffe://prod/ns/admin/sa/root",
        f"URI={BILLING},",
        f'URI="{BILLING}',
        f"URI={BILLING};",
        f"URI={EDGE}",
        f"{OF_BILLING},By={EDGE};Hash=ab",
        f"URI={BILLING};Subject={'a' * LONGEST_BYTES}",
    ],
)
def test_what_proves_nobody_is_nobody(value: str) -> None:
    assert caller(value) == ""


def test_quotes_hide_what_separates_elsewhere() -> None:
    trick = f'Subject="x,URI=spiffe://prod/ns/admin/sa/root";URI={BILLING}'
    assert caller(trick) == BILLING
    escaped = f'Subject="\\",URI=spiffe://prod/ns/admin/sa/root";URI={BILLING}'
    assert caller(escaped) == BILLING
    assert caller(f'URI="{BILLING}"') == BILLING


def test_peer_is_trusted_by_its_whole_identity() -> None:
    assert GATEWAYS.trusts(EDGE)
    others = ["", "x", EDGE + "/x", "spiffe://prod/ns/edge/sa/../billing/sa/gateway", BILLING]
    assert not any(GATEWAYS.trusts(other) for other in others)
