from __future__ import annotations

import pytest

from weirline.errors import Problem
from weirline.policy.fault import SHAPE, UNDEFINED, Faults, Path, field_name, listed, nearest
from weirline.rulepack.entry import Place


def test_problems_come_in_the_order_of_the_text() -> None:
    faults = Faults("p.yaml")
    assert not faults
    faults.add(UNDEFINED, ("rules", 0, "when"), Place(line=9, column=2), "second")
    faults.add(SHAPE, ("mode",), Place(line=4, column=7), "first")
    faults.add(SHAPE, (), None, "no place")
    assert faults
    assert [problem.expectation for problem in faults.sorted()] == ["no place", "first", "second"]
    assert faults.sorted()[1] == Problem("E01", "p.yaml", 4, 7, "mode", "first")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ((), "policy"),
        (("mode",), "mode"),
        (("rules", 2, "do", 0, "block", "status"), "rules[2].do[0].block.status"),
    ],
)
def test_field_is_written_as_people_write_it(path: Path, name: str) -> None:
    assert field_name(path) == name


def test_nearest_name_is_offered_only_where_one_is_near() -> None:
    assert nearest("stauts", ["status", "body"]) == " (did you mean `status`?)"
    assert nearest("zzz", ["status", "body"]) == ""


def test_long_list_of_names_is_cut_and_says_so() -> None:
    assert listed(["a", "b"]) == "`a`, `b`"
    assert listed([str(number) for number in range(15)]).endswith("`11` and 3 more")
