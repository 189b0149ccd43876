"""How changes of headers add up."""

from __future__ import annotations

from weirline.flow.effects import HeaderChange
from weirline.flow.header_change import for_body, for_protected_response, merge


def test_nothing_to_change_is_no_change() -> None:
    assert merge(None, None) is None
    assert for_body([(b"content-type", b"text/plain")], streamed=True) is None
    assert for_protected_response([(b"accept", b"*/*")]) is None


def test_digests_go_and_a_whole_body_keeps_a_weak_etag() -> None:
    fields = [(b"etag", b'"abc"'), (b"content-digest", b"sha-256=:x:")]
    assert for_body(fields, streamed=False) == HeaderChange(
        (b"content-digest",), ((b"etag", b'W/"abc"'),)
    )
    streamed = for_body(fields, streamed=True)
    assert streamed is not None
    assert set(streamed.remove) == {b"etag", b"content-digest"}


def test_ranges_and_unknown_codings_are_not_asked_for() -> None:
    fields = [(b"range", b"bytes=0-1"), (b"accept-encoding", b"dcz, *"), (b"accept", b"*/*")]
    change = for_protected_response(fields)
    assert change == HeaderChange((b"range",), ((b"accept-encoding", b"identity"),))


def test_removal_beats_a_value() -> None:
    masked = HeaderChange(set=((b"etag", b"***"), (b"x-a", b"***")))
    gone = HeaderChange(remove=(b"etag",))
    assert merge(masked, gone) == HeaderChange((b"etag",), ((b"x-a", b"***"),))


def test_first_value_for_a_name_stands_with_all_its_fields() -> None:
    one = HeaderChange(set=((b"x-a", b"1"), (b"x-a", b"2")))
    other = HeaderChange(set=((b"x-a", b"3"), (b"x-b", b"4")))
    assert merge(one, other) == HeaderChange((), ((b"x-a", b"1"), (b"x-a", b"2"), (b"x-b", b"4")))
