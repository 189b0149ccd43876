"""What looks like a secret, and what only stands in its place."""

from __future__ import annotations

import random
from base64 import b64encode

import pytest

from weirline.detect.validators import VALIDATORS, secret_text
from weirline.specimen.randomness import ALNUM, BASE64_URL, DIGITS, HEX, LOWER, letters

MANY = 500
STAND_INS = [
    b"changeme", b"your-api-key-here", b"${SECRET}", b"$SECRET", b"{{ .Values.token }}", b"<token>",
    b"%(token)s", b"xxxxxxxxxxxxxxxx", b"process.env.API_KEY", b"config.secret", b"getToken(user)",
    b"/etc/ssl/private/server.key", b"abcdefghijklmnopqrst", b"00000000000000000000", b"v1.2.3-rc4",
    b"2024-01-31", b"password1", b"null", b"aaaabbbbaaaabbbb", b"my-secret-2", b"typing.Union2.X",
    b"sha256=47DEQpj8HBSa", b"DataSource | None", b"https://example.com/a",
]  # fmt: skip
RANDOM = [(HEX, 32), (HEX, 40), (ALNUM, 20), (ALNUM, 40), (DIGITS + LOWER, 24), (BASE64_URL, 43)]


@pytest.mark.parametrize("text", STAND_INS)
@pytest.mark.parametrize("check", ["random_text", "secret_text", "password_text"])
def test_what_stands_in_the_place_of_a_secret_is_none(check: str, text: bytes) -> None:
    assert not VALIDATORS[check](text)


@pytest.mark.parametrize("check", ["random_text", "secret_text", "password_text"])
def test_letters_drawn_by_chance_pass(check: str, rng: random.Random) -> None:
    for alphabet, size in RANDOM:
        passed = sum(VALIDATORS[check](letters(rng, alphabet, size)) for _ in range(MANY))
        assert passed >= MANY * 0.98, f"{size} letters of {len(alphabet)}"


@pytest.mark.parametrize("text", [b"Tr0ub4" + b"dor&3", b"zK9!" + b"pq2L", b"hunt" + b"er2b"])
def test_passwords_of_people_pass(text: bytes) -> None:
    assert secret_text.is_password(text)
    assert secret_text.is_bare_password(text)


@pytest.mark.parametrize(
    "text", [b"str", b"Buffer", b"user_name", b"Enter your new password", b"x"]
)
def test_words_and_names_are_no_passwords(text: bytes) -> None:
    assert not secret_text.is_password(text)


@pytest.mark.parametrize("text", [b"hashed", b"123456789", b"call(a1)", b"abc_def9,"])
def test_code_is_no_password_where_no_quotes_stand(text: bytes) -> None:
    assert not secret_text.is_bare_password(text)


def test_entropy_is_that_of_shannon() -> None:
    assert secret_text.entropy(b"") == 0
    assert secret_text.entropy(b"aaaa") == 0
    assert secret_text.entropy(b"abab") == 1
    assert secret_text.entropy(bytes(range(256))) == 8


@pytest.mark.parametrize("text", [b"thePrivateKeyFactory", b"ANOTHER_LONG_CONSTANT_NAME"])
def test_words_run_together_are_spelled(text: bytes) -> None:
    assert secret_text.is_spelled(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b64encode(b"ada:zK9!pq2L"), True),
        (b64encode(b"user:password"), False),
        (b64encode(b"no colon here"), False),
        (b64encode(b"a:\x00\x01"), False),
        (b"not base64!", False),
    ],
)
def test_basic_credentials_are_user_and_password(text: bytes, expected: bool) -> None:
    assert secret_text.is_basic(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"AKIA" + b"Q7WM2XCT5BLR4ZSK", True),
        (b"AKIA" + b"IOSFODNN7EXAMPLE", False),
        (b"ghp_" + b"x" * 36, False),
        (b"tok_" + b"0" * 12 + b"a", False),
    ],
)
def test_values_printed_in_manuals_are_filler(text: bytes, expected: bool) -> None:
    assert secret_text.is_no_filler(text) is expected


def test_hash_without_entropy_is_none() -> None:
    assert secret_text.is_hash(
        b"$2b$12$" + b"q7Wm2XcT9bLr4ZsK1vNd8HgP3yFj6RaE5uYo0iBtQ7wM2xCt9BlR4"
    )
    assert not secret_text.is_hash(b"$2b$12$" + b"." * 53)


def test_every_check_says_that_it_only_judges() -> None:
    assert set(secret_text.CHECKS) == secret_text.HEURISTIC
