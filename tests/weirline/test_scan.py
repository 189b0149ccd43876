from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from random import Random
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.weirline.detect.sample import ARMOUR, CARD, KEY, MAIL, chain
from weirline.detect.detector import StreamUse
from weirline.detect.hyperscan_matcher import HyperscanMatcher
from weirline.detect.matcher import Expression, Hits, Matcher
from weirline.flow.hold_back import HoldBack
from weirline.flow.limits import Limits
from weirline.policy.decision import Mask
from weirline.redact.mask import mask_value
from weirline.rulepack.compiled_chain import build_chain
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner, build_scanner, compile_database, load_scanner
from weirline.specimen.registry import SPECIMENS

SAMPLES = (CARD, KEY, ARMOUR, MAIL)
SCANNER = TextScanner(chain(*SAMPLES))
CARD_TEXT = "4111 1111 1111 1111"
ARMOUR_TEXT = "-----BEGIN KEY-----\nAAAA/BBB+\nCC==\n-----END KEY-----"


def found(text: bytes, scanner: TextScanner = SCANNER) -> list[bytes]:
    return [text[one.start : one.end] for one in scanner.scan(text).findings]


def escaped(text: str, times: int) -> str:
    for _ in range(times):
        text = json.dumps(text)[1:-1]
    return text


def test_value_is_found_as_it_stands() -> None:
    assert found(f'{{"pan":"{CARD_TEXT}"}}'.encode()) == [CARD_TEXT.encode()]


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("before", ["\n", "\t", '"', "\r\n", "é", "/"])
def test_value_behind_an_escape_is_found_and_the_escape_is_not_part_of_it(
    before: str, times: int
) -> None:
    value = "key_0123456789abcdef"
    text = f'{{"a":"{escaped(f"x{before}{value}{before}y", times)}"}}'.encode()
    assert found(text) == [value.encode()]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (rb'{"m":"a.b\u0040c.de"}', [rb"a.b\u0040c.de"]),
        (rb'{"m":"key\u005f0123456789abcdef"}', [rb"key\u005f0123456789abcdef"]),
        (b"m=a.b%40c.de&n=1", [b"a.b%40c.de"]),
        (b"n=4111+1111+1111+1111", [b"4111+1111+1111+1111"]),
        (b"n=4111%201111%201111%201111&x", [b"4111%201111%201111%201111"]),
        (b"GET /x?to=%3Ca.b@c.de%3E HTTP/1.1", [b"a.b@c.de"]),
        (rb"C:\key_0123456789abcdef", [b"key_0123456789abcdef"]),
    ],
)
def test_value_written_with_escapes_is_found_where_it_stands(
    text: bytes, values: list[bytes]
) -> None:
    assert found(text) == values


DEPTHS = [2, 3, 4]
DEEP_KINDS = ["email", "payment_card", "us_ssn", "aws_secret_access_key", "slack_bot_token",
              "slack_webhook_url", "private_key"]  # fmt: skip


def as_unicode(value: str) -> str:
    """Write every sign that is no letter or digit as JSON's long escape."""
    return "".join(one if one.isalnum() or one == "\n" else f"\\u{ord(one):04x}" for one in value)


def deeply(value: str, key: str, depth: int, writer: str) -> tuple[bytes, int, int]:
    """Return `value` in JSON in JSON ..., `depth` levels, and where it stands there."""
    for level in range(depth):
        if writer == "unicode" and not level:
            value = as_unicode(value).replace("\n", "\\n")
        else:
            value = escaped(value, 1)
            value = value if writer == "python" else value.replace("/", "\\/")
    before = '{"a":"' + escaped(f'{{"{key}":"', depth - 1)
    text = before + value + escaped('","n":1}', depth - 1) + '"}'
    return text.encode(), len(before), len(before) + len(value)


@pytest.mark.slow
@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("writer", ["unicode", "php"])
@pytest.mark.parametrize("kind", DEEP_KINDS)
def test_value_in_json_in_json_is_found_whole_and_its_mask_keeps_every_level(
    kind: str, writer: str, depth: int, shipped: TextScanner, rng: Random
) -> None:
    specimen = SPECIMENS[kind]
    for mask in (Mask(), Mask(keep_first=2, keep_last=4)):
        value = specimen.valid(rng).decode()
        text, start, end = deeply(value, specimen.key, depth, writer)
        assert json_levels(text, depth)[specimen.key] == value
        ((name, _, low, high, *_),) = shipped.scan(text).findings
        # A key without its END line takes the backslashes of the quote behind it; they stay.
        assert (name, low, text[low:high].rstrip(b"\\")) == (kind, start, text[start:end])
        masked = text[:low] + mask_value(text, low, high, mask=mask) + text[high:]
        assert len(masked) == len(text)
        again = json_levels(masked, depth)
        assert again["n"] == 1
        assert again[specimen.key] != value


