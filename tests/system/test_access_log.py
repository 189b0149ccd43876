"""What Envoy's access log says of exchanges, read from the log of a real Envoy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.system.lab import running_lab, value
from tests.system.wire import always, chunk, chunked_head, get, post, whole

pytestmark = pytest.mark.slow

POLICY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: logged}
mode: enforce
rules:
  - {id: masked, when: {path: /masked}, find: {category: payment}, do: [{redact: {mask: {}}}]}
  - {id: stopped, when: {path: /stopped}, find: {category: payment}, do: [{block: {}}]}
  - {id: refused, when: {path: /refused}, do: [{block: {status: 404}}]}
  - id: tried
    when: {path: /tried}
    find: {category: identity}
    mode: shadow
    do: [{block: {}}]
"""
KEYS = ("decision", "policy", "findings", "kinds", "categories", "rules", "shadow", "unscanned")
FIELDS = {
    "path": "%REQ(:PATH)%",
    "status": "%RESPONSE_CODE%",
    **{key: f"%DYNAMIC_METADATA(weirline:{key})%" for key in KEYS},
    "counts": "%DYNAMIC_METADATA(weirline:counts)%",
    "all": "%DYNAMIC_METADATA(weirline)%",
}


def test_log_of_envoy_says_what_came_of_each_exchange_and_no_value(tmp_path: Path) -> None:
    card, ssn = value("payment_card"), value("us_ssn")
    body = b'{"card": "%b", "ssn": "%b"}' % (card, ssn)
    with running_lab(tmp_path, POLICY, access_log=FIELDS) as lab:
        for path in ("/masked", "/stopped", "/tried", "/refused"):
            lab.ask(get(path), always(whole(body)))
        lab.ask(get("/masked"), always(whole(b'{"clean": 1}')))
        lab.ask(post("/stopped", body), always(whole(b"{}")))
        parts = (b'{"a": "%b",' % card, b'"b": "%b"}' % card, b"")
        stream_of = chunked_head() + b"".join(chunk(part) for part in parts) + b"\r\n"
        lab.ask(get("/masked"), always(stream_of))
        lines = lab.logged(7)
    masked, stopped, tried, refused, clean, request, stream = lines
    assert masked["decision"] == "redacted"
    assert masked["counts"] == {"payment_card": 1, "us_ssn": 1}
    assert (masked["findings"], masked["kinds"]) == (2, "payment_card,us_ssn")
    assert (masked["categories"], masked["rules"]) == ("identity,payment", "masked")
    assert masked["policy"] == "logged"
    assert (stopped["status"], stopped["decision"], stopped["rules"]) == (403, "blocked", "stopped")
    assert (tried["decision"], tried["shadow"], tried["rules"]) == ("passed", "block", "tried")
    assert (refused["status"], refused["decision"], refused["rules"]) == (404, "blocked", "refused")
    assert all(clean[key] is None for key in (*KEYS, "all"))
    assert (request["status"], request["decision"]) == (403, "blocked")
    assert (stream["decision"], stream["findings"]) == ("redacted", 2)
    assert stream["all"] is not None
    written = json.dumps(lines)
    assert card.decode() not in written
    assert ssn.decode() not in written
