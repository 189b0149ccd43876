"""Ordinary traffic holds nothing to find: no secret, no card, no account number, no SSN.

A number that begins like a card, has its length and passes Luhn's check cannot be told from one:
the bodies here hold no such order numbers. Telephone numbers and addresses of hosts truly stand in
some of them (`THERE`). What is counted is everything else that looks a little like a value.
"""

from __future__ import annotations

import random

import pytest

from tests.rules.ordinary_body import MAKERS
from weirline.detect.floor import DEFAULT_FLOOR
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner, build_scanner
from weirline.specimen.payment_card import with_check_digit
from weirline.specimen.randomness import digits

BYTES_OF_EACH = 500_000
PHONES = {
    "phone_number",
    "phone_number_labelled",
    "phone_number_national",
    "phone_number_named",
}
THERE = {
    "api_json": PHONES,
    "number_table": PHONES,
    "log_lines": {"ipv4_address", "private_ip_address"},
}


@pytest.fixture(scope="module")
def scanner() -> TextScanner:
    return build_scanner(shipped_detectors("default"))


@pytest.mark.slow
@pytest.mark.parametrize("sort", sorted(MAKERS))
def test_ordinary_bodies_hold_nothing_to_find(
    sort: str, scanner: TextScanner, rng: random.Random
) -> None:
    scanned = 0
    found: list[str] = []
    while scanned < BYTES_OF_EACH:
        body = MAKERS[sort](rng)
        scanned += len(body)
        result = scanner.scan(body)
        assert not result.capped
        found += [
            f"{finding.detector} at {finding.start}"
            for finding in result.findings
            if finding.confidence >= DEFAULT_FLOOR and finding.detector not in THERE.get(sort, ())
        ]
    print(f"{sort}: {scanned} bytes, {len(found)} findings")
    assert not found


# Lines that each fired in some scanner, or would in ours if a fence were left out.
NEAR_MISSES = {
    "a picture of double density": "<img src='/static/logo@2x.png' srcset='icon@3x.webp 3x'>",
    "a package and its version": "lodash@4.17.21 react@18.2.0 @types/node@20.1.0",
    "a rule of a style sheet": "@media screen and (min-width:40em){a@b:hover{}}",
    "milliseconds since 1970": '{"ts":1700000000000,"next":1893456000000}',
    "nanoseconds since 1970": '{"ns":1700000000000000000}',
    "a day and a time without signs": "backup-20240115103000.tar 20240115 103000",
    "a fraction of sixteen digits": '{"p":0.4111111111111111,"q":4.5555555555554444}',
    "a UUID whose parts are digits": "40124122-4111-4111-8111-501812345678",
    "a hash that begins like an account": "de89370400440532013aff00b1c2d3e4f5061728",
    "a version of four parts": "Chrome/120.0.0.0 name-12.13.14.15.tar version 21.12.13.14",
    "names in a program": "std::vector abc::def this.internal threading.local() a::before",
    "a mask and loopback": "255.255.255.0 0.0.0.0 127.0.0.1 ::1",
    "a day with time": "2024-01-15-10-20-30 01.02.2003 15/01/2024 10:20:30",
    "a rule of a program": "except sqlite3.OperationalError:\n import oracle.jdbc.OracleDriver",
    "a page's number": "see pages 415-555, 012 345 and 0123 456",
    "nine digits without a name": '{"ref": 536904399, "className": 536904399}',
    "a word with ssn inside": "classname 536904399 businessname=536904399",
    "a public key of Stripe": "pk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "an application id of Square": "sq0idp-" + "wGVapF8sNt9PLrdj5znuKA",
    "a word of a class name": "sk-loading-spinner-of-the-front-page-with-many-words-in-it-and-more",
    "a key of a cache": "cache-key-" + "d41d8cd98f00b204e9800998ecf8427e",
    "a region": "bucket.us-east-1.example us-west-2 en-us1",
    "a name in a document": "the file begins with -----BEGIN PRIVATE KEY----- and ends likewise",
    "a setting without its value": "aws_secret_access_key=${AWS_SECRET_ACCESS_KEY} token=ghp_xxx",
    "a JSON object in base 64": "eyJub3QiOiJhIHRva2VuIn0.eyJhIjoxfQ.c2ln",
    "a long name with dots": "MyVeryLongControllerFactory.create.AnotherVeryLongClassNameHere12",
    "a reference to an object": "java.lang.Object@15db9742 com.example.Foo@1b6d3586",
}


@pytest.mark.parametrize("case", sorted(NEAR_MISSES))
def test_near_miss_is_not_found(case: str, scanner: TextScanner) -> None:
    found = scanner.scan(NEAR_MISSES[case].encode()).findings
    assert not [finding for finding in found if finding.confidence >= DEFAULT_FLOOR]


def test_fraction_beside_a_card_is_not_found_with_it(
    scanner: TextScanner, rng: random.Random
) -> None:
    card = with_check_digit(b"4" + digits(rng, 14))
    (found,) = scanner.scan(b"[%b,1.%b]" % (card, card)).findings
    assert (found.start, found.end) == (1, 1 + len(card))
