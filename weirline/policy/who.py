"""Who talks to whom, as far as a policy asks: both ends, the address, the token's claims.

What a certificate or a signature proves is kept apart from what a client merely says: the second
may make a rule apply, never lift one. A token itself is never part of this; `actor` is a keyed
hash. Source: SPIFFE-ID section 2; RFC 7519 section 4; the path form of Istio's identities.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

_WORKLOAD = re.compile(r"spiffe://[^/]+(?:/[^/]+)*?/ns/([^/]+)/sa/([^/]+)")


class Who(msgspec.Struct, frozen=True):
    """The two ends of an exchange and what its request says about itself.

    `caller` and `callee` are URI names of certificates that Envoy verified, or our own from the
    settings; empty where there is none. `headers` and `query` are as sent. `claims` are those of
    the token, each with its values as text; they prove something only where `verified`. `actor` is
    a keyed hash of whom the token stands for, `address` the client's without port; empty where
    unknown.
    """

    caller: str = ""
    callee: str = ""
    address: str = ""
    query: str = ""
    headers: Sequence[tuple[bytes, bytes]] = ()
    claims: Mapping[str, tuple[str, ...]] = {}
    verified: bool = False
    actor: str = ""


NOBODY = Who()


def workload(identity: str) -> tuple[str, str]:
    """Return namespace and service account of a SPIFFE id of the form /ns/N/sa/S, else empty."""
    found = _WORKLOAD.fullmatch(identity)
    return ("", "") if found is None else (found[1], found[2])


def workload_of_host(host: str) -> tuple[str, str]:
    """Return namespace and service of a cluster-internal host name such as `orders.shop.svc`.

    Two labels alone count too (`orders.shop`), as a client inside the cluster may write; empty for
    any other number that does not go on with `svc`.
    """
    labels = host.removesuffix(".").split(".")
    if len(labels) == 2 or (len(labels) > 2 and labels[2] == "svc"):
        return labels[1], labels[0]
    return "", ""
