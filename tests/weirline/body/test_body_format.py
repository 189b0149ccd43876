"""Which wrapping a media type stands for."""

from __future__ import annotations

import pytest

from weirline.body.body_format import BodyFormat, format_of


@pytest.mark.parametrize(
    ("media_type", "format_"),
    [
        ("application/grpc", BodyFormat.GRPC),
        ("application/grpc+proto", BodyFormat.GRPC),
        ("application/grpc-web+proto", BodyFormat.GRPC_WEB),
        ("application/grpc-web-text", BodyFormat.GRPC_WEB_TEXT),
        ("application/connect+json", BodyFormat.CONNECT),
        ("application/proto", BodyFormat.PROTOBUF),
        ("text/event-stream", BodyFormat.EVENTS),
        ("application/x-ndjson", BodyFormat.LINES),
        ("application/json", BodyFormat.TEXT),
        ("application/graphql-response+json", BodyFormat.TEXT),
        ("", BodyFormat.TEXT),
        ("no/such-thing", BodyFormat.TEXT),
    ],
)
def test_media_type_names_its_format(media_type: str, format_: BodyFormat) -> None:
    assert format_of(media_type) is format_


def test_only_what_is_one_message_may_wait_for_its_end() -> None:
    whole = {each for each in BodyFormat if not each.streams}
    assert whole == {BodyFormat.TEXT, BodyFormat.PROTOBUF}
