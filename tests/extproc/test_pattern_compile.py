from __future__ import annotations

import sys

import pytest

from extproc.pattern_compile import compile_in_child
from tests.weirline.detect.sample import CARD, KEY, detector
from weirline.rulepack.compiled_chain import build_chain, load_chain

DETECTORS = (KEY, CARD)


@pytest.mark.slow
def test_database_made_by_the_child_matches_like_one_made_here() -> None:
    database = compile_in_child(DETECTORS)
    assert database is not None
    loaded = load_chain(DETECTORS, database)
    assert loaded is not None
    text = b"4111 1111 1111 1111 and key_0123456789abcdef"
    assert loaded.scan(text) == build_chain(DETECTORS).scan(text)
    assert len(loaded.scan(text)[0]) == 2


@pytest.mark.slow
def test_expression_the_engine_refuses_makes_no_database() -> None:
    assert compile_in_child((detector(r"[a-z]{2}", 2, trigger="(?<=a)b"),)) is None


def test_child_that_cannot_be_started_makes_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    assert compile_in_child(DETECTORS) is None
