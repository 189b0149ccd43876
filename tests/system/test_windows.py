"""Windows of a policy through a real Envoy: who did too much is stopped, and nobody else."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.system.lab import Lab, running_lab, value
from tests.system.wire import always, get, whole
from tests.weirline.policy.tokens import Issuer

pytestmark = pytest.mark.slow

POLICY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: windows}
mode: enforce
defaults:
  token: {header: authorization, jwt: {identify_by: [sub], verify: mesh}}
categories:
  ids: {detect: [us_ssn], severity: high}
rules:
  - {id: seen, find: {category: ids}, do: [observe]}
windows:
  - id: token-sees-too-much
    when: {path: "/records/**"}
    find: {category: ids}
    per: [token]
    count: distinct_values
    over: 1h
    more_than: 5
    do: [{block: {status: 403}}, alert]
    for: 30m
  - id: too-many-requests
    when: {path: /busy}
    per: [token]
    count: requests
    over: 1h
    more_than: 3
    do: [{rate_limit: {requests: 1, per: 1h}}]
    for: 30m
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A lab, and whoever signs its tokens."""

    lab: Lab
    issuer: Issuer

    def status(self, path: str, subject: str, body: bytes = b"{}") -> int:
        token = self.issuer.token({"sub": subject, "exp": time.time() + 600, "jti": time.time()})
        request = get(path, extra=f"authorization: Bearer {token}\r\n")
        return self.lab.ask(request, always(whole(body))).status


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("windows")
    issuer = Issuer("ES256", kid="e")
    keys = folder / "keys"
    keys.mkdir()
    (keys / "mesh.json").write_text(json.dumps({"keys": [issuer.jwk]}))
    with running_lab(folder, POLICY, flags=("--jwks-dir", str(keys))) as lab:
        yield Place(lab, issuer)


def record(number: int) -> bytes:
    return b'{"ssn": "%b"}' % value("us_ssn", seed=number)


def test_token_that_sees_too_many_values_is_blocked_and_others_are_not(place: Place) -> None:
    def ask(number: int, subject: str) -> int:
        return place.status(f"/records/{number}", subject, record(number))

    assert [ask(1, "reader") for _ in range(8)] == [200] * 8  # one value again and again
    assert [ask(number, "reader") for number in range(2, 7)] == [200] * 5
    assert ask(7, "reader") == 403
    assert place.lab.service.seen == []
    assert ask(7, "other") == 200
    assert place.status("/elsewhere", "reader") == 200
    place.lab.settle()
    fired = place.lab.metric_by("weirline_rule_matches_total", "rule")["token-sees-too-much"]
    alerts = place.lab.metric(
        "weirline_rule_matches_total", rule="token-sees-too-much", action="alert"
    )
    assert (fired, alerts) == (2, 1)


def test_request_beyond_a_windows_number_is_limited_for_its_token_alone(place: Place) -> None:
    assert [place.status("/busy", "eager") for _ in range(6)] == [200, 200, 200, 200, 429, 429]
    assert place.status("/busy", "calm") == 200
