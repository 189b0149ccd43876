from __future__ import annotations

import json
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from weirline.detect.validators import luhn
from weirline.policy.decision import Mask
from weirline.redact.mask import mask_value

CARD = b"4111111111111111"
WHOLE = Mask()
LAST_FOUR = Mask(keep_last=4)
MASKS = st.builds(Mask, st.integers(0, 6), st.integers(0, 4))


def masked(text: bytes, value: bytes, mask: Mask = WHOLE) -> bytes:
    start = text.index(value)
    return mask_value(text, start, start + len(value), mask=mask)


@pytest.mark.parametrize(
    ("value", "mask", "expected"),
    [
        (b"4111-1111 1111/1111", WHOLE, b"****-**** ****/****"),
        (b"4111-1111-1111-1111", LAST_FOUR, b"****-****-****-1111"),
        (b"4111-1111-1111-1111", Mask(6, 4), b"4111-11**-****-1111"),
        (b"123-45-6789", LAST_FOUR, b"***-**-6789"),
        (b"bob.smith@shop.example", WHOLE, b"***.*****@****.*******"),
        (b"AB\r\nCD\nEF", WHOLE, b"**\r\n**\n**"),
        ("né@x.example".encode(), WHOLE, b"***@*.*******"),
        (b"bob%40shop.example", WHOLE, b"***%40****.*******"),
        (b"a%C3%A9bcdefgh", LAST_FOUR, b"**********efgh"),
    ],
)
def test_separators_stay_and_kept_characters_are_counted_without_them(
    value: bytes, mask: Mask, expected: bytes
) -> None:
    assert masked(b"see " + value + b" there", value, mask) == expected


def test_nothing_is_kept_where_less_than_a_third_would_be_hidden() -> None:
    assert masked(b"x 1234567890 y", b"1234567890", Mask(6, 4)) == b"*" * 10
    assert masked(b"x 30569309025904 y", b"30569309025904", Mask(6, 4)) == b"*" * 14
    assert masked(b"x 378282246310005 y", b"378282246310005", Mask(6, 4)) == b"378282*****0005"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (rb'"one\nnbob@shop.example"', rb'"one\n****@****.*******"'),
        (rb'"bob\u00e9x@shop.example"', rb'"**********@****.*******"'),
        (rb'"a\"b\\c\/d\tefg@h"', rb'"*******\/*\t***@*"'),
        (rb'"\ud83d\ude00secret"', rb'"******************"'),
        (rb'"-----BEGIN KEY-----\r\nAB\\nCD"', rb'"-----***** ***-----\r\n**\\n**"'),
    ],
)
def test_escape_in_a_json_string_goes_whole_or_stays_whole(text: bytes, expected: bytes) -> None:
    value = text.split(rb"\n", 1)[1][:-1] if text.startswith(rb'"one') else text[1:-1]
    assert text.replace(value, masked(text, value)) == expected
    json.loads(expected)


def test_rest_of_an_escape_that_began_before_the_value_stays() -> None:
    text = rb'"\nbob@shop.example and \u00e9bob@x.example"'
    start = text.index(b"nbob")
    assert mask_value(text, start, start + 17, mask=WHOLE) == b"n***@****.*******"
    start = text.index(b"e9bob")
    assert mask_value(text, start, start + 15, mask=WHOLE) == b"e9***@*.*******"


def test_part_of_an_escape_at_the_end_of_the_value_stays() -> None:
    for text, end in ((rb'"secret\"rest"', 8), (rb'"secret\u00e9"', 10)):
        result = mask_value(text, 1, end, mask=WHOLE)
        json.loads(text[:1] + result + text[end:])


def test_half_of_a_surrogate_pair_is_never_kept() -> None:
    text = rb'"abcdefgh\ud83d\ude00"'
    result = mask_value(text, 1, len(text) - 1, mask=Mask(keep_last=1))
    assert result == rb"********\ud83d\ude00"


