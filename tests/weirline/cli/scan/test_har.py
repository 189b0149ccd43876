from __future__ import annotations

import base64
import json

import pytest

from weirline.cli.scan.har import parts, template


def archive(**entry: object) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": [{}, entry]}}).encode()


def test_every_piece_of_an_exchange_is_a_part_with_the_number_of_its_entry() -> None:
    request = {
        "method": "POST",
        "url": "https://h.example/api/v2/users/alice?mail=secret",
        "headers": [{"name": "X-Key", "value": "one"}],
        "postData": {"text": "body"},
    }
    response = {"headers": [{"name": "Set", "value": "two"}], "content": {"text": "\u00e9"}}
    found = parts(archive(request=request, response=response))
    assert found is not None
    named = {part.name: part.text for part in found if part.name.startswith("entries[1]")}
    name = "entries[1] POST /api/v2/users/*"
    assert named == {
        f"{name} request.url": b"https://h.example/api/v2/users/alice?mail=secret",
        f"{name} request.headers": b"X-Key: one\n",
        f"{name} request.postData": b"body",
        f"{name} response.headers": b"Set: two\n",
        f"{name} response.content": "\u00e9".encode(),
    }


def test_body_in_base64_is_decoded_and_a_broken_one_taken_as_it_is() -> None:
    for text, wanted in (
        (base64.b64encode(b"\xff\x00body").decode(), b"\xff\x00body"),
        ("?", b"?"),
    ):
        found = parts(archive(response={"content": {"text": text, "encoding": "base64"}}))
        assert found is not None
        assert [part.text for part in found][-1] == wanted


def test_parameters_of_a_form_stand_in_for_a_body_without_text() -> None:
    request = {"postData": {"params": [{"name": "a", "value": "b"}]}}
    found = parts(archive(request=request))
    assert found is not None
    assert b"a: b\n" in [part.text for part in found]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"log":{}}', b'{"log":{"entries":7}}'])
def test_file_that_is_no_archive_has_no_parts(content: bytes) -> None:
    assert parts(content) is None


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://h/api/v1/users/alice/orders/77?x=alice", "/api/v1/users/*/orders/*"),
        ("/login", "/login"),
        ("https://h", "/"),
        ("https://h/alice@example.com/%61", "/*/*"),
        ("https://h/" + "a/" * 20, "/*/*/*/*/*/*/*/*/**"),
        ("https://[broken/", "/*"),
    ],
)
def test_template_keeps_words_of_many_apis_and_nothing_else(url: str, wanted: str) -> None:
    assert template(url) == wanted


def test_method_that_is_none_is_not_shown() -> None:
    found = parts(archive(request={"method": "alice", "url": "/"}))
    assert found is not None
    assert not [part.name for part in found if "alice" in part.name]
