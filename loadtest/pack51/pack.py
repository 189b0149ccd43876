"""The 51 detectors the bench runs, frozen, so that its figures stay comparable as rules/ moves on.

detectors.json is a copy of rules/builtin.json; `python -m loadtest.pack51.pack` takes a new one,
which makes older figures in RESULTS.md void.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from weirline.detect.detector import Detector
from weirline.rulepack.shipped import (
    DEFAULT_PACK,
    CompiledPacks,
    compile_packs,
    compiled_text,
    shipped_sources,
)

FROZEN = Path(__file__).with_name("detectors.json")
COUNT = 51


def frozen_detectors() -> tuple[Detector, ...]:
    """Return the detectors of the frozen default pack, in its order."""
    packs = msgspec.json.decode(FROZEN.read_bytes(), type=CompiledPacks)
    by_id = {detector.id: detector for detector in packs.detectors}
    return tuple(by_id[name] for name in packs.packs[DEFAULT_PACK])


def freeze() -> None:
    """Replace the frozen copy by the detectors of the checkout."""
    FROZEN.write_bytes(compiled_text(compile_packs(shipped_sources())))


if __name__ == "__main__":
    freeze()
