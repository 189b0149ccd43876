from __future__ import annotations

from extproc.envoy_api.messages import ProcessingRequest
from loadtest.stored_exchange import exchange_messages, framed


def test_the_exchange_is_the_three_messages_of_enforce() -> None:
    messages = [ProcessingRequest.FromString(raw) for raw in exchange_messages(b"{}")]

    assert [message.WhichOneof("request") for message in messages] == [
        "request_headers",
        "response_headers",
        "response_body",
    ]
    assert messages[0].request_headers.end_of_stream
    assert messages[2].response_body.body == b"{}"
    assert messages[2].response_body.end_of_stream


def test_only_the_first_message_carries_attributes_and_protocol_configuration() -> None:
    messages = [ProcessingRequest.FromString(raw) for raw in exchange_messages(b"{}")]

    assert [message.HasField("protocol_config") for message in messages] == [True, False, False]
    assert [bool(message.attributes) for message in messages] == [True, False, False]


def test_framing_puts_an_uncompressed_flag_and_the_length_before_each_message() -> None:
    assert framed((b"abc", b"")) == b"\0\0\0\0\x03abc\0\0\0\0\0"
