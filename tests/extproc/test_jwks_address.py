from __future__ import annotations

import subprocess
import sys

from extproc.jwks_address import is_fetchable


def test_only_https_is_fetched_but_from_this_machine() -> None:
    good = ["https://a.example/k", "http://127.0.0.1/k", "http://[::1]:80/k"]
    bad = ["http://a.example/k", "file:///etc/passwd", "ftp://a.example", "", "https://"]
    assert [is_fetchable(address) for address in (*good, *bad)] == [True] * 3 + [False] * 5


def test_sidecar_loads_nothing_that_fetches_or_proves_detectors() -> None:
    told = "import sys, extproc.program; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert {"urllib.request", "weirline.rulepack.check"}.isdisjoint(done.stdout.split())
