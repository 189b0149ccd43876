"""What a maker of test values offers for one kind.

Both makers are pure functions of the randomness they are handed. A valid value has the form the
issuer documents, check digits included; nobody issued it. A broken one looks like it and must not
be found as that kind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from weirline.specimen.randomness import Randomness
from weirline.specimen.shape import Shape

Maker = Callable[[Randomness], bytes]


@dataclass(frozen=True, slots=True)
class Specimen:
    """The makers of one kind; `kind` is the detector's id.

    `key` is the name under which such a value is usually kept (a JSON key, a column, a setting);
    kinds without a mark of their own are found only beside it, and `needs_key` says so.
    """

    kind: str
    key: str
    valid: Maker
    broken: Maker
    needs_key: bool = False


def shaped(kind: str, key: str, shape: Shape) -> Specimen:
    """Return the specimen of a kind that a shape describes in full."""
    return Specimen(kind, key, shape.valid, shape.broken)


def keyed(kind: str, key: str, shape: Shape) -> Specimen:
    """Return the specimen of a kind that a shape describes, found beside its name alone."""
    return Specimen(kind, key, shape.valid, shape.broken, needs_key=True)
