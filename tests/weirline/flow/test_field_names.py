from __future__ import annotations

import pytest

from weirline.flow.field_names import NAME_LISTS_KEPT, _work_out, names_of
from weirline.redact.headers import BodyFate, broken_signature, edit_for_body


def test_lines_begin_with_the_name_and_pseudo_fields_have_none() -> None:
    names = names_of([(b":status", b"200"), (b"a", b"1"), (b"a", b"2")])
    assert names.layout % (b"200", b"1", b"2%") == b"\na: 1\na: 2%\n"
    assert names_of([(b"100%b", b"")]).layout % (b"x",) == b"100%b: x\n"


def test_place_of_the_path_is_known_or_absent() -> None:
    assert names_of([(b":method", b"GET"), (b":path", b"/")]).path == 1
    assert names_of([(b"path", b"/")]).path == -1
    assert names_of([]).path == -1


@pytest.mark.parametrize("name", [b"etag", b"digest", b"content-digest", b"content-md5", b"x"])
def test_whether_a_changed_body_changes_fields_is_said_as_the_edit_has_it(name: bytes) -> None:
    fields = [(b"a", b"1"), (name, b'"v"')]
    assert names_of(fields).validators == bool(edit_for_body(fields, BodyFate.CHANGED))


@pytest.mark.parametrize(
    "name", [b"signature", b"x-amz-content-sha256", b"stripe-signature", b"authorization", b"x"]
)
def test_whether_a_signature_may_be_there_is_said_as_the_search_has_it(name: bytes) -> None:
    fields = [(b"a", b"1"), (name, b"aws4-hmac-sha256 x")]
    assert names_of(fields).signatures == (broken_signature(fields) is not None)


@pytest.mark.parametrize("name", [b"accept-encoding", b"range", b"if-range"])
def test_asking_for_less_than_the_whole_in_the_clear_is_said(name: bytes) -> None:
    assert names_of([(name, b"x")]).partial_asks
    assert not names_of([(b"accept", b"x")]).partial_asks


def test_what_is_kept_is_bounded() -> None:
    for number in range(NAME_LISTS_KEPT + 10):
        names_of([(b"x-%d" % number, b"")])
    assert _work_out.cache_info().currsize <= NAME_LISTS_KEPT
