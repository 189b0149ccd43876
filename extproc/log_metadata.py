"""Tells Envoy's access log what came of an exchange, as dynamic metadata of the answer.

The metadata is a field of its own in an answer, and a serialised message may be written in parts:
it is put behind an answer that is ready, so that prebuilt answers stay prebuilt. An exchange of
which nothing is to be told costs three looks and no byte. Source: ProcessingResponse.
dynamic_metadata in envoy/service/ext_proc/v3/external_processor.proto.
"""

from __future__ import annotations

from collections.abc import Iterable

from extproc.envoy_api.messages import ProcessingResponse, Struct
from extproc.exchange import Waiting
from weirline.flow.log_facts import LogFacts, log_facts
from weirline.flow.report import FlowReport

NAMESPACE = "weirline"


def told(answer: bytes | tuple[bytes, ...], metadata: bytes) -> bytes | tuple[bytes, ...]:
    """Return an answer, or several in order, of which the last one brings the metadata."""
    if isinstance(answer, bytes):
        return answer + metadata
    parts = (*answer[:-1], answer[-1] + metadata)
    return Waiting(parts) if isinstance(answer, Waiting) else parts


def metadata_of(report: FlowReport, policy: str) -> bytes:
    """Return the field of an answer that tells of a flow so far under the policy of this name."""
    response = ProcessingResponse()
    inner = response.dynamic_metadata.fields[NAMESPACE].struct_value
    _fill(inner, log_facts(report), policy)
    return response.SerializeToString(deterministic=True)


def _fill(struct: Struct, facts: LogFacts, policy: str) -> None:
    _set_texts(struct, (("decision", facts.decision), ("policy", policy)))
    fields = struct.fields
    fields["findings"].number_value = facts.findings
    counts = fields["counts"].struct_value
    counts.SetInParent()
    for kind, number in facts.counts:
        counts.fields[kind].number_value = number
    _set_texts(
        struct,
        (
            ("kinds", ",".join(sorted(kind for kind, _ in facts.counts))),
            ("categories", ",".join(facts.categories)),
            ("rules", ",".join(facts.rules)),
            ("shadow", facts.shadow),
            ("unscanned", ",".join(facts.unscanned)),
        ),
    )


def _set_texts(struct: Struct, texts: Iterable[tuple[str, str]]) -> None:
    """Set those that say something: a field that is not there is `-` in a log line."""
    for name, text in texts:
        if text:
            struct.fields[name].string_value = text
