from __future__ import annotations

import re
from random import Random

import msgspec
import pytest

from tests.fakes.fast_transport import FULL
from weirline.detect.class_finder import (
    ClassSequence,
    Filter,
    class_program,
    find_classes,
    quiet_check,
)
from weirline.detect.validators import card
from weirline.rulepack.class_anchor import DIGITS, share

pytestmark = FULL

SIGNS = (b"\\", b"%", b"&", b"+", b"=", b"\0", b"\x80", b"\xff", b"@")
ALL = (1 << 256) - 1
WORD = sum(1 << byte for byte in b"0123456789abcdefghijklmnopqrstuvwxyz_")
DASH = 1 << ord("-")
SSN = ClassSequence((ALL & ~WORD, *[DIGITS] * 3, DASH, *[DIGITS] * 2, DASH, *[DIGITS] * 4))
AT = ClassSequence((WORD, 1 << ord("@"), WORD))
RUN = ClassSequence((ALL & ~WORD, *[DIGITS] * 12, ALL & ~WORD))
SCHEME = ClassSequence((ALL & ~WORD, *[DIGITS] * 12), Filter.CARD_WHOLE, fenced=True)
CARD = ClassSequence((ALL & ~WORD, *[DIGITS] * 12), Filter.LUHN_WHOLE, fenced=True)


def ends(text: bytes, *sequences: ClassSequence, most: int = 100) -> list[list[int]]:
    program = class_program(sequences, share)
    assert program is not None
    found = find_classes(program, text, most)
    return [found.ends.get(index, []) for index in range(len(sequences))]


def slowly(text: bytes, sequence: ClassSequence) -> list[int]:
    """The same by looking at every place; what stands around a text is of every class."""
    size = len(sequence.classes)
    return [
        min(start + size, len(text))
        for start in range(-1, len(text) - size + 2)
        if all(
            not 0 <= start + at < len(text) or mask >> text[start + at] & 1
            for at, mask in enumerate(sequence.classes)
        )
    ]


def test_random_texts_give_what_a_look_at_every_place_gives() -> None:
    rng = Random(20261125)
    for _ in range(300):
        letters = rng.choice([b"0123-", b"01-a ", b"@a.", b"0123456789"])
        text = bytes(rng.choices(letters, k=rng.randrange(600)))
        for sequence, found in zip(
            (SSN, AT, RUN), ends(text, SSN, AT, RUN, most=9999), strict=True
        ):
            assert found == slowly(text, sequence), text


@pytest.mark.parametrize("place", [0, 1, 63, 64, 250, 255, 256, 257, 511, 512, 1000])
def test_sequence_is_found_across_every_border_of_a_block(place: int) -> None:
    text = b" " * place + b"536-90-4399" + b" " * 40
    assert ends(text, SSN) == [[place + 11]]
    assert ends(text[: place + 11], SSN) == [[place + 11]]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        (b"4111111111111111", 1),
        (b"4111111111111112", 0),
        (b"411111111111 1111", 1),
        (b"41111111111111110", 0),
        (b"4111111111111111,5", 1),
    ],
)
def test_digits_with_a_wrong_luhn_digit_are_not_told(text: bytes, hits: int) -> None:
    assert len(ends(text, CARD)[0]) == hits


def test_cards_are_told_from_other_digits_as_their_check_does() -> None:
    program = class_program((SCHEME,), share)
    assert program is not None
    rng = Random(20261127)
    told = 0
    for _ in range(20_000):
        beginning = rng.choice([b"4", b"51", b"36", b"5018", b"0604", b"2221", b"62", b"9", b"384"])
        rest = rng.choices(b"0123456789", k=rng.randrange(11, 18))
        text = b" ".join((beginning + bytes(rest), b"7" * rng.randrange(3)))
        digits = text.translate(None, b" ")
        ended = {
            size for size in range(12, 20) if size in (len(beginning) + len(rest), len(digits))
        }
        valid = any(card.is_valid(digits[:size]) for size in ended)
        found = bool(find_classes(program, text, 1).ends)
        assert found == valid, text
        told += found
    assert told > 500


def test_hit_that_floods_is_given_up_and_hides_no_other() -> None:
    program = class_program((AT, SSN), share)
    assert program is not None
    found = find_classes(program, b"a@a@" * 100 + b" 536-90-4399", 10)
    assert len(found.ends[0]) == 10
    assert found.given_up == {0: 23}
    assert found.ends[1] == [412]


def test_more_sequences_than_the_finder_takes_make_no_program() -> None:
    masks = [1 << (one % 128) | 1 << (one // 128) for one in range(2000)]
    assert class_program([ClassSequence((mask, mask)) for mask in masks], share) is None


def test_damaged_program_is_refused_not_run() -> None:
    program = class_program((SSN,), share)
    assert program is not None
    broken = type(program)(
        program.tables[:20], program.gates, program.nodes, program.sequences, program.order
    )
    with pytest.raises(ValueError, match="not a program"):
        find_classes(broken, b"text", 1)


def test_classes_are_those_of_python_too() -> None:
    text = bytes(range(256)) * 3
    words = re.compile(rb"[0-9a-z_]{3}")
    found = ends(text, ClassSequence((WORD, WORD, WORD)), most=9999)[0]
    inside = [end for end in found if end >= 3 and words.fullmatch(text, end - 3, end)]
    assert inside == [at + 3 for at in range(len(text) - 2) if words.match(text, at)]


def test_quiet_is_a_text_where_nothing_stands_and_nothing_is_written_another_way() -> None:
    first, second = class_program((SSN, CARD), share), class_program((AT,), share)
    assert first is not None
    assert second is not None
    quiet = quiet_check(first, second)
    assert quiet is not None
    rng = Random(20261126)
    answers = {True: 0, False: 0}
    for _ in range(3000):
        letters = rng.choice([b"0123-", b"01-a ", b"a. ", b"abcdefgh ,:{}"])
        text = bytes(rng.choices(letters, k=rng.randrange(600)))
        if rng.random() < 0.3:
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice(SIGNS)
            text += bytes(rng.choices(letters, k=rng.randrange(80)))
        stands = any(find_classes(each, text, 1).ends for each in (first, second))
        signs = not text.isascii() or any(sign in text for sign in b"\\%&+=\0")
        assert quiet(text) == (not stands and not signs), text
        answers[quiet(text)] += 1
    assert min(answers.values()) > 500


def test_quiet_takes_nothing_but_programs_and_bytes() -> None:
    program = class_program((SSN,), share)
    assert program is not None
    quiet = quiet_check(program, program)
    assert quiet is not None
    with pytest.raises(TypeError):
        quiet("text")  # type: ignore[arg-type]  # that is the test
    broken = msgspec.structs.replace(program, tables=program.tables[:20])
    with pytest.raises(ValueError, match="not a program"):
        quiet_check(program, broken)
