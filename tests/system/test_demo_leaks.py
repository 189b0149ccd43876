"""The demo can fail, and plays leaks of one's own."""

from __future__ import annotations

import json
import random
import re
from html import escape
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from tests.system.demo_process import demo_once
from weirline.cli.demo.planted_value import KINDS, make_values

pytestmark = pytest.mark.slow

SEED = 5150
MASKS_NOTHING = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: looks-only}
mode: enforce
rules:
  - {id: look, find: {category: [payment, identity, contact, secrets]}, do: [observe]}
"""


def test_demo_without_the_filter_shows_the_leak_and_fails() -> None:
    ended = demo_once("--no-filter", "--seed", str(SEED))
    assert ended.returncode == 1
    assert "stopped 0 of 200 values" in ended.stdout
    assert make_values(SEED)["email"][0] in ended.stdout


def test_demo_under_a_policy_that_masks_nothing_fails(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(MASKS_NOTHING)
    ended = demo_once("--policy", str(policy))
    assert ended.returncode == 1
    assert "stopped 0 of 200 values" in ended.stdout


def test_policy_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(MASKS_NOTHING.replace("observe", "obsreve"))
    ended = demo_once("--policy", str(policy))
    assert ended.returncode == 2
    assert f"{policy}:6:78: E01 rules[0].do[0]:" in ended.stderr
    assert ended.stdout == ""


def leak_lines(values: dict[str, list[str]]) -> list[dict[str, object]]:
    """One leak for each content type, all values of all kinds in each."""
    rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    flat = [value for row in rows for value in row.values()]
    return [
        {"path": path, "content_type": content_type, "body": body, "values": flat}
        for path, content_type, body in (
            ("/export.json?all=1", "application/json", json.dumps({"rows": rows})),
            ("/log.txt", "text/plain", "".join(f"{k}={v}\n" for r in rows for k, v in r.items())),
            (
                "/page.html",
                "text/html; charset=utf-8",
                "<table>"
                + "".join(
                    f"<tr><td>{k}</td><td>{escape(v, quote=False)}</td></tr>\n"
                    for r in rows
                    for k, v in r.items()
                )
                + "</table>",
            ),
            (
                "/rows.csv",
                "text/csv",
                ",".join(rows[0]) + "\r\n" + "".join(",".join(r.values()) + "\r\n" for r in rows),
            ),
            (
                "/form",
                "application/x-www-form-urlencoded",
                "&".join(f"{k}={quote_plus(v, safe='@')}" for r in rows for k, v in r.items()),
            ),
            (
                "/rows.xml",
                "application/xml",
                "<rows>"
                + "".join(f"<{k}>{escape(v)}</{k}>\n" for r in rows for k, v in r.items())
                + "</rows>",
            ),
        )
    ]


@pytest.fixture
def leak_file(tmp_path: Path, rng: random.Random) -> Path:
    made = make_values(rng.randrange(10**9))
    # In CSV and in forms a key's line breaks would change its spelling, so keys have a test apart.
    values = {
        kind: [value for value in made[kind] if "\n" not in value][:8]
        for kind in KINDS
        if kind != "private_key"
    }
    file = tmp_path / "leaks.jsonl"
    lines = leak_lines(values)
    key = {"key": made["private_key"][1]}
    lines.append(
        {
            "path": "/key.json",
            "content_type": "application/json",
            "body": json.dumps(key),
            "values": list(key.values()),
        }
    )
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def test_leaks_of_a_file_are_stopped_in_every_content_type(leak_file: Path) -> None:
    listed = sum(len(json.loads(line)["values"]) for line in leak_file.read_text().splitlines())
    ended = demo_once("--leak", str(leak_file))
    assert f"stopped {listed} of {listed} values" in ended.stdout, ended.stdout + ended.stderr
    assert ended.returncode == 0
    raw = demo_once("--leak", str(leak_file), "--no-filter")
    stopped, of = map(int, re.findall(r"stopped (\d+) of (\d+) values", raw.stdout)[0])
    assert of == listed
    # Spelled with percent signs in the form, a value is not there as it is listed.
    assert stopped < listed / 6
    assert raw.returncode == 1


def test_value_that_no_detector_knows_is_counted_as_leaked(tmp_path: Path) -> None:
    line = {
        "path": "/a",
        "content_type": "text/plain",
        "body": "the plan is to sell in May; card " + make_values(1)["card"][0],
        "values": ["sell in May", make_values(1)["card"][0]],
    }
    file = tmp_path / "leaks.jsonl"
    file.write_text(json.dumps(line))
    ended = demo_once("--leak", str(file))
    assert "stopped 1 of 2 values" in ended.stdout
    assert ended.returncode == 1


def test_file_that_cannot_be_used_is_refused_before_anything_starts(tmp_path: Path) -> None:
    file = tmp_path / "leaks.jsonl"
    file.write_text('{"path": "/", "content_type": "a/b", "body": "", "values": []}\n{}\n')
    ended = demo_once("--leak", str(file))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert f"{file}:2:1: L01 line: expected an object" in ended.stderr


def test_envoy_that_is_not_there_is_named() -> None:
    ended = demo_once("--envoy", "/nowhere/envoy")
    assert ended.returncode == 1
    assert ended.stderr == "--envoy /nowhere/envoy: no program there\n"
