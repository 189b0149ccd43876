from __future__ import annotations

from extproc.envoy_api.messages import ProcessingResponse
from extproc.exchange import Waiting
from extproc.log_metadata import NAMESPACE, metadata_of, told
from tests.playbook import BLOCK_BOTH, OBSERVE_BOTH, REDACT_BOTH, STREAMED, Peer, policy
from weirline.flow.report import FlowReport

VALUE = b"#123456"


def logged(answer: ProcessingResponse) -> dict[str, object]:
    """What an answer tells the access log."""
    fields = answer.dynamic_metadata.fields[NAMESPACE].struct_value.fields
    found: dict[str, object] = {}
    for name, value in fields.items():
        match value.WhichOneof("kind"):
            case "string_value":
                found[name] = value.string_value
            case "number_value":
                found[name] = value.number_value
            case _:
                inner = value.struct_value.fields
                found[name] = {kind: number.number_value for kind, number in inner.items()}
    return found


def test_answer_that_masks_tells_the_log_what_and_how_often() -> None:
    peer = Peer(policy(REDACT_BOTH))
    peer.request_headers()
    peer.response_headers(length=15)
    answer = peer.response_body(b"#123456 #654321")
    assert answer.response_body.response.body_mutation.body == b"******* *******"
    assert logged(answer) == {
        "decision": "redacted",
        "policy": "test",
        "findings": 2.0,
        "counts": {"hash_id": 2.0},
        "kinds": "hash_id",
        "categories": "identity",
        "rules": "mask",
    }


def test_block_tells_the_log_too() -> None:
    peer = Peer(policy(BLOCK_BOTH))
    answer = peer.request_headers(("x-id", VALUE))
    assert answer.immediate_response.status.code == 403
    assert logged(answer)["decision"] == "blocked"
    assert VALUE.decode() not in str(answer)


def test_clean_exchange_tells_nothing() -> None:
    peer = Peer(policy(REDACT_BOTH))
    answers = [
        peer.request_headers(),
        peer.response_headers(length=5),
        peer.response_body(b"clean"),
    ]
    assert not any(answer.HasField("dynamic_metadata") for answer in answers)


def test_stream_tells_again_only_what_is_new() -> None:
    peer = Peer(policy(OBSERVE_BOTH), response=STREAMED)
    peer.request_headers()
    peer.response_headers()
    parts = (b"#123456 ", b"clean ", b"clean ", b"#123456 ", b"clean ")
    answers = [peer.response_body(part, end=False) for part in parts]
    counts = [logged(answer).get("findings") for answer in answers if logged(answer)]
    assert counts == [1.0, 2.0]


def test_last_of_several_answers_brings_the_metadata() -> None:
    metadata = metadata_of(FlowReport(), "p")
    answers = told(Waiting((b"", b"")), metadata)
    assert isinstance(answers, Waiting)
    assert [bool(part) for part in answers] == [False, True]
    assert told((b"", b""), metadata) == (b"", metadata)
    assert logged(ProcessingResponse.FromString(metadata))["policy"] == "p"
