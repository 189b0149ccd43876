from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest

from weirline.detect.validators.jwt import is_valid


def token(header: bytes) -> bytes:
    return urlsafe_b64encode(header).rstrip(b"=") + b".e30.c2ln"


@pytest.mark.parametrize(
    "header", [b'{"alg":"HS256"}', b'{"typ":"JWT", "alg":"none", "x":{"y":1}}', b'{ "alg":"" }']
)
def test_header_that_names_its_algorithm_is_valid(header: bytes) -> None:
    assert is_valid(token(header))


@pytest.mark.parametrize(
    "header", [b'{"typ":"JWT"}', b'{"alg":1}', b'["alg"]', b'{"alg":"HS256"', b'"alg"', b"\xff"]
)
def test_other_first_part_is_not(header: bytes) -> None:
    assert not is_valid(token(header))


@pytest.mark.parametrize("value", [b"", b"eyJ", b"e.", b"\xff.x.y", b".."])
def test_text_that_is_no_token_is_not(value: bytes) -> None:
    assert not is_valid(value)