def json_levels(text: bytes, depth: int) -> dict[str, object]:
    content = json.loads(text)["a"]
    for _ in range(depth - 2):
        content = json.loads(f'"{content}"')
    document: dict[str, object] = json.loads(content)
    return document


@pytest.mark.slow
@pytest.mark.parametrize("writer", ["unicode", "php"])
@pytest.mark.parametrize("kind", ["email", "payment_card", "us_ssn", "aws_secret_access_key"])
def test_value_in_json_in_json_cut_at_every_offset_is_found(
    kind: str, writer: str, shipped: TextScanner, rng: Random
) -> None:
    specimen = SPECIMENS[kind]
    for depth in DEPTHS:
        text, start, end = deeply(specimen.valid(rng).decode(), specimen.key, depth, writer)
        for cut in range(1, len(text)):
            assert through_hold_back(shipped, text, [cut]) == [(kind, start, end)], cut


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("times", [0, 1, 2])
def test_armoured_key_is_found_whole_however_its_line_breaks_are_written(
    line_break: str, times: int
) -> None:
    key = escaped(ARMOUR_TEXT.replace("\n", line_break), times)
    assert found(f'{{"k":"{key}"}}'.encode()) == [key.encode()]


def test_form_that_holds_json_is_seen_through() -> None:
    body = quote_plus(json.dumps({"m": "x\na.b@c.de"}))
    assert found(f"payload={body}".encode()) == [b"a.b%40c.de"]


class CountingMatcher:
    """Counts the runs of a real matcher."""

    def __init__(self, matcher: Matcher) -> None:
        self.runs = 0
        self._matcher = matcher

    def hits(self, data: bytes, limit: int) -> Hits:
        self.runs += 1
        return self._matcher.hits(data, limit)


@pytest.mark.parametrize(
    ("text", "runs"),
    [(b'{"a": "b", "c": "100%", "at": "12:00+01:00"}', 1), (rb'{"a":"\n"}', 2), (b"a=%40", 2),
     (rb"\u0040 %40", 4), (rb"\u0040", 2)],
)  # fmt: skip
def test_text_without_escapes_is_walked_once(text: bytes, runs: int) -> None:
    counting: list[CountingMatcher] = []

    def make(expressions: Sequence[Expression]) -> CountingMatcher:
        counting.append(CountingMatcher(HyperscanMatcher.compile(expressions)))
        return counting[-1]

    TextScanner(build_chain(SAMPLES, make)).scan(text)
    assert {one.runs for one in counting} == {runs}


def test_scan_keeps_to_the_most_findings_over_all_views() -> None:
    limited = TextScanner(chain(KEY, max_findings=3))
    text = rb"key_0123456789abcdef " * 2 + rb"key\u005f0123456789abcdef " * 2
    findings, capped = limited.scan(text)
    assert len(findings) == 3
    assert capped
    assert limited.scan(rb"key_0123456789abcdef \n" * 2).capped == frozenset()


def test_scan_keeps_to_the_most_findings_where_each_view_has_others() -> None:
    limited = TextScanner(chain(KEY, max_findings=2))
    text = rb"\u006bey_0123456789abcdef %6bey_0123456789abcdef key_0123456789abcdef"
    findings, capped = limited.scan(text)
    assert len(findings) == 2
    assert capped


@pytest.mark.parametrize(
    ("text", "waiting"),
    [
        (b"one two three", b"three"),
        (b"one two three ", b""),
        (b"mail a.b@c", b"a.b@c"),
        (b"\\", b"\\"),
        (b"one two\\", b"two\\"),
        (rb"to a.b\u00", rb"a.b\u00"),
        (rb"to a.b\u0040c.d", rb"a.b\u0040c.d"),
        (b"to a.b\\\\", b"a.b\\\\"),
        (rb"to a.b\\\\u00", rb"a.b\\\\u00"),
        (rb"to a.b\\\\u0040c.d", rb"a.b\\\\u0040c.d"),
        (b"to=a.b%4", b"a.b%4"),
        (b"to=a.b%40c.d", b"a.b%40c.d"),
        (b"x=4111+1111", b"4111+1111"),
        (rb"x\n4111", b"n4111"),
        (rb"-----BEGIN KEY-----\nAAA\n", rb"-----BEGIN KEY-----\nAAA\n"),
        (rb"-----BEGIN KEY-----\nAAA!\n ", b""),
    ],
)
def test_only_what_may_go_on_waits(text: bytes, waiting: bytes) -> None:
    assert text[SCANNER.open_from(text) :] == waiting


