"""One detector as its file holds it: the detector itself and the texts that prove it.

A detector file without proof is refused, because nobody can tell later what a pattern was meant
to catch. The proof never reaches a running server: only `detector` goes into the compiled pack.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from weirline.detect.detector import Context, Detector, Severity, StreamUse
from weirline.rulepack.word_group import written_out

ExampleText = str | tuple[str, ...]


class ContextForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The field `context` of a detector file; see `weirline.detect.detector.Context`."""

    words: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    within: Annotated[int, msgspec.Meta(ge=1, le=200)] = 64
    after: Annotated[int, msgspec.Meta(ge=0, le=200)] = 24
    confidence: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    required: bool = False


class EntryForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item of the list `detectors` in a detector file.

    The JSON Schema of the files (rules/schema.json) is generated from this class. `width` may be
    left out where the pattern bounds itself. An example is text, or a list of parts that are
    joined, so that no secret stands unbroken in the file.
    """

    id: Annotated[str, msgspec.Meta(pattern="^[a-z][a-z0-9_]{1,63}$")]
    title: str
    category: str
    severity: Severity
    pattern: str
    confidence: Annotated[float, msgspec.Meta(ge=0, le=1)]
    issuer: Annotated[str, msgspec.Meta(pattern="^https://")]
    examples: Annotated[tuple[ExampleText, ...], msgspec.Meta(min_length=1)]
    not_examples: Annotated[tuple[ExampleText, ...], msgspec.Meta(min_length=1)]
    width: Annotated[int, msgspec.Meta(ge=1, le=65536)] | None = None
    trigger: str | None = None
    caseless: bool = False
    validator: str | None = None
    context: ContextForm | None = None
    stream: StreamUse = StreamUse.HOLD


class DetectorFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole detector file."""

    detectors: Annotated[tuple[EntryForm, ...], msgspec.Meta(min_length=1)]


class Place(msgspec.Struct, frozen=True):
    """Where a field stands: `line` and `column` count from 1."""

    line: int
    column: int


class Entry(msgspec.Struct, frozen=True):
    """A detector that was read from a file, with its proof and the places of its fields.

    `examples` and `not_examples` are whole texts (UTF-8): in each example the detector must find
    something, in each counter-example it must find nothing. `places` maps a field name to where
    it stands in `file`; the entry itself stands at the place named by the empty string.
    """

    detector: Detector
    examples: tuple[bytes, ...]
    not_examples: tuple[bytes, ...]
    file: str
    places: dict[str, Place]

    def place(self, field: str) -> Place:
        """Return where `field` stands, or where the entry begins if the file does not have it."""
        return self.places.get(field) or self.places.get("") or Place(line=0, column=0)


def detector_of(form: EntryForm, *, width: int) -> Detector:
    """Return the detector a file item describes; `width` in bytes is given or computed."""
    context = form.context
    return Detector(
        id=form.id,
        title=form.title,
        category=form.category,
        severity=form.severity,
        pattern=form.pattern,
        width=width,
        confidence=form.confidence,
        issuer=form.issuer,
        trigger=form.trigger,
        caseless=form.caseless,
        validator=form.validator,
        context=None if context is None else _context_of(context),
        stream=form.stream,
    )


def _context_of(form: ContextForm) -> Context:
    words, against = written_out(form.words), written_out(form.against)
    form = msgspec.structs.replace(form, words=words, against=against)
    return Context(**msgspec.structs.asdict(form))


def example_bytes(text: ExampleText) -> bytes:
    """Return an example as one UTF-8 text; parts are joined with nothing between them."""
    return (text if isinstance(text, str) else "".join(text)).encode()
