"""Reads a descriptor set: the names and types of the fields of gRPC messages.

It is what `protoc --include_imports --descriptor_set_out=FILE` or `buf build -o FILE` writes. It is
read once, at the start; a file that is none refuses it. Methods and messages are taken as they
stand, so imports must be in the set: a type that is missing is read without names.
Source: google/protobuf/descriptor.proto.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from weirline.body.schema import Field, FieldKind, Layout, Schemas
from weirline.errors import Problem, SettingsError

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorSet

LARGEST_SET_BYTES = 64 << 20
# FieldDescriptorProto.Type, by number; groups (10), long deprecated, are left out.
_KINDS = {
    1: FieldKind.DOUBLE,
    2: FieldKind.FLOAT,
    3: FieldKind.WHOLE,
    4: FieldKind.WHOLE,
    5: FieldKind.WHOLE,
    6: FieldKind.FIXED8,
    7: FieldKind.FIXED4,
    8: FieldKind.FLAG,
    9: FieldKind.TEXT,
    11: FieldKind.MESSAGE,
    12: FieldKind.BYTES,
    13: FieldKind.WHOLE,
    14: FieldKind.FLAG,
    15: FieldKind.FIXED4,
    16: FieldKind.FIXED8,
    17: FieldKind.ZIGZAG,
    18: FieldKind.ZIGZAG,
}


def load_schemas(file: str) -> Schemas:
    """Return what the descriptor set in `file` says; nothing for an empty name.

    Raises SettingsError for a file that cannot be read or holds no gRPC method.
    """
    if not file:
        return Schemas()
    # Loaded only where it is asked for.
    from google.protobuf.descriptor_pb2 import FileDescriptorSet
    from google.protobuf.message import DecodeError

    schemas = Schemas()
    try:
        with Path(file).open("rb") as opened:
            raw = opened.read(LARGEST_SET_BYTES + 1)
        if len(raw) <= LARGEST_SET_BYTES:
            schemas = schemas_of(FileDescriptorSet.FromString(raw))
    except (OSError, DecodeError):
        schemas = Schemas()
    if not schemas.requests:
        expectation = "a FileDescriptorSet with a gRPC service, of at most 64 MiB"
        raise SettingsError([Problem("S05", "settings", 0, 0, "grpc_descriptors", expectation)])
    return schemas


def schemas_of(descriptors: FileDescriptorSet) -> Schemas:
    """Return the layouts of the messages of each method of `descriptors`."""
    types = {
        name: message
        for file in descriptors.file
        for message in file.message_type
        for name, message in _named(message, f".{file.package}" if file.package else "")
    }
    layouts = {name: Layout() for name in types}
    for name, message in types.items():
        for field in message.field:
            kind = _KINDS.get(field.type)
            if kind is not None:
                layout = layouts.get(field.type_name) if kind is FieldKind.MESSAGE else None
                layouts[name][field.number] = Field(field.name.encode(), kind, layout)
    requests: dict[str, Layout] = {}
    responses: dict[str, Layout] = {}
    for file in descriptors.file:
        prefix = f"{file.package}." if file.package else ""
        for service in file.service:
            for method in service.method:
                path = f"/{prefix}{service.name}/{method.name}"
                requests[path] = layouts.get(method.input_type, Layout())
                responses[path] = layouts.get(method.output_type, Layout())
    return Schemas(requests, responses)


def _named(message: DescriptorProto, scope: str) -> Iterator[tuple[str, DescriptorProto]]:
    name = f"{scope}.{message.name}"
    yield name, message
    for nested in message.nested_type:
        yield from _named(nested, name)
