from __future__ import annotations

from loadtest.pack51.pack import COUNT, frozen_detectors


def test_frozen_pack_has_its_51_detectors_once_each() -> None:
    detectors = frozen_detectors()
    assert len(detectors) == COUNT == 51
    assert len({detector.id for detector in detectors}) == COUNT
