"""What ships finds, `rewrite` masks: every kind in every surrounding, by the real scanner."""

from __future__ import annotations

import json
import random
from html import unescape
from urllib.parse import unquote_plus

import pytest

from tests.rules.surrounding import SURROUNDINGS, Surrounding
from weirline.policy.decision import Mask, Redaction
from weirline.redact.rewrite import rewrite
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner, build_scanner
from weirline.specimen import SPECIMENS

NUMBERS = {
    "number": Surrounding('{"n":1,"{key}":', "}"),
    "number among numbers": Surrounding('{"{key}":[1, ', ",2]}"),
}
SHIPPED = {detector.id: detector for detector in shipped_detectors()}
SHORT = {"card_security_code"}  # three digits stand in the surroundings, too
KINDS = sorted((SHIPPED.keys() & SPECIMENS.keys()) - SHORT)
MASKS = (Mask(), Mask(keep_last=4), Mask(keep_first=6, keep_last=4))


@pytest.fixture(scope="module")
def scanner() -> TextScanner:
    return build_scanner(shipped_detectors())


def masked(text: bytes, scanner: TextScanner, mask: Mask) -> bytes:
    """The text with everything masked that is found, and nothing else changed."""
    found = scanner.scan(text).findings
    result = rewrite(text, [Redaction(finding, mask) for finding in found])
    assert len(result) == len(text)
    position = 0
    for finding in found:
        assert result[position : finding.start] == text[position : finding.start]
        position = finding.end
    assert result[position:] == text[position:]
    return result


def readings(text: bytes) -> list[str]:
    """The text as it stands, and as readers of JSON, forms and HTML would read it."""
    plain = text.decode()
    slashes = plain.replace('\\"', '"').replace("\\/", "/").replace("\\n", "\n")
    return [plain, slashes, unquote_plus(plain), unescape(plain)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_value_of_any_kind_is_gone_and_its_surrounding_unharmed(
    kind: str, scanner: TextScanner, rng: random.Random
) -> None:
    specimen = SPECIMENS[kind]
    for name, place in SURROUNDINGS.items():
        if name == "key glued on" and SHIPPED[kind].category == "server_internals":
            continue  # no server glues a name to its messages
        value = specimen.valid(rng)
        text, _, _ = place.around(specimen.key, value)
        for mask in MASKS:
            result = masked(text, scanner, mask)
            for reading in readings(result):
                assert value.decode() not in reading, name
            if "json" in name:
                json.loads(result)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("payment_card", "number"),
        ("payment_card", "number among numbers"),
        ("us_ssn_unformatted", "number"),
    ],
)
def test_number_in_json_stays_a_number_and_is_not_found_again(
    kind: str, name: str, scanner: TextScanner, rng: random.Random
) -> None:
    specimen = SPECIMENS[kind]
    for _ in range(50):
        value = specimen.valid(rng)
        if not value.isdigit() or value.startswith(b"0"):
            continue
        text, start, end = NUMBERS[name].around(specimen.key, value)
        json.loads(text)
        result = masked(text, scanner, Mask())
        assert result[start:end].isdigit()
        assert result[start:end] != value
        json.loads(result)
        assert not scanner.scan(result).findings


@pytest.mark.parametrize("kind", ["payment_card", "iban", "email", "jwt", "private_key"])
def test_masked_text_is_found_by_nothing(
    kind: str, scanner: TextScanner, rng: random.Random
) -> None:
    specimen = SPECIMENS[kind]
    for place in SURROUNDINGS.values():
        text, _, _ = place.around(specimen.key, specimen.valid(rng))
        result = masked(text, scanner, Mask())
        assert not scanner.scan(result).findings
