"""Asking the demo's Envoy which ports it has taken.

The ports are Envoy's own choice (port 0), read back from its admin interface, so that none can be
taken by somebody else between choosing and binding. The admin port itself stands in the file that
`--admin-address-path` names.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from weirline.cli.demo.client import fetch

PROTECTED = "ingress"
UNPROTECTED = "unprotected"


@dataclass(frozen=True, slots=True)
class Doors:
    """The local TCP ports of one Envoy: through the sidecar, around it, and its admin page."""

    protected: int
    unprotected: int
    admin: int


def find_doors(admin_address: Path) -> Doors | None:
    """Return the ports once Envoy serves; None before that.

    `admin_address` is the file that Envoy writes its admin address into.
    """
    try:
        admin = int(admin_address.read_text().rpartition(":")[2])
        if fetch(admin, "/ready").body.strip() != b"LIVE":
            return None
        listing = json.loads(fetch(admin, "/listeners?format=json").body)
        ports = {
            entry["name"]: int(entry["local_address"]["socket_address"]["port_value"])
            for entry in listing["listener_statuses"]
        }
    except (OSError, ValueError):
        return None
    return Doors(ports[PROTECTED], ports[UNPROTECTED], admin)