PIECES = st.sampled_from(
    [CARD_TEXT, "4111-1111-1111-1111", "key_0123456789abcdef", "a.b@c.de", ARMOUR_TEXT, "key_",
     "4111 ", "-----", "x", " ", "\n", '"', "\\", "/", "é", "%", "+", "=", "&", ".",
     "12", "<", "\x00"]
)  # fmt: skip
WRITERS = st.sampled_from(
    [str, quote, quote_plus, lambda text: escaped(text, 1), lambda text: escaped(text, 2),
     lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
     lambda text: "".join(f"\\\\\\\\u{ord(one):04x}" for one in text),
     lambda text: escaped(escaped(text, 1).replace("/", "\\/"), 1).replace("/", "\\/")]
)  # fmt: skip
TEXTS = st.lists(st.builds(lambda piece, writer: writer(piece), PIECES, WRITERS), max_size=14)


def through_hold_back(
    scanner: TextScanner, text: bytes, cuts: list[int]
) -> list[tuple[str, int, int]]:
    """Return what is found in the pieces that leave, at their places in the whole."""
    held = HoldBack(scanner, Limits())
    seen: list[tuple[str, int, int]] = []
    left = 0
    edges = [0, *sorted({cut % (len(text) + 1) for cut in cuts}), len(text)]
    for low, high in pairwise(edges):
        last = high == len(text) and low == edges[-2]
        release = held.finish(text[low:high]) if last else held.feed(text[low:high])
        shift = left - release.start
        seen += [(one.detector, one.start + shift, one.end + shift) for one in release.findings]
        left += release.end - release.start
    assert left == len(text)
    return seen


@pytest.mark.slow
@given(TEXTS.map(lambda pieces: "".join(pieces).encode()), st.lists(st.integers(0, 10**6)))
def test_stream_cut_anywhere_finds_what_the_whole_holds(text: bytes, cuts: list[int]) -> None:
    whole = [(one.detector, one.start, one.end) for one in SCANNER.scan(text).findings]
    assert through_hold_back(SCANNER, text, cuts) == whole


@pytest.fixture(scope="module")
def shipped() -> TextScanner:
    return build_scanner(shipped_detectors())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["payment_card", "us_ssn", "jwt", "private_key", "email", "iban"])
def test_value_cut_at_every_offset_is_found(kind: str, shipped: TextScanner, rng: Random) -> None:
    specimen = SPECIMENS[kind]
    value = specimen.valid(rng)
    text = json.dumps({specimen.key: value.decode(), "end": 1}).encode()
    whole = [(one.detector, one.start, one.end) for one in shipped.scan(text).findings]
    assert kind in [one[0] for one in whole]
    # A long value: all cuts in its beginning, then one in nine.
    for cut in [*range(min(len(text), 150)), *range(150, len(text), 9)]:
        assert through_hold_back(shipped, text, [cut]) == whole, cut


@pytest.mark.slow
def test_every_kind_streams_as_it_scans(shipped: TextScanner, rng: Random) -> None:
    held = {one.id for one in shipped.detectors if one.stream is not StreamUse.OBSERVE}
    for kind in sorted(held & SPECIMENS.keys()):
        specimen = SPECIMENS[kind]
        value = specimen.valid(rng)
        text = json.dumps([{specimen.key: value.decode()}, {specimen.key: "x"}]).encode()
        whole = [(one.detector, one.start, one.end) for one in shipped.scan(text).findings]
        assert whole, kind
        cuts = [rng.randrange(len(text)) for _ in range(6)]
        assert through_hold_back(shipped, text, cuts) == whole, kind


def test_stored_database_saves_the_compile_and_finds_the_same() -> None:
    stored = compile_database(SAMPLES)
    loaded = load_scanner(SAMPLES, stored)
    assert loaded is not None
    assert loaded.detectors == SAMPLES
    text = f"{CARD_TEXT} key_0123456789abcdef".encode()
    assert loaded.scan(text) == SCANNER.scan(text)
    assert build_scanner(SAMPLES, database=stored).scan(text) == SCANNER.scan(text)


def test_database_of_other_detectors_is_not_used() -> None:
    stored = compile_database(SAMPLES)
    assert load_scanner(SAMPLES[:1], stored) is None
    text = CARD_TEXT.encode()
    assert build_scanner(SAMPLES[:1], database=stored).scan(text).findings
    assert build_chain(SAMPLES[:1]).scan(text)[0]
