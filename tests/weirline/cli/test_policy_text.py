from __future__ import annotations

from pathlib import Path

import pytest

from tests.weirline.policy.vocabulary import DETECTORS, HEAD
from weirline.cli.policy_text import read_policy, read_text
from weirline.errors import PolicyError

RULES = """\
rules: [{id: a, when: {path: /x}, do: [{block: {}}]}]
exceptions: [{rule: a, when: {method: GET}, reason: r, owner: o, until: 2020-01-31}]
"""


def test_exception_that_is_past_today_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(HEAD + RULES, encoding="utf-8")
    with pytest.raises(PolicyError, match="E09"):
        read_policy(str(file), DETECTORS)
    file.write_text(HEAD + RULES.replace("2020", "2999"), encoding="utf-8")
    assert read_policy(str(file), DETECTORS).exceptions


def test_file_that_is_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "b"
    binary.write_bytes(b"\xff\xfe")
    for file in (binary, tmp_path / "missing"):
        with pytest.raises(PolicyError, match="E01 file"):
            read_text(str(file))
