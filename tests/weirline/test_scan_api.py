"""The scanner as programs call it: `from weirline.scan import Scanner`."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from weirline.errors import DetectorError, LimitExceeded
from weirline.policy.decision import Mask
from weirline.scan import Scanner
from weirline.specimen import SPECIMENS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner()


def test_scanner_of_programs_finds_and_masks_what_the_pack_knows(
    scanner: Scanner, rng: random.Random
) -> None:
    mail = SPECIMENS["email"].valid(rng)
    text = b'{"to":"' + mail + b'"}'
    (finding,) = scanner.scan(text)
    assert (finding.detector, text[finding.start : finding.end]) == ("email", mail)
    redacted = scanner.redact(text)
    assert (len(redacted), mail in redacted) == (len(text), False)
    assert json.loads(redacted).keys() == {"to"}
    assert scanner.redact(text, mask=Mask(keep_last=4)).endswith(mail[-4:] + b'"}')


def test_scanner_of_programs_refuses_a_pack_that_does_not_ship() -> None:
    with pytest.raises(DetectorError, match="one of the packs"):
        Scanner("nonsense")


def test_scanner_of_programs_may_be_used_by_several_threads_at_once(
    scanner: Scanner, rng: random.Random
) -> None:
    texts = [b"to " + SPECIMENS["email"].valid(rng) + b" x" * size for size in range(200)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(scanner.scan, texts * 5))
    assert found == [scanner.scan(text) for text in texts] * 5
    assert all(len(each) == 1 for each in found)


def test_scanner_of_programs_gives_no_answer_that_leaves_findings_out(
    monkeypatch: pytest.MonkeyPatch, rng: random.Random
) -> None:
    monkeypatch.setattr("weirline.scan.MOST_FINDINGS", 3)
    scanner = Scanner("pci")
    cards = [b"card " + SPECIMENS["payment_card"].valid(rng) for _ in range(6)]
    assert len(scanner.scan(b"; ".join(cards[:2]))) == 2
    for call in (scanner.scan, scanner.redact):
        with pytest.raises(LimitExceeded, match="max_findings"):
            call(b"; ".join(cards))
