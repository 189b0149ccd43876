from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from extproc.envoy_api import messages, stub

if TYPE_CHECKING:
    from google.protobuf.message import Message

FOLDER = Path(stub.__file__).parent
DESCRIPTOR_SET = FileDescriptorSet.FromString(FOLDER.joinpath("descriptor_set.binpb").read_bytes())
STUB = ast.parse(FOLDER.joinpath("messages.pyi").read_text(encoding="utf-8"))
CLASSES = [node for node in STUB.body if isinstance(node, ast.ClassDef)]


def public_names() -> set[str]:
    names = {name for name, value in vars(messages).items() if not name.startswith("_")}
    imported = {"DescriptorPool", "EnumTypeWrapper", "GetMessageClass", "Path"}
    return names - imported - {"annotations", "TYPE_CHECKING"}


def test_stub_in_the_tree_is_what_the_descriptor_set_gives() -> None:
    text = FOLDER.joinpath("messages.pyi").read_text(encoding="utf-8")
    assert stub.render_stub(DESCRIPTOR_SET) == text


def test_stub_names_each_class_and_enum_and_no_other() -> None:
    enums = {ast.unparse(node.target) for node in STUB.body if isinstance(node, ast.AnnAssign)}
    assert {node.name for node in CLASSES} | enums == public_names()


@pytest.mark.parametrize("node", CLASSES, ids=lambda node: str(node.name))
def test_stub_of_a_class_names_what_the_class_has(node: ast.ClassDef) -> None:
    cls: type[Message] = getattr(messages, node.name)
    members = {
        ast.unparse(part.target) if isinstance(part, ast.AnnAssign) else part.name
        for part in node.body
        if isinstance(part, (ast.AnnAssign, ast.FunctionDef, ast.ClassDef))
    }
    # A class made by upb has its fields in its instances only.
    assert [name for name in members if not hasattr(cls(), name)] == []
    assert {field.name for field in cls.DESCRIPTOR.fields} <= members
