from __future__ import annotations

import pytest

from weirline.redact.headers import (
    BodyFate,
    BrokenSignature,
    FieldEdit,
    broken_signature,
    clean_value,
    edit_for_body,
    edit_for_protected_response,
    edit_trailers,
    may_set,
)

ORDINARY = [
    (b":status", b"200"),
    (b"content-type", b"application/json"),
    (b"content-length", b"1024"),
    (b"last-modified", b"Mon, 01 Jan 2024 00:00:00 GMT"),
    (b"x-envoy-upstream-service-time", b"3"),
    (b"host", b"api.shop.example"),
]


@pytest.mark.parametrize("name", [b"digest", b"content-digest", b"repr-digest", b"content-md5"])
@pytest.mark.parametrize("fate", list(BodyFate))
def test_digest_of_a_changed_body_is_removed_once(name: bytes, fate: BodyFate) -> None:
    edit = edit_for_body([*ORDINARY, (name, b"a"), (name, b"b")], fate)
    assert edit == FieldEdit(remove=(name,))


def test_strong_etag_is_weakened_where_the_body_was_seen_first() -> None:
    edit = edit_for_body([(b"etag", b' "v1"')], BodyFate.CHANGED)
    assert edit == FieldEdit(set=((b"etag", b'W/"v1"'),))


def test_weak_etag_stays_where_the_body_was_seen_first() -> None:
    assert not edit_for_body([(b"etag", b'W/"v1"')], BodyFate.CHANGED)


@pytest.mark.parametrize("tag", [b'"v1"', b'W/"v1"'])
def test_etag_is_removed_where_headers_leave_before_the_body(tag: bytes) -> None:
    edit = edit_for_body([*ORDINARY, (b"etag", tag)], BodyFate.MAY_CHANGE)
    assert edit == FieldEdit(remove=(b"etag",))


@pytest.mark.parametrize("fate", list(BodyFate))
def test_length_type_and_routing_fields_are_never_touched(fate: BodyFate) -> None:
    assert not edit_for_body(ORDINARY, fate)
    assert not edit_trailers(ORDINARY)
    assert not edit_for_protected_response(ORDINARY)


def test_digest_in_trailers_is_removed() -> None:
    edit = edit_trailers([(b"grpc-status", b"0"), (b"content-digest", b"sha-256=:eA==:")])
    assert edit == FieldEdit(remove=(b"content-digest",))


def test_request_asks_for_a_whole_answer_in_known_codings_where_it_may_be_masked() -> None:
    fields = [
        (b"accept", b"*/*"),
        (b"accept-encoding", b"gzip, dcb"),
        (b"accept-encoding", b"br"),
        (b"range", b"bytes=0-9"),
        (b"if-range", b'"v1"'),
        (b"if-none-match", b'"v1"'),
    ]
    edit = edit_for_protected_response(fields)
    assert edit == FieldEdit((b"range", b"if-range"), ((b"accept-encoding", b"gzip, br"),))


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ((b"signature", b"sig1=:eA==:"), BrokenSignature.HTTP_MESSAGE),
        ((b"signature-input", b"sig1=()"), BrokenSignature.HTTP_MESSAGE),
        ((b"authorization", b"AWS4-HMAC-SHA256 Credential=x"), BrokenSignature.AWS_SIGV4),
        ((b"authorization", b"AWS4-ECDSA-P256-SHA256 Credential=x"), BrokenSignature.AWS_SIGV4),
        ((b"x-amz-content-sha256", b"00"), BrokenSignature.AWS_SIGV4),
        ((b"x-hub-signature-256", b"sha256=00"), BrokenSignature.WEBHOOK),
        ((b"authorization", b"Bearer abc"), None),
        ((b"x-signature-colour", b"blue"), None),
    ],
)
def test_signature_over_the_body_is_named_and_left_in_place(
    field: tuple[bytes, bytes], expected: BrokenSignature | None
) -> None:
    assert broken_signature([*ORDINARY, field]) is expected
    assert not edit_for_body([*ORDINARY, field], BodyFate.CHANGED)


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        (b"set-cookie", True),
        (b":path", True),
        (b":authority", False),
        (b":method", False),
        (b":scheme", False),
        (b":status", False),
        (b"host", False),
        (b"x-envoy-original-path", False),
    ],
)
def test_fields_that_steer_routing_may_not_be_set(name: bytes, allowed: bool) -> None:
    assert may_set(name) is allowed


def test_value_we_set_has_no_line_break_and_no_null() -> None:
    assert clean_value(b"a\r\nx: 1\x00b") == b"a  x: 1 b"
