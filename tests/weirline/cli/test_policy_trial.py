from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from weirline.cli.main import main
from weirline.cli.policy_trial import cases_path

POLICIES = Path(__file__).parents[3] / "rules" / "policies"
STARTERS = sorted(
    str(path) for path in POLICIES.glob("*.yaml") if not path.name.endswith(".test.yaml")
)

POLICY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: shop}
mode: enforce
rules:
  - {id: mask, when: {direction: response}, find: {category: payment}, do: [{redact: {mask: {}}}]}
  - {id: own, when: {path: /admin}, do: [{block: {}}]}
"""
CASES = """\
cases:
  - id: good
    response: {body: '{"card": "${payment_card}"}'}
    expect: {decision: redacted, status: 200, rules: [mask], kinds: [payment_card]}
  - id: bad
    response: {body: '{"card": "${payment_card}"}'}
    expect:
      decision: passed
      status: 403
      rules: []
      sent: {holds: ["${payment_card}"], lacks: ["card"]}
"""


def write(folder: Path, cases: str) -> str:
    file = folder / "shop.yaml"
    file.write_text(POLICY, encoding="utf-8")
    Path(cases_path(str(file))).write_text(cases, encoding="utf-8")
    return str(file)


@pytest.mark.slow
def test_starter_policies_pass_their_own_cases_and_every_rule_is_tried(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert len(STARTERS) == 5
    assert main(["policy", "test", "--all-rules", *STARTERS]) == 0, capsys.readouterr().err


@pytest.mark.slow
def test_failure_says_what_was_expected_and_what_came_and_no_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, CASES)
    report = tmp_path / "junit.xml"
    assert main(["policy", "test", file, "--junit", str(report)]) == 1
    printed = capsys.readouterr()
    assert [line.removeprefix(f"{file}: ") for line in printed.err.splitlines()] == [
        "bad: decision: expected passed, was redacted",
        "bad: status: expected 403, was 200",
        "bad: rules: expected none, were mask",
        "bad: sent.holds[0]: is not in what was sent",
        "bad: sent.lacks[0]: is in what was sent",
    ]
    assert printed.out == f"{file}: 1 of 2 cases as expected; no case tries own\n"
    (suite,) = ET.fromstring(report.read_bytes())  # noqa: S314 - written above
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


def test_faulty_cases_are_told_with_their_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, "cases:\n  - {id: a, expect: {decision: maybe}, requst: {}}\n")
    assert main(["policy", "test", file]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith(f"{cases_path(file)}:2:32: E01 cases[0].expect.decision: one of")
    assert "unknown field (did you mean `request`?)" in second


def test_unknown_kinds_and_ids_given_twice_are_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = "cases:\n  - {id: a, expect: {}, why: '${no_such_kind}'}\n  - {id: a, expect: {}}\n"
    assert main(["policy", "test", write(tmp_path, cases)]) == 2
    printed = capsys.readouterr().err
    assert "E02 cases[0]" in printed
    assert "E01 cases[1].id" in printed


def test_policy_without_cases_beside_it_is_a_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, CASES)
    Path(cases_path(file)).unlink()
    assert main(["policy", "test", file]) == 2
    assert "E01 file" in capsys.readouterr().err
