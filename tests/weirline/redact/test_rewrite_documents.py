"""Masked documents stay documents: parsed by the readers of Python's standard library."""

from __future__ import annotations

from random import Random
from xml.etree import ElementTree

import pytest

from tests.conftest import seed_of_values
from tests.weirline.redact.document import CONTENT_TYPES, ContentType, plain_texts, values
from weirline.policy.decision import Mask, Redaction
from weirline.redact.rewrite import rewrite
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner, build_scanner
from weirline.specimen import SPECIMENS

MASKS = (Mask(), Mask(keep_last=4), Mask(keep_first=6, keep_last=4))
SAMPLE = 30
ALL = 10_000


@pytest.fixture(scope="module")
def scanner() -> TextScanner:
    return build_scanner(shipped_detectors())


def judge(content_type: ContentType, scanner: TextScanner, seed: str) -> None:
    """Make one document, mask all that is found in it, and compare the two."""
    rng = Random(seed)
    planted = values(rng)
    document = content_type.make(rng, planted)
    before = content_type.read(document)
    found = scanner.scan(document).findings
    mask = rng.choice(MASKS)
    masked = rewrite(document, [Redaction(finding, mask) for finding in found])
    assert len(masked) == len(document)
    position = 0
    for finding in found:
        assert masked[position : finding.start] == document[position : finding.start]
        position = finding.end
    assert masked[position:] == document[position:]
    after = content_type.read(masked)
    assert after.shape == before.shape
    assert len(after.texts) == len(before.texts)
    for _, value in planted:
        for text in plain_texts(after):
            assert value not in text


@pytest.mark.slow
@pytest.mark.parametrize("content_type", CONTENT_TYPES, ids=lambda one: one.name)
def test_masked_document_parses_as_before_and_differs_in_values_only(
    content_type: ContentType, scanner: TextScanner
) -> None:
    for number in range(SAMPLE):
        judge(content_type, scanner, f"{seed_of_values()}:{content_type.name}:{number}")


@pytest.mark.full
@pytest.mark.long
@pytest.mark.parametrize("content_type", CONTENT_TYPES, ids=lambda one: one.name)
def test_ten_thousand_masked_documents_parse_as_before(
    content_type: ContentType, scanner: TextScanner
) -> None:
    for number in range(ALL):
        judge(content_type, scanner, f"{seed_of_values()}:all:{content_type.name}:{number}")


@pytest.mark.promise(19)
def test_soap_body_with_a_social_security_number_is_masked_and_well_formed(
    scanner: TextScanner, rng: Random
) -> None:
    value = SPECIMENS["us_ssn"].valid(rng).decode()
    for written in (value, f"<![CDATA[{value}]]>", value.replace("-", "&#45;")):
        body = (
            "<?xml version='1.0'?><s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'>"
            f"<s:Body><m:p xmlns:m='urn:x'><ssn>{written}</ssn></m:p></s:Body></s:Envelope>"
        ).encode()
        found = scanner.scan(body).findings
        assert [finding.detector for finding in found] == ["us_ssn"]
        masked = rewrite(body, [Redaction(finding, Mask()) for finding in found])
        assert len(masked) == len(body)
        (text,) = ElementTree.fromstring(masked).itertext()  # noqa: S314
        assert set(text) <= set("*-. ")
