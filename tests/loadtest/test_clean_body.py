from __future__ import annotations

import json
import re

import pytest

from loadtest.clean_body import RECORD_BYTES, clean_body


@pytest.mark.parametrize("size", [64, 65, 299, 1024, 16 * 1024, 200 * 1024])
def test_a_clean_body_is_valid_json_of_exactly_the_size_asked_for(size: int) -> None:
    body = clean_body(size)

    assert len(body) == size
    assert json.loads(body)["items"] is not None


def test_a_clean_body_is_the_same_for_the_same_seed_only() -> None:
    assert clean_body(4096) == clean_body(4096)
    assert clean_body(4096, seed=1) != clean_body(4096, seed=2)


def test_every_200_bytes_hold_a_timestamp_a_price_an_integer_id_and_a_uuid() -> None:
    items = json.loads(clean_body(200 * 1024))["items"]

    assert len(items) == 200 * 1024 // RECORD_BYTES - 1
    for item in items:
        assert isinstance(item["id"], int)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item["at"])
        assert isinstance(item["price"], float)
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", item["ref"])


def test_a_clean_body_needs_no_decoded_view() -> None:
    body = clean_body(200 * 1024)

    assert body.isascii()
    assert b"\\" not in body
    assert b"%" not in body


def test_a_body_too_small_for_json_is_refused() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        clean_body(63)
