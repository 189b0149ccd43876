from __future__ import annotations

import pytest

from tests.weirline.detect.sample import CARD, KEY, MAIL
from weirline.rulepack.compiled_chain import build_chain, compile_chain, load_chain

DETECTORS = (KEY, CARD, MAIL)
TEXT = b"a.b@c.de 4111111111111111 key_0123456789abcdef"


@pytest.fixture(scope="module")
def stored() -> bytes:
    return compile_chain(DETECTORS)


def test_stored_chain_finds_what_the_compiled_one_does(stored: bytes) -> None:
    loaded = load_chain(DETECTORS, stored)
    assert loaded is not None
    assert loaded.scan(TEXT) == build_chain(DETECTORS).scan(TEXT)
    assert len(loaded.scan(TEXT)[0]) == 3


@pytest.mark.parametrize("at", [0, 5, 40, -40, -1])
def test_damaged_chain_is_not_loaded(stored: bytes, at: int) -> None:
    broken = bytearray(stored)
    broken[at] ^= 1
    loaded = load_chain(DETECTORS, bytes(broken))
    assert loaded is None or loaded.scan(TEXT) == build_chain(DETECTORS).scan(TEXT)
    assert load_chain(DETECTORS, stored[: len(stored) // 2]) is None


def test_chain_of_other_detectors_is_not_loaded(stored: bytes) -> None:
    assert load_chain(DETECTORS[:2], stored) is None
