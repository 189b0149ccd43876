"""Secrets of providers that a shape describes in full."""

from __future__ import annotations

import random

from weirline.detect.linear_regex import LinearRegex
from weirline.rulepack.shipped import shipped_packs
from weirline.specimen.provider_secrets import PROVIDER_SECRETS

VALUES = 5
MEM_BYTES = 2 << 20
DETECTORS = {detector.id: detector for detector in shipped_packs().detectors}


def test_each_kind_has_one_maker() -> None:
    kinds = [specimen.kind for specimen in PROVIDER_SECRETS]
    assert len(kinds) > 350
    assert len(set(kinds)) == len(kinds)
    assert set(kinds) <= set(DETECTORS)


def test_keys_are_short_names() -> None:
    for specimen in PROVIDER_SECRETS:
        assert specimen.key.isidentifier()
        assert len(specimen.key) < 32


def test_values_have_the_form_of_their_detector_and_broken_ones_do_not(
    rng: random.Random,
) -> None:
    for specimen in PROVIDER_SECRETS:
        detector = DETECTORS[specimen.kind]
        form = LinearRegex(detector.pattern, caseless=detector.caseless, max_mem_bytes=MEM_BYTES)
        for _ in range(VALUES):
            value = specimen.valid(rng)
            text = b"%b = %b\n" % (specimen.key.encode(), value)
            found = form.find(text, 0, len(text))
            assert found is not None, specimen.kind
            assert text[slice(*found[1])] == value, specimen.kind
            text = b"%b = %b\n" % (specimen.key.encode(), specimen.broken(rng))
            assert form.find(text, 0, len(text)) is None, specimen.kind


def test_kinds_without_a_mark_need_their_name(rng: random.Random) -> None:
    for specimen in PROVIDER_SECRETS:
        if specimen.needs_key:
            detector = DETECTORS[specimen.kind]
            form = LinearRegex(
                detector.pattern, caseless=detector.caseless, max_mem_bytes=MEM_BYTES
            )
            text = b"entry = %b\n" % specimen.valid(rng)
            assert form.find(text, 0, len(text)) is None, specimen.kind
