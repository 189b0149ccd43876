"""Flow effects become the messages that Envoy understands."""

from __future__ import annotations

import msgspec
import pytest

from extproc.effect_writer import MOST_STREAMED_BYTES, write_effect
from extproc.envoy_api.messages import ProcessingResponse
from extproc.exchange import Waiting
from weirline.flow.effects import (
    AnswerBody,
    AnswerHeaders,
    AnswerTrailers,
    Effect,
    HeaderChange,
    ModeOverride,
    Refuse,
    Several,
    StreamBody,
)
from weirline.flow.events import BodyMode
from weirline.policy.decision import Block
from weirline.policy.facts import Direction

REQUEST, RESPONSE = Direction.REQUEST, Direction.RESPONSE


def parts(effect: Effect) -> list[ProcessingResponse]:
    answer = write_effect(effect)
    every = (answer,) if isinstance(answer, bytes) else answer
    return [ProcessingResponse.FromString(each) for each in every]


def written(effect: Effect) -> ProcessingResponse:
    (only,) = parts(effect)
    return only


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize("kind", ["headers", "body", "trailers"])
def test_unchanged_parts_are_answered_in_kind(direction: Direction, kind: str) -> None:
    effects: dict[str, Effect] = {
        "headers": AnswerHeaders(direction),
        "body": AnswerBody(direction),
        "trailers": AnswerTrailers(direction),
    }
    answer = written(effects[kind])
    assert answer.WhichOneof("response") == f"{direction}_{kind}"
    assert not answer.HasField("mode_override")


def test_override_names_both_body_modes_and_only_wanted_trailers() -> None:
    override = ModeOverride(
        BodyMode.STREAMED, BodyMode.BUFFERED, request_trailers=True, response_trailers=False
    )
    mode = written(AnswerHeaders(REQUEST, None, override)).mode_override
    assert (mode.request_body_mode, mode.response_body_mode) == (1, 2)
    assert (mode.request_trailer_mode, mode.response_trailer_mode) == (1, 0)


def test_override_to_nothing_is_still_an_override() -> None:
    override = ModeOverride(
        BodyMode.NONE, BodyMode.NONE, request_trailers=False, response_trailers=False
    )
    assert written(AnswerHeaders(REQUEST, None, override)).HasField("mode_override")


@pytest.mark.parametrize("direction", list(Direction))
def test_changes_are_raw_bytes_and_a_second_field_appends(direction: Direction) -> None:
    change = HeaderChange((b"etag",), ((b"x-a", b"1"), (b"x-a", b"\xff"), (b"x-b", b"2")))
    for effect in (
        AnswerHeaders(direction, change),
        AnswerBody(direction, b"new", change),
        AnswerTrailers(direction, change),
    ):
        answer = written(effect)
        kind = answer.WhichOneof("response")
        assert kind is not None
        part = getattr(answer, kind)
        mutation = (part if kind.endswith("trailers") else part.response).header_mutation
        assert list(mutation.remove_headers) == ["etag"]
        got = [(o.header.key, o.header.raw_value, o.append.value) for o in mutation.set_headers]
        assert got == [("x-a", b"1", False), ("x-a", b"\xff", True), ("x-b", b"2", False)]


def test_new_body_is_put_in_and_an_empty_one_clears() -> None:
    answer = written(AnswerBody(RESPONSE, b"new"))
    assert answer.response_body.response.body_mutation.body == b"new"
    answer = written(AnswerBody(RESPONSE, b""))
    assert answer.response_body.response.body_mutation.clear_body


def test_refusal_has_status_body_and_grpc_status() -> None:
    block = Block(451, b"no", "text/plain")
    immediate = written(Refuse(block, grpc_status=7)).immediate_response
    assert (immediate.status.code, immediate.body) == (451, b"no")
    assert immediate.grpc_status.status == 7
    assert immediate.details == ""
    (option,) = immediate.headers.set_headers
    assert (option.header.key, option.header.raw_value) == ("content-type", b"text/plain")
    assert not written(Refuse(block)).immediate_response.HasField("grpc_status")


@pytest.mark.parametrize("last", [False, True])
def test_streamed_body_is_cut_into_pieces_and_only_the_last_ends_it(*, last: bool) -> None:
    body = bytes(range(256)) * 600
    answers = parts(StreamBody(Direction.RESPONSE, body, end_of_stream=last))
    streamed = [each.response_body.response.body_mutation.streamed_response for each in answers]
    assert b"".join(each.body for each in streamed) == body
    assert all(len(each.body) <= MOST_STREAMED_BYTES for each in streamed)
    assert [each.end_of_stream for each in streamed] == [*[False] * (len(streamed) - 1), last]


@pytest.mark.parametrize("direction", list(Direction))
def test_streamed_body_may_be_empty(direction: Direction) -> None:
    answer = written(StreamBody(direction, b"", end_of_stream=False))
    assert answer.WhichOneof("response") == f"{direction}_body"
    mutation = getattr(answer, f"{direction}_body").response.body_mutation
    assert mutation.WhichOneof("mutation") == "streamed_response"


@pytest.mark.parametrize("size", [3, 200_000])
def test_answer_that_holds_something_back_says_so(size: int) -> None:
    effect = StreamBody(RESPONSE, b"x" * size, end_of_stream=False, waits=True)
    assert isinstance(write_effect(effect), Waiting)
    assert not isinstance(write_effect(msgspec.structs.replace(effect, waits=False)), Waiting)


def test_several_effects_are_several_answers_in_order() -> None:
    effect = Several(
        (
            StreamBody(Direction.RESPONSE, b"rest", end_of_stream=False),
            AnswerTrailers(Direction.RESPONSE),
        )
    )
    kinds = [each.WhichOneof("response") for each in parts(effect)]
    assert kinds == ["response_body", "response_trailers"]
