"""Errors tell an operator everything at once, with place and mend, and tell faults apart."""

from __future__ import annotations

import inspect

import pytest

from weirline import errors
from weirline.errors import (
    ConfigurationError,
    DetectorError,
    LimitExceeded,
    PolicyError,
    Problem,
    SettingsError,
    WeirlineError,
)

PLACED = Problem("E01", "policy.yaml", 3, 5, "mode", "must be enforce or shadow")
PLACELESS = Problem("S01", "WEIRLINE_X", 0, 0, "environment", "no such setting")


def test_problem_with_a_line_says_file_line_column_code_field_and_mend() -> None:
    assert str(PLACED) == "policy.yaml:3:5: E01 mode: must be enforce or shadow"


def test_problem_without_a_line_names_its_source_alone() -> None:
    assert str(PLACELESS) == "WEIRLINE_X: S01 environment: no such setting"


@pytest.mark.parametrize("kind", [DetectorError, PolicyError, SettingsError])
def test_configuration_error_carries_and_prints_every_problem(
    kind: type[ConfigurationError],
) -> None:
    error = kind([PLACED, PLACELESS])
    assert error.problems == (PLACED, PLACELESS)
    assert str(error).splitlines() == [str(PLACED), str(PLACELESS)]


def test_limit_error_names_the_setting_that_sets_it() -> None:
    error = LimitExceeded("max_findings")
    assert error.limit == "max_findings"
    assert "max_findings" in str(error)


def test_every_error_has_the_one_root_and_they_stay_fewer_than_fifteen() -> None:
    kinds = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, BaseException)
    ]
    assert all(issubclass(kind, WeirlineError) for kind in kinds)
    assert len(kinds) < 15
