from __future__ import annotations

import pytest

from weirline.errors import FlowUsageError
from weirline.policy.atom import AtomIndex, AtomKind
from weirline.policy.condition import compile_condition
from weirline.policy.facts import Direction
from weirline.policy.selector import Condition, Selector

REQUEST, RESPONSE = Direction.REQUEST, Direction.RESPONSE


def test_fields_are_joined_by_and_and_lists_by_or() -> None:
    index = AtomIndex()
    compiled = compile_condition(Selector(method=("GET", "PUT"), path="/a"), {}, index)
    get, put = index.bit(AtomKind.METHOD, "GET"), index.bit(AtomKind.METHOD, "PUT")
    path = index.bit(AtomKind.PATH, "/a")
    assert compiled.holds(REQUEST, get | path)
    assert compiled.holds(RESPONSE, put | path)
    assert not compiled.holds(REQUEST, get | put)
    assert not compiled.holds(REQUEST, path)


def test_direction_must_be_the_one_that_is_asked_for() -> None:
    compiled = compile_condition(Selector(direction=REQUEST), {}, AtomIndex())
    assert compiled.holds(REQUEST, 0)
    assert not compiled.holds(RESPONSE, 0)


def test_all_needs_every_part_and_any_needs_one() -> None:
    index = AtomIndex()
    selectors = {"out": Selector(direction=RESPONSE), "get": Selector(method="GET")}
    every = compile_condition(Condition(all=("out", "get")), selectors, index)
    some = compile_condition(Condition(any=("out", "get")), selectors, index)
    get = index.bit(AtomKind.METHOD, "GET")
    assert [every.holds(RESPONSE, get), every.holds(RESPONSE, 0), every.holds(REQUEST, get)] == [
        True,
        False,
        False,
    ]
    assert [some.holds(REQUEST, get), some.holds(RESPONSE, 0), some.holds(REQUEST, 0)] == [
        True,
        True,
        False,
    ]


def test_more_bits_never_make_a_condition_false() -> None:
    index = AtomIndex()
    written = Condition(method="GET", any=(Condition(path="/a"), Condition(host="b.example")))
    compiled = compile_condition(written, {}, index)
    index.bit(AtomKind.PATH, "/z")
    held = [bits for bits in range(16) if compiled.holds(REQUEST, bits)]
    assert held
    assert all(compiled.holds(REQUEST, bits | more) for bits in held for more in range(16))


def test_name_that_is_not_defined_is_refused() -> None:
    with pytest.raises(FlowUsageError):
        compile_condition("nowhere", {}, AtomIndex())
