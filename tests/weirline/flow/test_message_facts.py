"""What headers and attributes say about a message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weirline.flow.events import Header
from weirline.flow.field_names import names_of
from weirline.flow.message_facts import (
    attribute_facts,
    host_name,
    read_message,
    request_facts,
    response_facts,
)
from weirline.policy.facts import Direction


def test_request_is_read_from_its_pseudo_headers() -> None:
    read = read_message(
        [(b":method", b"POST"), (b":path", b"/v1/a?b=c"), (b":authority", b"API.test:8080")]
    )
    facts = request_facts(read)
    assert (facts.method, facts.path, facts.host) == ("POST", "/v1/a", "api.test")
    assert facts.direction is Direction.REQUEST


def test_response_keeps_whose_request_it_answers() -> None:
    request = request_facts(read_message([(b":method", b"GET"), (b":path", b"/a")]))
    read = read_message([(b":status", b"200"), (b"content-type", b"Text/HTML; charset=utf-8")])
    facts = response_facts(read, request)
    assert (facts.direction, facts.path) == (Direction.RESPONSE, "/a")
    assert facts.content_type == "text/html"


def test_attributes_stand_in_for_headers_never_sent() -> None:
    facts = attribute_facts({"request.path": "/a?b", "request.host": "API.test", "other": "x"})
    assert (facts.path, facts.host, facts.method) == ("/a", "api.test", "")


@pytest.mark.parametrize(
    ("value", "length"),
    [(b"0", 0), (b"12", 12), (b"", None), (b"-1", None), (b"1,1", None), (b"9" * 30, None)],
)
def test_content_length_that_is_no_number_counts_as_unknown(
    value: bytes, length: int | None
) -> None:
    assert read_message([(b"content-length", value)]).content_length == length


@pytest.mark.parametrize(
    "value",
    [b"", b"identity", b"gzip", b"x, br"],
)
def test_codings_are_kept_as_they_stand(value: bytes) -> None:
    assert read_message([(b"content-encoding", value)]).encoding == value


def test_second_coding_in_a_field_of_its_own_is_seen() -> None:
    fields = [(b"content-encoding", b"identity"), (b"content-encoding", b"gzip")]
    assert read_message(fields).encoding == b"identity,gzip"


@pytest.mark.parametrize(
    "fields",
    [
        [(b"connection", b"keep-alive, Upgrade"), (b"upgrade", b"websocket")],
        [(b":method", b"CONNECT")],
        [(b":status", b"101")],
    ],
)
def test_upgrades_and_tunnels_are_told(fields: list[tuple[bytes, bytes]]) -> None:
    assert read_message(fields).upgrade


def test_response_that_only_offers_an_upgrade_is_no_tunnel() -> None:
    fields = [(b":status", b"200"), (b"connection", b"Upgrade, Keep-Alive"), (b"upgrade", b"h2")]
    assert not read_message(fields).upgrade


@pytest.mark.parametrize(
    "fields", [[(b"trailer", b"x-sum")], [(b"content-type", b"application/grpc+proto")]]
)
def test_messages_that_may_have_trailers_are_told(fields: list[tuple[bytes, bytes]]) -> None:
    assert read_message(fields).announces_trailers


def test_bytes_that_are_not_utf8_are_no_error() -> None:
    read = read_message([(b":path", b"/\xff"), (b":authority", b"\xfe.test")])
    assert read.target == "/\xff"


@pytest.mark.parametrize(
    ("authority", "host"),
    [("a.test", "a.test"), ("A.test:80", "a.test"), ("[::1]:80", "[::1]"), ("[::1", "[::1")],
)
def test_host_has_no_port(authority: str, host: str) -> None:
    assert host_name(authority) == host


_FIELDS = st.sampled_from(
    [
        (b":status", b"200"),
        (b":status", b"101"),
        (b":status", b"42"),
        (b":method", b"GET"),
        (b":method", b"CONNECT"),
        (b":path", b"/a?b"),
        (b":authority", b"API.test:80"),
        (b":authority", b""),
        (b"host", b"other"),
        (b"content-type", b"text/plain; charset=latin-1"),
        (b"content-type", b"application/grpc+proto"),
        (b"content-length", b"12"),
        (b"content-length", b"x"),
        (b"content-encoding", b"gzip"),
        (b"trailer", b"x"),
        (b"connection", b"upgrade"),
        (b"upgrade", b"websocket"),
        (b":protocol", b"websocket"),
        (b"grpc-encoding", b"gzip"),
        (b"connect-content-encoding", b"gzip"),
        (b"x", b"y"),
    ]
)


@given(st.lists(_FIELDS, max_size=6))
def test_fields_at_known_places_are_read_as_all_others_are(fields: list[Header]) -> None:
    assert read_message(fields, names_of(fields)) == read_message(fields)
