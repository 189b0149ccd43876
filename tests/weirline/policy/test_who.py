from __future__ import annotations

import pytest

from weirline.policy.who import workload, workload_of_host


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ("spiffe://prod/ns/billing/sa/api", ("billing", "api")),
        ("spiffe://prod/cluster/a/ns/billing/sa/api", ("billing", "api")),
        ("spiffe://prod/ns/billing", ("", "")),
        ("spiffe://prod/ns/billing/sa/api/more", ("", "")),
        ("https://prod/ns/billing/sa/api", ("", "")),
        ("", ("", "")),
    ],
)
def test_workload_is_read_from_a_spiffe_id(identity: str, expected: tuple[str, str]) -> None:
    assert workload(identity) == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("orders.shop.svc.cluster.local", ("shop", "orders")),
        ("orders.shop.svc", ("shop", "orders")),
        ("orders.shop", ("shop", "orders")),
        ("api.shop.example", ("", "")),
        ("orders", ("", "")),
    ],
)
def test_workload_is_read_from_a_cluster_host_name(host: str, expected: tuple[str, str]) -> None:
    assert workload_of_host(host) == expected
