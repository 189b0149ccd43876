from __future__ import annotations

import random

import pytest

from extproc.envoy_api.messages import HttpBody, ProcessingRequest
from tests.system.recorded.mutate import MUTATIONS, Mutation, join, split, swap_arm

MESSAGE = ProcessingRequest(
    response_body=HttpBody(body=b"some body", end_of_stream=True), observability_mode=True
)
MESSAGE.attributes["envoy.filters.http.ext_proc"]["request.path"] = "/v1"
RAW = MESSAGE.SerializeToString()
OTHER = ProcessingRequest(request_body=HttpBody(body=b"other")).SerializeToString()


def test_fields_split_and_joined_are_the_message() -> None:
    fields = split(RAW)
    assert fields is not None
    assert [field.number for field in fields] == [5, 9, 10]
    assert join(fields) == RAW


@pytest.mark.parametrize("raw", [b"\x80", b"\x0a\x05ab", b"\x0b", b"\x00\x01"])
def test_what_is_no_message_does_not_split(raw: bytes) -> None:
    assert split(raw) is None


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: str(mutation.__name__))
def test_mutation_changes_most_messages_and_repeats_from_its_seed(mutation: Mutation) -> None:
    made = [mutation(RAW, random.Random(seed), [OTHER]) for seed in range(100)]
    again = [mutation(RAW, random.Random(seed), [OTHER]) for seed in range(100)]
    assert made == again
    assert sum(raw != RAW for raw in made) > 50


def test_swapped_arm_becomes_each_of_the_six() -> None:
    raw = ProcessingRequest(response_body=HttpBody()).SerializeToString()
    arms = {
        ProcessingRequest.FromString(swap_arm(raw, random.Random(seed), [])).WhichOneof("request")
        for seed in range(100)
    }
    assert arms == {field.name for field in ProcessingRequest.DESCRIPTOR.oneofs[0].fields}
