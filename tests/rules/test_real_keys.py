"""Private keys as real tools write them, in every form and encoding, are found whole."""

from __future__ import annotations

import json
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner, build_scanner

PLAIN: KeySerializationEncryption = NoEncryption()
LOCKED: KeySerializationEncryption = BestAvailableEncryption(b"a passphrase")
CASES = {
    "RSA in PKCS#1": ("rsa", PrivateFormat.TraditionalOpenSSL, PLAIN),
    "RSA in PKCS#1, encrypted": ("rsa", PrivateFormat.TraditionalOpenSSL, LOCKED),
    "RSA in PKCS#8": ("rsa", PrivateFormat.PKCS8, PLAIN),
    "RSA in PKCS#8, encrypted": ("rsa", PrivateFormat.PKCS8, LOCKED),
    "RSA of OpenSSH": ("rsa", PrivateFormat.OpenSSH, PLAIN),
    "EC in SEC 1": ("ec", PrivateFormat.TraditionalOpenSSL, PLAIN),
    "EC in PKCS#8": ("ec", PrivateFormat.PKCS8, PLAIN),
    "EC of OpenSSH": ("ec", PrivateFormat.OpenSSH, PLAIN),
    "Ed25519 in PKCS#8": ("ed25519", PrivateFormat.PKCS8, PLAIN),
    "Ed25519 of OpenSSH": ("ed25519", PrivateFormat.OpenSSH, PLAIN),
    "DSA in its old form": ("dsa", PrivateFormat.TraditionalOpenSSL, PLAIN),
}
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
AnyKey = PrivateKey | dsa.DSAPrivateKey


@pytest.fixture(scope="module")
def keys() -> dict[str, AnyKey]:
    return {
        "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "ec": ec.generate_private_key(ec.SECP256R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate(),
        "dsa": dsa.generate_private_key(key_size=1024),  # noqa: S505 - larger ones take seconds
    }


@pytest.fixture(scope="module")
def scanner() -> TextScanner:
    return build_scanner(shipped_detectors("default"))


@pytest.mark.slow
@pytest.mark.parametrize("case", sorted(CASES))
def test_key_of_a_real_tool_is_found_whole(
    case: str, keys: dict[str, AnyKey], scanner: TextScanner
) -> None:
    sort, form, encryption = CASES[case]
    pem = keys[sort].private_bytes(Encoding.PEM, form, encryption).decode().strip()
    once = json.dumps(pem)[1:-1]
    texts = {
        "as a file": pem,
        "with the line breaks of another system": pem.replace("\n", "\r\n"),
        "in JSON": once,
        "in JSON in a JSON string": json.dumps(once)[1:-1],
        "on one line": pem.replace("\n", " "),
        "in a page": pem.replace("\n", "<br>"),
        "in an attribute": pem.replace("\n", "&#10;"),
        "indented": pem.replace("\n", "\n      "),
        "as strings of a program": pem.replace("\n", '\\n" +\n  "'),
        "as a list of lines": pem.replace("\n", '", "'),
    }
    for name, text in texts.items():
        before, after = b'{"a": 1, "k": "', b'", "b": "x"}'
        findings = scanner.scan(before + text.encode() + after).findings
        spans = {(found.start, found.end) for found in findings if found.detector == "private_key"}
        assert spans == {(len(before), len(before) + len(text))}, f"{case} {name}"


PREFIXES = ["> ", ">", "> > ", ">> ", "# ", "#", "// ", "//", "* ", " * ", "  ", "    ", "\t", "; ",
            "| ", "-- ", "- ", "%% ", "! ", "  # "]  # fmt: skip


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("sort", ["ec", "rsa"])
def test_key_whose_lines_carry_a_prefix_is_found_to_its_end(
    sort: str, prefix: str, keys: dict[str, AnyKey], scanner: TextScanner
) -> None:
    for form, encryption in (
        (PrivateFormat.PKCS8, PLAIN),
        (PrivateFormat.OpenSSH, PLAIN),
        (PrivateFormat.TraditionalOpenSSL, LOCKED),
    ):
        pem = keys[sort].private_bytes(Encoding.PEM, form, encryption).decode().strip()
        for line_break in ("\n", "\r\n"):
            lines = pem.replace("\n", line_break + prefix)
            for text in (lines, json.dumps(lines)[1:-1], json.dumps(json.dumps(lines))[3:-3]):
                before, after = b"a: " + prefix.encode(), b'", "b": "some words after it"'
                (found,) = scanner.scan(before + text.encode() + after).findings
                assert (found.start, found.end) == (len(before), len(before) + len(text))


@pytest.mark.parametrize("prefix", PREFIXES)
def test_key_whose_lines_carry_a_prefix_is_held_from_its_start(
    prefix: str, keys: dict[str, AnyKey], scanner: TextScanner
) -> None:
    pem = keys["ec"].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, PLAIN).strip()
    text = b"a: " + pem.replace(b"\n", b"\n" + prefix.encode())
    for cut in range(3 + len("-----BEGIN"), len(text)):
        assert scanner.open_from(text[:cut]) <= 3, cut


def test_page_that_only_quotes_the_begin_line_is_no_key(scanner: TextScanner) -> None:
    begin = b"-----BEGIN PRIVATE " + b"KEY-----\n"
    for prefix in map(str.encode, PREFIXES):
        assert not scanner.scan(begin + prefix + b"and so on\n" + prefix + b"to its end").findings


@pytest.mark.slow
def test_lines_of_nothing_but_prefixes_cost_time_in_proportion(scanner: TextScanner) -> None:
    begin = b"-----BEGIN PRIVATE " + b"KEY-----\n"
    hostile = [
        begin + b"> # // * -- \n" * 20_000,
        (begin + b"> " * 200 + b"\n") * 500,
        (begin + b"> " + b"A" * 30 + b"\n> -----EN") * 3_000,
    ]
    for text in hostile:
        began = time.process_time()
        scanner.scan(text)
        scanner.open_from(text)
        assert time.process_time() - began < 1.0


def test_key_that_was_cut_is_found_as_far_as_it_goes(
    keys: dict[str, AnyKey], scanner: TextScanner
) -> None:
    pem = keys["ec"].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, PLAIN).strip()
    for size in (80, 120, len(pem) - 30):
        (found,) = scanner.scan(b'{"k":"' + pem[:size] + b'"}').findings
        assert (found.start, found.end) == (6, 6 + size)
