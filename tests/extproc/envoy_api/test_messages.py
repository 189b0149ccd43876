from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extproc.envoy_api import messages as api
from tests.extproc.envoy_api.message_strategy import messages, set_field, values
from tests.extproc.envoy_api.plain import (
    of_message,
    of_oracle,
    oracle_class,
    oracle_fields,
    without_new,
)

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor

# The oracle warns of each deprecated field it meets.
pytestmark = pytest.mark.filterwarnings("ignore:.* is deprecated:DeprecationWarning")

# What Envoy's newest definitions have and the oracle's have not.
NEW_FIELDS = {
    "envoy.service.ext_proc.v3.HttpBody": {"drain_complete"},
    "envoy.service.ext_proc.v3.ProcessingRequest": {"flow_control_init", "client_window_update"},
    "envoy.service.ext_proc.v3.ProcessingResponse": {
        "request_drain_requests",
        "request_drain_responses",
        "server_window_update",
        "typed_dynamic_metadata",
    },
    "envoy.service.ext_proc.v3.StreamedBodyResponse": {"drain_complete"},
}
CLASSES: dict[str, type[Message]] = {
    cls.DESCRIPTOR.full_name: cls
    for cls in vars(api).values()
    if isinstance(cls, type) and issubclass(cls, Message) and cls is not Message
}
# The oracle turns these two into Python's own bool and timedelta; they are met as fields of others.
COMPARED = [
    cls.DESCRIPTOR
    for name, cls in CLASSES.items()
    if name not in ("google.protobuf.BoolValue", "google.protobuf.Duration")
]
FIELDS = [
    (descriptor, field)
    for descriptor in COMPARED
    for field in descriptor.fields
    if field.name not in NEW_FIELDS.get(descriptor.full_name, ())
]
UNKNOWN_FIELD = b"\xf2\x3f\x05later"  # field 1022, five bytes
COMPARE = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def by_name(descriptor: Descriptor | FieldDescriptor) -> str:
    return str(descriptor.name)


@pytest.mark.slow
@pytest.mark.parametrize("descriptor", COMPARED, ids=by_name)
@COMPARE
@given(data=st.data())
def test_our_bytes_mean_the_same_to_the_oracle(descriptor: Descriptor, data: st.DataObject) -> None:
    ours = data.draw(messages(descriptor))
    theirs = oracle_class(descriptor).parse(ours.SerializeToString())
    assert of_oracle(theirs) == without_new(of_message(ours), descriptor)


@pytest.mark.slow
@pytest.mark.parametrize("descriptor", COMPARED, ids=by_name)
@COMPARE
@given(data=st.data())
def test_the_oracles_bytes_mean_the_same_to_us(descriptor: Descriptor, data: st.DataObject) -> None:
    ours = data.draw(messages(descriptor))
    theirs = bytes(oracle_class(descriptor).parse(ours.SerializeToString()))
    assert GetMessageClass(descriptor).FromString(theirs) == ours


@pytest.mark.parametrize(("descriptor", "field"), FIELDS, ids=by_name)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_each_field_alone_is_the_same_bytes_in_both(
    descriptor: Descriptor, field: FieldDescriptor, data: st.DataObject
) -> None:
    ours = GetMessageClass(descriptor)()
    set_field(ours, field, data.draw(values(field, depth=4)))
    raw = ours.SerializeToString(deterministic=True)
    cls = oracle_class(descriptor)
    assert bytes(cls.parse(raw)) == raw


@pytest.mark.parametrize("descriptor", COMPARED, ids=by_name)
def test_the_oracle_lacks_only_the_fields_listed_as_new(descriptor: Descriptor) -> None:
    ours = {field.name for field in descriptor.fields}
    assert ours - oracle_fields(descriptor) == NEW_FIELDS.get(descriptor.full_name, set())


@pytest.mark.parametrize(
    ("message", "oneof"), [(api.ProcessingRequest, "request"), (api.ProcessingResponse, "response")]
)
def test_each_arm_of_a_oneof_replaces_the_one_before(message: type[Message], oneof: str) -> None:
    arms = message.DESCRIPTOR.oneofs_by_name[oneof].fields
    one = message()
    for arm in arms:
        getattr(one, arm.name).SetInParent()
        assert one.WhichOneof(oneof) == arm.name
        again = message.FromString(one.SerializeToString())
        assert again.WhichOneof(oneof) == arm.name
    assert len(arms) == (6 if oneof == "request" else 8)


