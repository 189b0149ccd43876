from __future__ import annotations

from collections.abc import Iterator

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)
from google.protobuf.descriptor_pool import DescriptorPool

from extproc.envoy_api.generate import GenerateError, decode_go, prune

MESSAGE = FieldDescriptorProto.TYPE_MESSAGE
OPTIONAL = FieldDescriptorProto.LABEL_OPTIONAL


def quoted(raw: bytes) -> Iterator[str]:
    """The bytes as Go's string literals, split over lines as protoc-gen-go does."""
    for start in range(0, len(raw), 10):
        yield '\t"' + "".join(f"\\x{byte:02x}" for byte in raw[start : start + 10]) + '"'


def file(name: str, package: str, *messages: DescriptorProto) -> FileDescriptorProto:
    return FileDescriptorProto(name=name, package=package, syntax="proto3", message_type=messages)


def message(name: str, *needs: str) -> DescriptorProto:
    fields = [
        FieldDescriptorProto(
            name=f"field{number}", number=number, type=MESSAGE, label=OPTIONAL, type_name=need
        )
        for number, need in enumerate(needs, 1)
    ]
    return DescriptorProto(name=name, field=fields)


def test_descriptor_is_cut_out_of_generated_go() -> None:
    wanted = file("a.proto", "a", message("One"))
    text = " +\n".join(quoted(wanted.SerializeToString()))
    source = f'package a\n\nconst file_a_proto_rawDesc = "" +\n{text}\n\nvar x = "y"\n'
    assert decode_go(source.encode()) == wanted


@pytest.mark.parametrize(
    ("literal", "package"),
    [
        (r"\x12\x02\a\b", "\a\b"),
        (r"\x12\x02\"\\", '"\\'),
        (r"\x12\x02\u00e4", "ä"),
        ("\\x12\\x02ä", "ä"),
    ],
    ids=["short escapes", "quote and backslash", "escaped rune", "plain rune"],
)
def test_each_way_go_writes_a_character_is_read(literal: str, package: str) -> None:
    source = f'const file_rawDesc = "" +\n\t"{literal}"\n'
    assert decode_go(source.encode()).package == package


def test_go_without_a_descriptor_is_refused() -> None:
    with pytest.raises(GenerateError):
        decode_go(b"package a\n")


def test_only_what_the_roots_reach_is_kept() -> None:
    files = [
        file("b.proto", "b", message("Leaf"), message("Unneeded", ".c.Far")),
        file("c.proto", "c", message("Far")),
        file("a.proto", "a", message("Root", ".b.Leaf", ".a.Next"), message("Next")),
    ]
    kept = prune(files, [".a.Root"])
    assert [each.name for each in kept.file] == ["b.proto", "a.proto"]
    assert [kind.name for each in kept.file for kind in each.message_type] == [
        "Leaf",
        "Root",
        "Next",
    ]


def test_messages_that_need_each_other_end_the_walk() -> None:
    kept = prune(
        [file("a.proto", "a", message("One", ".a.Two"), message("Two", ".a.One"))], [".a.One"]
    )
    assert len(kept.file[0].message_type) == 2


def test_options_are_dropped_but_for_the_mark_of_a_map() -> None:
    entry = message("E", ".a.Leaf")
    entry.options.map_entry = True
    entry.options.deprecated = True
    root = message("Root", ".a.Root.E")
    root.field[0].options.deprecated = True
    root.nested_type.append(entry)
    kept = prune([file("a.proto", "a", root, message("Leaf"))], [".a.Root"]).file[0].message_type[0]
    assert not kept.field[0].HasField("options")
    assert kept.nested_type[0].options.map_entry
    assert not kept.nested_type[0].options.deprecated


def test_files_come_in_an_order_a_pool_takes() -> None:
    files = [
        file("a.proto", "a", message("Root", ".z.Middle")),
        file("m.proto", "m", message("Leaf")),
        file("z.proto", "z", message("Middle", ".m.Leaf")),
    ]
    kept: FileDescriptorSet = prune(files, [".a.Root"])
    pool = DescriptorPool()
    for each in kept.file:
        pool.AddSerializedFile(each.SerializeToString())
    assert pool.FindMessageTypeByName("a.Root").fields[0].name == "field1"
