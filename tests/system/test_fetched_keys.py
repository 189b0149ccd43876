"""Key sets by address: fetched beside the traffic, changed with overlap, kept if a fetch fails."""

from __future__ import annotations

import json
import time
from functools import partial
from pathlib import Path

import pytest

from tests.fakes.key_server import running_key_server
from tests.system.lab import running_lab, until
from tests.system.wire import always, get, whole
from tests.weirline.policy.tokens import Issuer

pytestmark = pytest.mark.full

POLICY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: keys}
mode: enforce
defaults:
  token: {header: authorization, jwt: {verify: mesh}}
rules:
  - id: staff-only
    when: {path: "/**"}
    unless: {claim: {role: staff}}
    do: [{block: {status: 401}}]
"""


def test_keys_are_fetched_changed_with_overlap_and_kept_where_a_fetch_fails(tmp_path: Path) -> None:
    old, new = Issuer("RS256", kid="old"), Issuer("ES256", kid="new")
    claims: dict[str, object] = {"sub": "a", "role": "staff", "exp": time.time() + 600}
    tokens = {"old": old.token(claims), "new": new.token(claims)}
    with running_key_server() as server:
        flags = (f"--jwks-urls=mesh={server.address}", "--jwks-refresh-seconds=1")
        with running_lab(tmp_path, POLICY, flags=flags) as lab:

            def statuses() -> tuple[int, ...]:
                extra = "authorization: Bearer {}\r\n"
                answer = always(whole(b"{}"))
                asked = (get("/a", extra=extra.format(tokens[name])) for name in ("old", "new"))
                return tuple(lab.ask(request, answer).status for request in asked)

            def lists(*issuers: Issuer) -> None:
                server.content = json.dumps({"keys": [each.jwk for each in issuers]}).encode()

            def becomes(expected: tuple[int, ...]) -> bool:
                return statuses() == expected

            assert becomes((401, 401))
            for issuers, expected in (
                ((old,), (200, 401)),
                ((old, new), (200, 200)),
                ((new,), (401, 200)),
            ):
                lists(*issuers)
                until(partial(becomes, expected))
            server.status = 500
            failed = lab.metric("weirline_key_fetches_total", result="failed")
            until(lambda: lab.metric("weirline_key_fetches_total", result="failed") > failed)
            assert statuses() == (401, 200)
            lab.assert_sound()
