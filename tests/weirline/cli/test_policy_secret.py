from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.lab import value
from weirline.cli.main import main
from weirline.cli.policy_secret import secret_warnings
from weirline.rulepack.shipped import shipped_detectors

ROOT = Path(__file__).parents[3]
DETECTORS = shipped_detectors("core")
POLICY = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: shop}
mode: enforce
detectors:
  our_key: {pattern: 'K[A-Z0-9]{19}', examples: ['é %s'], not_examples: [K]}
rules:
  - {id: a, find: {category: own}, do: [observe]}
"""


def test_secret_in_a_policy_is_told_by_its_place_and_not_quoted() -> None:
    secret = value("github_personal_token").decode()
    (warning,) = secret_warnings(POLICY % secret, "p.yaml", DETECTORS)
    assert (warning.code, warning.line, warning.column) == ("W04", 6, 53)
    assert secret not in str(warning)


def test_secret_in_parts_is_none() -> None:
    secret = value("github_personal_token").decode()
    parted = POLICY % f"{secret[:4]}', '{secret[4:]}"
    assert list(secret_warnings(parted, "p.yaml", DETECTORS)) == []


@pytest.mark.slow
def test_shipped_policies_and_examples_hold_none(capsys: pytest.CaptureFixture[str]) -> None:
    files = [*ROOT.glob("rules/policies/*.yaml"), *ROOT.glob("docs/examples/*.yaml")]
    policies = [str(file) for file in files if not file.name.endswith(".test.yaml")]
    assert main(["policy", "check", *policies]) == 0
    assert "W04" not in capsys.readouterr().err
