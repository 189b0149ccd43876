from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirline.policy.fault import Faults
from weirline.policy.policy import Policy
from weirline.policy.shape import ShapeCheck
from weirline.rulepack.entry import Place
from weirline.rulepack.yaml_text import Entry, Mapping, Scalar, Sequence, Tree

HERE = Place(line=1, column=1)
WORDS = [
    *("apiVersion", "kind", "metadata", "name", "mode", "rules", "id", "find", "category", "do"),
    *("weirline/v1", "Policy", "enforce", "observe", "when", "direction", "response", "all"),
    *("redact", "mask", "keep_last", "block", "status", "body", "defaults", "body_over", "limit"),
    *("8MiB", "selectors", "categories", "detect", "min_confidence", "at_least", "payment"),
]
SCALARS = st.builds(
    Scalar,
    st.just(HERE),
    st.sampled_from(WORDS) | st.integers(-2, 2000) | st.floats(0, 2) | st.booleans() | st.none(),
)


def grow(children: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    entry = st.builds(Entry, st.sampled_from(WORDS), st.just(HERE), children)
    entries = st.lists(entry, max_size=5, unique_by=lambda one: one.key).map(tuple)
    lists = st.lists(children, max_size=3).map(tuple)
    return st.builds(Mapping, st.just(HERE), entries) | st.builds(Sequence, st.just(HERE), lists)


TREES: st.SearchStrategy[Tree] = st.recursive(SCALARS, grow, max_leaves=20)


def as_tree(value: object) -> Tree:
    if isinstance(value, dict):
        return Mapping(HERE, tuple(Entry(key, HERE, as_tree(one)) for key, one in value.items()))
    if isinstance(value, list):
        return Sequence(HERE, tuple(as_tree(one) for one in value))
    assert value is None or isinstance(value, str | int | float)
    return Scalar(HERE, value)


@pytest.mark.slow
@given(tree=TREES, put=st.sampled_from(["rules", "when", "do", "find", "selectors", "defaults"]))
def test_shape_check_and_conversion_agree_on_every_tree(tree: Tree, put: str) -> None:
    rule = {"id": "a", "find": {"category": "payment"}, "do": ["observe"]}
    whole = {
        "apiVersion": "weirline/v1",
        "kind": "Policy",
        "metadata": {"name": "x"},
        "mode": "enforce",
        "rules": [rule],
    }
    base = as_tree(
        whole | ({"rules": [rule | {put: None}]} if put in ("when", "do", "find") else {put: None})
    )
    grown = _put(base, put, tree)
    faults = Faults("f")
    plain = ShapeCheck(faults).check(grown, msgspec.inspect.type_info(Policy))
    if not faults:
        msgspec.convert(plain, Policy)


def _put(tree: Tree, key: str, new: Tree) -> Tree:
    if isinstance(tree, Mapping):
        return Mapping(
            tree.place,
            tuple(
                Entry(
                    one.key,
                    one.place,
                    new
                    if one.key == key and one.value == Scalar(HERE, None)
                    else _put(one.value, key, new),
                )
                for one in tree.entries
            ),
        )
    if isinstance(tree, Sequence):
        return Sequence(tree.place, tuple(_put(one, key, new) for one in tree.items))
    return tree


def test_place_of_every_value_is_kept_by_its_path() -> None:
    tree = as_tree({"metadata": {"name": "x"}, "rules": [{"do": ["observe"]}]})
    check = ShapeCheck(Faults("f"))
    check.check(tree, msgspec.inspect.type_info(Policy))
    assert {("metadata", "name"), ("rules", 0, "do", 0)} <= set(check.places)


def test_whole_number_counts_as_a_number_and_true_does_not() -> None:
    category = {"detect": ["email"], "min_confidence": 1}
    for value, fine in ((1, True), (0.5, True), (True, False), ("1", False), (2, False)):
        faults = Faults("f")
        tree = as_tree({"categories": {"c": category | {"min_confidence": value}}})
        ShapeCheck(faults).check(tree, msgspec.inspect.type_info(Policy))
        named = [one.field for one in faults.sorted()]
        assert ("categories[0].min_confidence" not in named) is fine