@pytest.mark.parametrize("message", CLASSES.values(), ids=CLASSES)
def test_unknown_field_of_a_newer_envoy_is_read_over_and_kept(message: type[Message]) -> None:
    parsed = message.FromString(UNKNOWN_FIELD)
    assert parsed.ListFields() == []
    assert parsed.SerializeToString() == UNKNOWN_FIELD


def test_unknown_oneof_arm_of_a_newer_envoy_reads_as_no_arm() -> None:
    # Field 99 with a message inside, next to attributes we know.
    raw = (
        b"\x9a\x06\x02\x18\x01" + api.ProcessingRequest(observability_mode=True).SerializeToString()
    )
    parsed = api.ProcessingRequest.FromString(raw)
    assert parsed.WhichOneof("request") is None
    assert parsed.observability_mode


@pytest.mark.parametrize("number", [6, 77, (1 << 31) - 1, -1])
def test_unknown_enum_value_arrives_as_its_number(number: int) -> None:
    mode = api.ProcessingMode(request_body_mode=number)
    parsed = api.ProcessingMode.FromString(mode.SerializeToString())
    assert parsed.request_body_mode == number
    with pytest.raises(ValueError, match="has no name"):
        api.ProcessingMode.BodySendMode.Name(number)


def test_enum_values_have_their_names() -> None:
    names = [api.ProcessingMode.BodySendMode.Name(number) for number in range(6)]
    expected = ["NONE", "STREAMED", "BUFFERED", "BUFFERED_PARTIAL", "FULL_DUPLEX_STREAMED", "GRPC"]
    assert names == expected
    assert api.ProcessingMode.BUFFERED == 2
    assert api.StatusCode.Value("Forbidden") == 403


def test_absent_protocol_config_differs_from_one_with_defaults() -> None:
    absent = api.ProcessingRequest.FromString(b"")
    assert not absent.HasField("protocol_config")
    # Field 11, length 0: every mode at its default, NONE.
    present = api.ProcessingRequest.FromString(b"\x5a\x00")
    assert present.HasField("protocol_config")
    assert present.protocol_config.request_body_mode == api.ProcessingMode.NONE


def test_message_without_a_oneof_carries_its_window_update() -> None:
    sent = api.ProcessingRequest()
    sent.client_window_update.window_increment_sidestream_to_upstream = -5
    parsed = api.ProcessingRequest.FromString(sent.SerializeToString())
    assert parsed.WhichOneof("request") is None
    assert parsed.client_window_update.window_increment_sidestream_to_upstream == -5


def test_header_bytes_outside_utf8_are_kept() -> None:
    header = api.HeaderValue(key="x", raw_value=b"\xff\x00\x80")
    assert api.HeaderValue.FromString(header.SerializeToString()).raw_value == b"\xff\x00\x80"


def test_attributes_read_as_a_struct() -> None:
    sent = api.ProcessingRequest()
    sent.attributes["envoy.filters.http.ext_proc"]["request.path"] = "/v1"
    parsed = api.ProcessingRequest.FromString(sent.SerializeToString())
    assert parsed.attributes["envoy.filters.http.ext_proc"]["request.path"] == "/v1"


def test_other_registrations_of_the_same_names_in_one_process_do_not_clash() -> None:
    code = """
from google.protobuf import descriptor_pool, struct_pb2
from google.protobuf.descriptor_pb2 import FileDescriptorProto
other = FileDescriptorProto(name="envoy/config/core/v3/base.proto", package="envoy.config.core.v3")
other.message_type.add(name="HeaderMap")
pool = descriptor_pool.Default()
pool.AddSerializedFile(other.SerializeToString())
from extproc.envoy_api import messages
assert len(messages.HeaderMap.DESCRIPTOR.fields) == 1
assert len(pool.FindMessageTypeByName("envoy.config.core.v3.HeaderMap").fields) == 0
assert messages.Struct is not struct_pb2.Struct
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.slow
def test_import_loads_no_generated_module_and_costs_less_than_protobuf_itself() -> None:
    code = """
import asyncio, sys, time
start = time.process_time()
import google.protobuf.descriptor_pool, google.protobuf.message_factory
library = time.process_time()
import extproc.envoy_api.messages
ours = time.process_time()
assert not [name for name in sys.modules if name.endswith("_pb2")]
print(library - start, ours - library)
"""
    runs = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout.split()
        for _ in range(5)
    ]
    library, ours = (min(float(run[part]) for run in runs) for part in (0, 1))
    print(f"import: protobuf {library * 1e3:.1f} ms, ours {ours * 1e3:.1f} ms of CPU, best of 5")
    assert ours < library
