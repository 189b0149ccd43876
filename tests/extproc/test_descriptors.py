"""Descriptor sets of the real library become layouts of the messages of methods."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
    ServiceDescriptorProto,
)

from extproc.descriptors import load_schemas, schemas_of
from weirline.body.schema import Field, FieldKind, Schemas
from weirline.errors import SettingsError

Type = FieldDescriptorProto.Type


def shop(package: str = "shop") -> FileDescriptorSet:
    scope = f".{package}" if package else ""
    order = DescriptorProto(name="Order")
    order.field.add(name="card_number", number=1, type=Type.TYPE_STRING)
    order.field.add(name="ssn", number=2, type=Type.TYPE_SINT64)
    order.field.add(
        name="parent", number=3, type=Type.TYPE_MESSAGE, type_name=f"{scope}.Order.Line"
    )
    order.field.add(name="old", number=4, type=Type.TYPE_GROUP)
    line = order.nested_type.add(name="Line")
    line.field.add(name="order", number=1, type=Type.TYPE_MESSAGE, type_name=f"{scope}.Order")
    method = MethodDescriptorProto(
        name="Put", input_type=f"{scope}.Order", output_type=".elsewhere.Reply"
    )
    service = ServiceDescriptorProto(name="Orders", method=[method])
    file = FileDescriptorProto(package=package, message_type=[order], service=[service])
    return FileDescriptorSet(file=[file])


@pytest.mark.parametrize(("package", "path"), [("shop", "/shop.Orders/Put"), ("", "/Orders/Put")])
def test_fields_of_a_method_have_their_names_and_kinds(package: str, path: str) -> None:
    schemas = schemas_of(shop(package))
    layout = schemas.requests[path]
    assert layout[1] == Field(b"card_number", FieldKind.TEXT)
    assert layout[2] == Field(b"ssn", FieldKind.ZIGZAG)
    line = layout[3].layout
    assert line is not None
    assert line[1].layout is layout  # a message may hold itself
    assert 4 not in layout
    assert schemas.responses[path] == {}  # a type that is not in the set


def test_set_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "shop.binpb"
    file.write_bytes(shop().SerializeToString())
    assert list(load_schemas(str(file)).requests) == ["/shop.Orders/Put"]
    assert load_schemas("") == Schemas()


@pytest.mark.parametrize("content", [None, b"", b"not a descriptor set", b"\x0a\x02\x0a\x00"])
def test_file_that_is_none_refuses_the_start(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "shop.binpb"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match="grpc_descriptors"):
        load_schemas(str(file))
