"""Reads a policy file: text in, a checked policy out, or everything that is wrong with it.

The same problems in the same words whoever asks (server, command line, tests). Two steps: first the
shape of the whole text, then, if that is right, names and sense. Each step reports all it finds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from weirline.detect.detector import Detector
from weirline.errors import PolicyError
from weirline.policy.check import PolicyCheck
from weirline.policy.fault import SHAPE, Faults, Path
from weirline.policy.policy import Policy
from weirline.policy.shape import ShapeCheck
from weirline.rulepack.cost import Clock
from weirline.rulepack.entry import Place
from weirline.rulepack.yaml_text import read_tree


class Checked(NamedTuple):
    """A good policy, and where each of its parts stands in the text."""

    policy: Policy
    places: Mapping[Path, Place]


def parse_policy(text: str, file: str, detectors: Sequence[Detector], *, today: str = "") -> Policy:
    """Return the policy written in `text` without running its own detectors; see `check_policy`."""
    return check_policy(text, file, detectors, today=today).policy


def check_policy(
    text: str,
    file: str,
    detectors: Sequence[Detector],
    *,
    today: str = "",
    clock: Clock | None = None,
) -> Checked:
    """Return the policy written in `text`, checked against `detectors`, with its places.

    `file` names the text in messages. `today` (YYYY-MM-DD) is given where a policy is submitted:
    then an exception that is past is a fault; where one runs, it just no longer applies. With
    `clock` (CPU seconds) its own detectors are run to prove them, tenths of a second each. Raises
    PolicyError with every problem, in order of the text; no message quotes the text. Cost:
    milliseconds for each hundred lines; never on the hot path.
    """
    faults = Faults(file)

    def complain(place: Place, mend: str) -> None:
        faults.add(SHAPE, (), place, mend)

    tree = read_tree(text, complain)
    shape = ShapeCheck(faults)
    plain = None if tree is None else shape.check(tree, msgspec.inspect.type_info(Policy))
    if faults:
        raise PolicyError(faults.sorted())
    policy = msgspec.convert(plain, Policy)
    PolicyCheck(policy, detectors, shape.places, faults, today=today).check()
    if faults:
        raise PolicyError(faults.sorted())
    if clock is not None and policy.detectors:
        from weirline.policy.own_detector_check import own_entries, prove  # 50 ms to load

        problems = prove(own_entries(policy.detectors, shape.places, file), clock)
        if problems:
            raise PolicyError(problems)
    return Checked(policy, shape.places)
