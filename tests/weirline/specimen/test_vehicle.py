from __future__ import annotations

import random

from weirline.detect.validators.vehicle import is_valid
from weirline.specimen import vehicle


def test_valid_number_passes_and_a_broken_one_fails_its_check(rng: random.Random) -> None:
    for _ in range(200):
        assert is_valid(vehicle.valid(rng))
        assert not is_valid(vehicle.broken(rng))
