from __future__ import annotations

import pytest

from weirline.errors import DetectorError
from weirline.rulepack.entry import Place
from weirline.rulepack.yaml_tree import read_yaml


def test_values_are_plain_and_know_their_place() -> None:
    branch = read_yaml("a: [1, 2.5, true, null, no, 2024-01-01, '7', 0x10]\nb:\n  c: text\n", "f")
    assert branch.plain() == {
        "a": [1, 2.5, True, None, "no", "2024-01-01", "7", "0x10"],
        "b": {"c": "text"},
    }
    assert isinstance(branch.value, dict)
    inner = branch.value["b"].value
    assert isinstance(inner, dict)
    assert inner["c"].place == Place(line=3, column=6)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("a: [1", 1),
        ("a: 'x", 1),
        ("a: 1\n a: 2", 2),
        ("a: 1\na: 2", 2),
        ("a: &x 1\nb: *x", 1),
        ("a: !!python/object:os.system {}", 1),
        ("a: !secret x", 1),
        ("a: 1\n---\nb: 2", 2),
        ("a: \x07", 1),
        ("a: %", 1),
        ("a: " + "[" * 600, 1),
    ],
)
def test_what_is_refused_has_a_place_and_is_not_quoted(text: str, line: int) -> None:
    with pytest.raises(DetectorError) as refused:
        read_yaml(text, "f.yaml")
    assert refused.value.problems[0].code == "E01"
    assert refused.value.problems[0].line == line
    assert "secret" not in str(refused.value)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(DetectorError) as refused:
        read_yaml("a: !x 1\nb: !y 2\nb: 3\n", "f.yaml")
    assert [problem.line for problem in refused.value.problems] == [1, 2, 3]
