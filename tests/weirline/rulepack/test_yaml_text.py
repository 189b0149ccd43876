from __future__ import annotations

import pytest

from weirline.rulepack.entry import Place
from weirline.rulepack.yaml_text import Entry, Mapping, Refused, Scalar, Sequence, Tree, read_tree


def read(text: str) -> tuple[Tree | None, list[tuple[int, int]]]:
    complaints: list[tuple[int, int]] = []
    tree = read_tree(text, lambda place, _: complaints.append((place.line, place.column)))
    return tree, complaints


def test_every_key_and_value_knows_its_place() -> None:
    tree, complaints = read("a: 1\nb:\n  - x\n  - {c: d}\n")
    assert not complaints
    assert tree == Mapping(
        Place(line=1, column=1),
        (
            Entry("a", Place(line=1, column=1), Scalar(Place(line=1, column=4), 1)),
            Entry(
                "b",
                Place(line=2, column=1),
                Sequence(
                    Place(line=3, column=3),
                    (
                        Scalar(Place(line=3, column=5), "x"),
                        Mapping(
                            Place(line=4, column=5),
                            (
                                Entry(
                                    "c",
                                    Place(line=4, column=6),
                                    Scalar(Place(line=4, column=9), "d"),
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("0.25", 0.25),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("yes", "yes"),
        ("on", "on"),
        ("2027-01-31", "2027-01-31"),
        ("012", "012"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("'12'", "12"),
        ('""', ""),
        ("9" * 30, "9" * 30),
    ],
)
def test_plain_scalar_is_read_by_the_core_schema(text: str, value: str | float | None) -> None:
    tree, complaints = read(text)
    assert not complaints
    assert isinstance(tree, Scalar)
    assert tree.value == value
    assert type(tree.value) is type(value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: &x 1", (1, 4)),
        ("a: *x", (1, 4)),
        ("a: !!str 1", (1, 4)),
        ("a: 1\na: 2", (2, 1)),
        ("[a]: 1", (1, 1)),
        ("a: 1\n---\nb: 2", (2, 1)),
        ("a: '1", (1, 6)),
        ("a: \x07", (1, 4)),
        ("", (1, 1)),
    ],
)
def test_what_hides_a_meaning_is_refused_with_its_place(text: str, place: tuple[int, int]) -> None:
    assert read(text)[1] == [place]


def test_rest_of_the_text_is_read_after_a_fault() -> None:
    tree, complaints = read("a: *x\nb: &y 2\nc: 3")
    assert complaints == [(1, 4), (2, 4)]
    assert isinstance(tree, Mapping)
    assert [type(entry.value) for entry in tree.entries] == [Refused, Refused, Scalar]
