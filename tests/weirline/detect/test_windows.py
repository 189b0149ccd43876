from __future__ import annotations

import pytest

from tests.weirline.detect.sample import CARD, KEY, MAIL, detector
from weirline.detect.chain import Chain
from weirline.detect.detector import Context
from weirline.detect.windows import merged
from weirline.rulepack.compiled_chain import build_chain

NAMED = detector(
    r"\b\d{9}\b", 9, name="named", context=Context(words=("tax id", "ssn"), required=True)
)
CHAINS = [
    build_chain((KEY, CARD, MAIL, NAMED), with_class_finder=False),
    build_chain((KEY, CARD, MAIL, NAMED)),
]
chains = pytest.mark.parametrize("chain", CHAINS, ids=["engine alone", "as built"])


def found(chain: Chain, text: bytes) -> list[bytes]:
    findings, _ = chain.scan(text)
    return [text[one.start : one.end] for one in findings]


@chains
def test_kind_that_needs_a_word_is_found_around_it_alone(chain: Chain) -> None:
    text = b"536904399 " + b"." * 600 + b" Tax-ID: 536904398 " + b"." * 600 + b" 536904397"
    assert found(chain, text) == [b"536904398"]


@pytest.mark.parametrize("with_class_finder", [False, None])
def test_text_without_a_word_of_theirs_triggers_no_kind_that_needs_one(
    with_class_finder: bool | None,
) -> None:
    chain = build_chain((NAMED,), with_class_finder=with_class_finder)
    assert not chain.triggered(b'{"order":536904399}' * 50)
    assert chain.triggered(b'{"ssn":536904399}')


@chains
def test_word_in_the_head_of_a_table_reaches_its_last_line(chain: Chain) -> None:
    table = b"id,ssn\n" + b"1,123\n" * 500
    assert found(chain, table + b"1,536904399\n") == [b"536904399"]


@chains
def test_flood_of_a_literal_hides_no_value_behind_it(chain: Chain) -> None:
    text = b"key_01234567 " * 70_000 + b"key_0123456789abcdef ssn 536904399"
    assert found(chain, text) == [b"key_0123456789abcdef", b"536904399"]


@chains
def test_flood_of_a_shape_hides_no_value_behind_it(chain: Chain) -> None:
    text = b"a@a " * 80_000 + b"jo@example.org 4111 1111 1111 1111"
    assert found(chain, text) == [b"jo@example.org", b"4111 1111 1111 1111"]


def test_windows_that_touch_are_one_and_none_leaves_the_text() -> None:
    assert list(merged([(5, 9), (-3, 2), (8, 30), (2, 3)], 20)) == [(0, 3), (5, 20)]
    assert list(merged([(-5, 50)], 10)) == [(0, 10)]
