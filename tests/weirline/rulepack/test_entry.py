from __future__ import annotations

import msgspec

from weirline.detect.detector import Context, Detector, Severity
from weirline.rulepack.entry import ContextForm, Entry, EntryForm, Place, detector_of, example_bytes

FORM = EntryForm(
    id="aa",
    title="A",
    category="secrets",
    severity=Severity.LOW,
    pattern="aa",
    confidence=0.5,
    issuer="https://example.com",
    examples=("aa",),
    not_examples=("b",),
    context=ContextForm(words=("w",), required=True),
)


def test_detector_takes_over_every_field_of_the_file() -> None:
    detector = detector_of(FORM, width=2)
    assert detector.width == 2
    assert detector.context == Context(words=("w",), required=True)
    plain = msgspec.structs.asdict(FORM)
    for field in msgspec.structs.fields(Detector):
        if field.name not in {"width", "context"}:
            assert getattr(detector, field.name) == plain[field.name]


def test_context_of_the_file_has_the_fields_and_defaults_of_the_detectors() -> None:
    assert msgspec.structs.asdict(ContextForm()) == msgspec.structs.asdict(Context())


def test_parts_of_an_example_are_joined() -> None:
    assert example_bytes(("gh", "p_ü")) == "ghp_ü".encode()
    assert example_bytes("x") == b"x"


def test_field_that_is_missing_stands_where_its_entry_begins() -> None:
    places = {"": Place(line=3, column=5), "id": Place(line=3, column=9)}
    entry = Entry(detector_of(FORM, width=2), (), (), "f", places)
    assert entry.place("id").column == 9
    assert entry.place("width") == Place(line=3, column=5)
    assert Entry(entry.detector, (), (), "f", {}).place("id") == Place(line=0, column=0)
