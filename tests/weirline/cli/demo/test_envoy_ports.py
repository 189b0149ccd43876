from __future__ import annotations

import json
from pathlib import Path

from weirline.cli.demo.envoy_ports import Doors, find_doors
from weirline.cli.demo.sample_api import Page, Pages, serve


def pages(state: bytes) -> Pages:
    listing = {
        "listener_statuses": [
            {"name": name, "local_address": {"socket_address": {"port_value": port}}}
            for name, port in (("unprotected", 4001), ("ingress", 4002))
        ]
    }
    return {
        "/ready": [Page("text/plain", state)],
        "/listeners": [Page("application/json", json.dumps(listing).encode())],
    }


def test_ports_are_known_once_envoy_serves(tmp_path: Path) -> None:
    with serve(pages(b"LIVE\n")) as admin:
        (tmp_path / "address").write_text(f"127.0.0.1:{admin}")
        assert find_doors(tmp_path / "address") == Doors(4002, 4001, admin)


def test_ports_are_not_known_before_that(tmp_path: Path) -> None:
    with serve(pages(b"PRE_INITIALIZING\n")) as admin:
        (tmp_path / "address").write_text(f"127.0.0.1:{admin}")
        assert find_doors(tmp_path / "address") is None
    assert find_doors(tmp_path / "address") is None
    (tmp_path / "address").write_text("")
    assert find_doors(tmp_path / "address") is None
    assert find_doors(tmp_path / "missing") is None
