"""What a specimen offers."""

from __future__ import annotations

import random

from weirline.specimen.randomness import HEX
from weirline.specimen.shape import Run, Shape
from weirline.specimen.specimen import shaped


def test_shaped_specimen_makes_the_values_of_its_shape() -> None:
    shape = Shape((b"ab_",), (Run(HEX, 8),))
    specimen = shaped("ab_key", "key", shape)
    assert (specimen.kind, specimen.key, specimen.needs_key) == ("ab_key", "key", False)
    assert specimen.valid(random.Random(3)) == shape.valid(random.Random(3))
    assert specimen.broken(random.Random(3)) == shape.broken(random.Random(3))
