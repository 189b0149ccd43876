"""Each alert fires when it should and only then, as Prometheus' own tool judges."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from dashboards.alert import ALERTS, RUNBOOK, rules_text
from tests.meta.checkout import ROOT

CASES = Path(__file__).with_name("alert_cases.yaml")


def test_rule_file_holds_every_alert_with_its_texts() -> None:
    (group,) = YAML(typ="safe").load(rules_text())["groups"]
    assert [rule["alert"] for rule in group["rules"]] == [alert.name for alert in ALERTS]
    for rule, alert in zip(group["rules"], ALERTS, strict=True):
        assert rule["expr"] == alert.expr
        assert rule["for"] == alert.lasting
        assert rule["annotations"]["description"] == alert.description


def test_every_alert_has_its_heading_in_the_runbook() -> None:
    page = (ROOT / RUNBOOK).read_text(encoding="utf-8")
    assert re.findall(r"^## (Weirline\w+)$", page, re.MULTILINE) == [alert.name for alert in ALERTS]


def test_every_alert_has_a_case_that_fires_and_one_that_does_not() -> None:
    fires: dict[str, set[bool]] = {alert.name: set() for alert in ALERTS}
    for case in YAML(typ="safe").load(CASES)["tests"]:
        for expected in case["alert_rule_test"]:
            fires[expected["alertname"]].add(bool(expected.get("exp_alerts")))
    assert {name for name, seen in fires.items() if seen != {True, False}} == set()


@pytest.mark.full
def test_alerts_fire_as_the_cases_say(tmp_path: Path) -> None:
    tool = shutil.which("promtool")
    assert tool is not None, "promtool is missing: install Debian's package prometheus"
    rules = tmp_path / "rules.yaml"
    rules.write_text(rules_text(), encoding="utf-8")
    text = CASES.read_text(encoding="utf-8").replace("RULES", str(rules))
    cases = tmp_path / "cases.yaml"
    cases.write_text(text, encoding="utf-8")
    for command in (["check", "rules", str(rules)], ["test", "rules", str(cases)]):
        done = subprocess.run(
            [tool, *command], capture_output=True, text=True, check=False, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