@pytest.mark.parametrize(
    "text",
    [
        b'{"pan": %b}',
        b'{"pan":%b,"next":1}',
        b'{"pan" :\n%b\n, "next": 1}',
        b"[%b]",
        b"[1, %b, true]",
        b'["a", %b]',
        b"[null,%b]",
        b'{"pan":-%b}',
        b'{"pan":%b.25}',
        b'{"pan":0.%b}',
        b'{"pan":%be2}',
        b"%b",
        b" %b\n",
        b'{"pan":' + b" " * 100 + b"%b" + b" " * 100 + b"}",
    ],
)
@pytest.mark.parametrize("mask", [WHOLE, LAST_FOUR, Mask(6, 4)])
def test_bare_json_number_becomes_digits_that_pass_no_check(text: bytes, mask: Mask) -> None:
    text = text % CARD
    start = text.index(CARD)
    result = mask_value(text, start, start + len(CARD), mask=mask)
    json.loads(text[:start] + result + text[start + len(CARD) :])
    assert result.isdigit()
    assert result != CARD
    assert not luhn.is_valid(result)
    assert result.endswith(CARD[len(CARD) - mask.keep_last :])


@pytest.mark.parametrize(
    "text",
    [b'{"pan":"%b"}', b"pan=%b&x=1", b"card: %b, thanks", b"<td>%b</td>", b"Bob,%b,EUR", b"x %b"],
)
def test_digits_in_text_become_asterisks(text: bytes) -> None:
    assert masked(text % CARD, CARD) == b"*" * 16


def by_hand(text: str, mask: Mask) -> bytes:
    """What a person with a pencil would make of a value, character by character."""
    places = [place for place, one in enumerate(text) if one not in " -./@:"]
    hidden = len(places) - mask.keep_first - mask.keep_last
    kept: set[int] = set()
    if hidden >= 4 and hidden * 3 >= len(places):
        kept = {*places[: mask.keep_first], *places[len(places) - mask.keep_last :]}
    return b"".join(
        b"*" * len(one.encode()) if place in places and place not in kept else one.encode()
        for place, one in enumerate(text)
    )


@given(text=st.text("ab1-. @", max_size=24) | st.text("ab1-. @é€😀", max_size=24), mask=MASKS)
def test_any_text_is_masked_as_a_person_would_mask_it(text: str, mask: Mask) -> None:
    value = text.encode()
    surrounded = b"x" + value + b"x"
    assert mask_value(surrounded, 1, 1 + len(value), mask=mask) == by_hand(text, mask)


@given(before=st.binary(max_size=80), value=st.binary(min_size=1, max_size=60), mask=MASKS)
@example(before=b"\\", value=b"u00", mask=WHOLE)
def test_any_bytes_keep_their_length(before: bytes, value: bytes, mask: Mask) -> None:
    text = before + value + before
    assert len(mask_value(text, len(before), len(before) + len(value), mask=mask)) == len(value)


@given(
    content=st.text(max_size=12)
    | st.text(alphabet='"\\/\n\r\t\b\fné😀u0', min_size=1, max_size=12),
    nested=st.integers(0, 2),
    ascii_only=st.booleans(),
    cut=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    mask=MASKS,
)
def test_json_still_parses_after_any_part_of_a_string_is_masked(
    content: str, nested: int, ascii_only: bool, cut: tuple[float, float], mask: Mask
) -> None:
    document: object = [f"BEGIN{content}END", 1]
    for _ in range(nested):
        document = [json.dumps(document, ensure_ascii=ascii_only)]
    text = json.dumps(document, ensure_ascii=ascii_only).encode()
    first, last = text.index(b"BEGIN") + 5, text.rindex(b"END")
    begin, end = (first + round(share * (last - first)) for share in sorted(cut))
    result = text[:begin] + mask_value(text, begin, end, mask=mask) + text[end:]
    assert len(result) == len(text)
    again = json.loads(result.decode())
    for _ in range(nested):
        again = json.loads(again[0])
    assert again[1] == 1


@given(
    digits=st.text(string.digits, min_size=8, max_size=19).filter(lambda text: text[0] != "0"),
    surrounding=st.sampled_from(['{"a":%s}', "[%s,1]", '{"a": %s , "b":2}', "%s"]),
    mask=MASKS,
)
@example(digits="9" * 16, surrounding="%s", mask=WHOLE)
@example(digits="9" * 15 + "8", surrounding="%s", mask=WHOLE)
def test_any_bare_number_is_gone_and_fails_the_check_digit(
    digits: str, surrounding: str, mask: Mask
) -> None:
    text = (surrounding % digits).encode()
    start = text.index(digits.encode())
    end = start + len(digits)
    result = mask_value(text, start, end, mask=mask)
    assert result != digits.encode()
    assert not luhn.is_valid(result)
    json.loads(text[:start] + result + text[end:])
