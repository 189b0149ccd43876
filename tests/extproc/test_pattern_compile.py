from __future__ import annotations

import sys

import pytest

from extproc.pattern_compile import compile_in_child
from weirline.detect.hyperscan_matcher import HyperscanMatcher
from weirline.detect.matcher import Expression

EXPRESSIONS = (Expression("key_[a-z]{4}", False), Expression("card", True))


@pytest.mark.slow
def test_database_made_by_the_child_matches_like_one_made_here() -> None:
    database = compile_in_child(EXPRESSIONS)
    assert database is not None
    loaded = HyperscanMatcher.load(database, EXPRESSIONS)
    assert loaded is not None
    text = b"a CARD and key_abcd"
    assert loaded.hits(text, 10) == HyperscanMatcher.compile(EXPRESSIONS).hits(text, 10)
    assert len(loaded.hits(text, 10).ends) == 2


@pytest.mark.slow
def test_expression_the_engine_refuses_makes_no_database() -> None:
    assert compile_in_child((Expression("(?<=a)b", False),)) is None


def test_child_that_cannot_be_started_makes_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert compile_in_child(EXPRESSIONS) is None
