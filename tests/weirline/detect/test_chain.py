from __future__ import annotations

import msgspec

from tests.weirline.detect.sample import CARD, KEY, MAIL, chain, detector, found
from weirline.detect.detector import Context, Severity

CONTEXT = Context(words=("secret",), against=("sample",), within=20, confidence=0.4)

# Looks like a card's digits, and none of them passes its check.
NEVER = msgspec.structs.replace(CARD, validator="us_ssn")


def test_text_without_a_trigger_has_no_finding() -> None:
    assert chain(CARD, KEY).scan(b"nothing here" * 100) == ([], frozenset())


def test_finding_says_what_and_where_and_never_holds_the_value() -> None:
    findings, capped = chain(KEY).scan(b"a key_0123456789abcdef b")
    assert [tuple(one) for one in findings] == [("key", "secrets", 2, 22, 0.9, ())]
    assert not capped


def test_several_kinds_are_found_in_one_text() -> None:
    text = b"a.b@c.de 4111111111111111 key_0123456789abcdef"
    assert found(text, CARD, KEY, MAIL) == text.split(b" ")


def test_word_nearby_raises_confidence_and_never_above_one() -> None:
    weak = detector(r"\bn\d{4}\b", 5, confidence=0.3, context=CONTEXT)
    sure = detector(r"\bn\d{4}\b", 5, confidence=0.9, context=CONTEXT)
    text = b"secret n1234" + b" " * 30 + b"n1235\nsample n1236"
    assert [one.confidence for one in chain(weak).scan(text)[0]] == [0.7, 0.3]
    assert [one.confidence for one in chain(sure).scan(text)[0]] == [1.0, 0.9]


def test_required_word_that_is_missing_drops_the_candidate() -> None:
    required = Context(words=("secret",), within=20, required=True)
    weak = detector(r"\bn\d{4}\b", 5, context=required)
    assert found(b"n1234, secret: n1235", weak) == [b"n1235"]


def test_of_two_kinds_the_one_named_in_full_wins() -> None:
    words = {"one": ("birth number", "czech birth"), "two": ("birth number", "slovak birth number")}
    kinds = [
        detector(r"\bn\d{4}\b", 5, name=name, context=Context(words=words[name], required=True))
        for name in words
    ]
    for country, name in (("czech", "one"), ("slovak", "two")):
        text = f"my {country} birth number is n1234".encode()
        assert [finding.detector for finding in chain(*kinds).scan(text)[0]] == [name]


def test_checked_card_beats_the_mail_around_it() -> None:
    mild = detector(MAIL.pattern, 90, name="mail", trigger=MAIL.trigger, severity=Severity.LOW)
    text = b"to 4111111111111111@example.com"
    assert found(text, mild, CARD) == [b"4111111111111111"]


def test_scan_stops_at_the_most_findings_and_says_so() -> None:
    findings, capped = chain(KEY, max_findings=5).scan(b"key_0123456789abcdef " * 9)
    assert len(findings) == 5
    assert capped


def test_scan_that_ran_out_of_tries_says_so() -> None:
    findings, capped = chain(NEVER, max_findings=3).scan(b"9111 1111 1111 1110 , " * 30)
    assert findings == []
    assert capped


def test_flood_of_one_kind_hides_no_value_of_another() -> None:
    text = b"9111 1111 1111 1110 , " * 700 + b"key_0123456789abcdef"
    findings, capped = chain(NEVER, KEY, max_findings=100).scan(text)
    assert [one.detector for one in findings] == ["key"]
    assert capped == {NEVER.id}


def test_triggered_tells_a_text_that_needs_a_look() -> None:
    assert chain(KEY).triggered(b"key_01234567")
    assert not chain(KEY).triggered(b"key")


def test_chain_names_its_detectors() -> None:
    assert chain(KEY, CARD).detectors == (KEY, CARD)


def test_kind_whose_values_fail_too_often_is_given_up_and_named_and_a_critical_one_later() -> None:
    failing = detector(r"\bq\d{4}\b", 5, name="failing", validator="luhn")
    critical = detector(
        r"\bq\d{4}\b", 5, name="critical", validator="luhn", severity=Severity.CRITICAL
    )
    findings, capped = chain(failing, critical, KEY).scan(b"q1234 " * 700 + b"key_0123456789abcdef")
    assert [one.detector for one in findings] == ["key"]
    assert capped == {"failing"}


def test_explanation_names_the_word_and_what_context_dropped() -> None:
    weak = detector(r"\bn\d{4}\b", 5, confidence=0.3, context=CONTEXT)
    told = list(chain(weak).explain(b"secret n1234" + b" " * 30 + b"\nsample n1235"))
    assert [(one.seen.word, one.confidence) for one in told] == [("secret", 0.7), ("sample", None)]
