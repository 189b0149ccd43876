"""Renews descriptor_set.binpb and messages.pyi; run by hand when Envoy's definitions change.

The definitions are read from the generated Go code of go-control-plane, whose module proxy carries
them soon after each Envoy release, by cutting the serialised descriptors out of the .pb.go files.
Of these only what the two ext_proc messages reach is kept, and without options: annotations for
validation, documentation and versioning would drag in files five times the size.

It refuses a module whose checksum is not the one written here. To renew: set both constants, run
`python -m extproc.envoy_api.generate` (needs Go), run the tests, commit both files.

Source: https://github.com/envoyproxy/go-control-plane, envoy/service/ext_proc/v3.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from google.protobuf import any_pb2, duration_pb2, struct_pb2, wrappers_pb2
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

from extproc.envoy_api.stub import render_stub

GO_MODULE = "github.com/envoyproxy/go-control-plane/envoy@v1.40.0"
GO_MODULE_SUM = "h1:G4dcl8KE/HVPnZ25BBdvGZWi8JjyeBfQSvm95U5P1Qc="
SOURCES = (
    "service/ext_proc/v3/external_processor.pb.go",
    "config/core/v3/base.pb.go",
    "extensions/filters/http/ext_proc/v3/processing_mode.pb.go",
    "type/v3/http_status.pb.go",
)
ROOTS = (
    ".envoy.service.ext_proc.v3.ProcessingRequest",
    ".envoy.service.ext_proc.v3.ProcessingResponse",
)

_HERE = Path(__file__).parent
_LITERAL = re.compile(rb'_rawDesc = "" \+\n((?:\t".*"(?: \+)?\n)+)')
_ESCAPE = re.compile(rb'\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([abfnrtv\\"]))')
_SHORT = dict(zip(b'abfnrtv\\"', b'\a\b\f\n\r\t\v\\"', strict=True))

_Index = dict[str, tuple[FileDescriptorProto, DescriptorProto | EnumDescriptorProto]]


class GenerateError(Exception):
    """The Go module is not the expected one, or its generated code has another shape."""


def main() -> None:
    """Write both files beside this one. Raises GenerateError, CalledProcessError, OSError."""
    descriptor_set = prune(read_files(_download()), ROOTS)
    _HERE.joinpath("descriptor_set.binpb").write_bytes(
        descriptor_set.SerializeToString(deterministic=True)
    )
    _HERE.joinpath("messages.pyi").write_text(render_stub(descriptor_set), encoding="utf-8")


def read_files(module: Path) -> list[FileDescriptorProto]:
    """The definitions in the module's sources and the well-known ones of protobuf itself."""
    files = [decode_go(module.joinpath(source).read_bytes()) for source in SOURCES]
    for known in (any_pb2, duration_pb2, struct_pb2, wrappers_pb2):
        file = FileDescriptorProto()
        known.DESCRIPTOR.CopyToProto(file)
        files.append(file)
    return files


def decode_go(source: bytes) -> FileDescriptorProto:
    """The file descriptor that generated Go code carries as a string constant.

    Raises GenerateError where there is no such constant.
    """
    found = _LITERAL.search(source)
    if found is None:
        raise GenerateError("generated Go code without a _rawDesc constant")
    quoted = b"".join(
        line.strip().removesuffix(b" +")[1:-1] for line in found.group(1).splitlines()
    )
    return FileDescriptorProto.FromString(_ESCAPE.sub(_unescape, quoted))


def prune(files: Iterable[FileDescriptorProto], roots: Iterable[str]) -> FileDescriptorSet:
    """Only the types that the roots reach, without options, in an order a pool can load."""
    index: _Index = {}
    for file in files:
        for message in file.message_type:
            index[f".{file.package}.{message.name}"] = (file, message)
        for enum in file.enum_type:
            index[f".{file.package}.{enum.name}"] = (file, enum)
    wanted: dict[str, FileDescriptorProto] = {}
    _reach(roots, index, wanted)
    kept: dict[str, FileDescriptorProto] = {}
    for name, file in wanted.items():
        small = kept.setdefault(
            file.name,
            FileDescriptorProto(name=file.name, package=file.package, syntax=file.syntax),
        )
        kind = index[name][1]
        if isinstance(kind, DescriptorProto):
            small.message_type.append(_strip(kind))
            needs = {wanted[top].name for top in _top_names(kind, index)}
            small.dependency.extend(sorted(needs - {file.name} - set(small.dependency)))
        else:
            small.enum_type.add(name=kind.name, value=kind.value)
    return FileDescriptorSet(file=_ordered(kept))


def _download() -> Path:
    answer = subprocess.run(
        ["go", "mod", "download", "-json", GO_MODULE],  # noqa: S607 - Go has no fixed path
        check=True,
        capture_output=True,
        text=True,
    )
    module = json.loads(answer.stdout)
    if module["Sum"] != GO_MODULE_SUM:
        raise GenerateError(f"checksum of {GO_MODULE} is {module['Sum']}, not {GO_MODULE_SUM}")
    return Path(module["Dir"])


def _unescape(found: re.Match[bytes]) -> bytes:
    byte, short_rune, long_rune, letter = found.groups()
    if byte is not None:
        return bytes.fromhex(byte.decode())
    if letter is not None:
        return bytes([_SHORT[letter[0]]])
    return chr(int(short_rune or long_rune, 16)).encode()


def _reach(
    names: Iterable[str],
    index: _Index,
    wanted: dict[str, FileDescriptorProto],
) -> None:
    for name in names:
        if name in wanted:
            continue
        file, kind = index[name]
        wanted[name] = file
        if isinstance(kind, DescriptorProto):
            _reach(_top_names(kind, index), index, wanted)


def _top_names(kind: DescriptorProto, index: _Index) -> Iterator[str]:
    """The file-level types that the fields of a message and of its nested ones name."""
    for field in kind.field:
        name = field.type_name
        while name and name not in index:
            name = name.rpartition(".")[0]
        if name:
            yield name
    for nested in kind.nested_type:
        yield from _top_names(nested, index)


def _strip(kind: DescriptorProto) -> DescriptorProto:
    small = DescriptorProto()
    small.CopyFrom(kind)
    is_map = kind.options.map_entry
    small.ClearField("options")
    if is_map:
        small.options.map_entry = True
    for field in small.field:
        _strip_field(field)
    for oneof in small.oneof_decl:
        oneof.ClearField("options")
    for enum in small.enum_type:
        enum.ClearField("options")
        for value in enum.value:
            value.ClearField("options")
    nested = [_strip(each) for each in kind.nested_type]
    del small.nested_type[:]
    small.nested_type.extend(nested)
    return small


def _strip_field(field: FieldDescriptorProto) -> None:
    # A field's json name is the default one everywhere; `packed` and `deprecated` are not used.
    field.ClearField("options")
    field.ClearField("json_name")


def _ordered(files: dict[str, FileDescriptorProto]) -> list[FileDescriptorProto]:
    done: dict[str, FileDescriptorProto] = {}

    def add(name: str) -> None:
        for dependency in files[name].dependency:
            if dependency not in done:
                add(dependency)
        done.setdefault(name, files[name])

    for name in sorted(files):
        add(name)
    return list(done.values())


if __name__ == "__main__":
    main()
