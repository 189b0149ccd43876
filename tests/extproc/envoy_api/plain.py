"""Messages as plain values, so that two implementations of them can be compared.

A message is a dict of its present fields, a list a list, a map a dict; a scalar at its default is
absent, as on the wire. Durations are whole microseconds and BoolValue is a bool, because that is
what the oracle makes of them.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import importlib
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import betterproto2
from google.protobuf.message import Message

if TYPE_CHECKING:
    from google.protobuf.descriptor import Descriptor, FieldDescriptor

Plain: TypeAlias = "bool | int | float | str | bytes | list[Plain] | dict[str, Plain]"

_MICROSECOND = datetime.timedelta(microseconds=1)


def of_message(message: Message) -> Plain:
    """The plain form of one of our messages."""
    descriptor = cast("Descriptor", message.DESCRIPTOR)
    if descriptor.full_name == "google.protobuf.BoolValue":
        return bool(message.value)  # type: ignore[attr-defined] # known by its name only
    if descriptor.full_name == "google.protobuf.Duration":
        duration: datetime.timedelta = message.ToTimedelta()  # type: ignore[attr-defined]
        return duration // _MICROSECOND
    plain: dict[str, Plain] = {}
    for field, value in message.ListFields():
        if is_map(field):
            plain[field.name] = {key: _item(each) for key, each in value.items()}
        elif field.is_repeated:
            plain[field.name] = [_item(each) for each in value]
        else:
            plain[field.name] = _item(value)
    return plain


def of_oracle(message: object) -> Plain:
    """The plain form of one of the oracle's messages."""
    if isinstance(message, datetime.timedelta):
        return message // _MICROSECOND
    if isinstance(message, enum.IntEnum):
        return int(message)
    if not isinstance(message, betterproto2.Message):
        return cast("Plain", message)
    plain: dict[str, Plain] = {}
    for field in dataclasses.fields(cast("Any", message)):
        if field.name.startswith("_"):
            continue
        value = getattr(message, field.name)
        kind = field.metadata["betterproto"]
        if isinstance(value, dict):
            if value:
                plain[field.name] = {key: of_oracle(each) for key, each in value.items()}
        elif isinstance(value, list):
            if value:
                plain[field.name] = [of_oracle(each) for each in value]
        elif value is not None and (kind.optional or kind.group or value):
            plain[field.name] = of_oracle(value)
    return plain


def without_new(plain: Plain, descriptor: Descriptor) -> Plain:
    """The plain form without the fields that the oracle's older definitions do not have."""
    if not isinstance(plain, dict):
        return plain
    known = oracle_fields(descriptor)
    kept: dict[str, Plain] = {}
    for name, value in plain.items():
        if name not in known:
            continue
        field = descriptor.fields_by_name[name]
        inner = field.message_type
        if inner is None:
            kept[name] = value
        elif is_map(field):
            entry = inner.fields_by_name["value"].message_type
            assert entry is not None
            assert isinstance(value, dict)
            kept[name] = {key: without_new(each, entry) for key, each in value.items()}
        elif isinstance(value, list):
            kept[name] = [without_new(each, inner) for each in value]
        else:
            kept[name] = without_new(value, inner)
    return kept


def oracle_class(descriptor: Descriptor) -> type[betterproto2.Message]:
    """The oracle's class for a message. Raises AttributeError for one it does not know."""
    package = descriptor.file.package
    module = importlib.import_module(f"envoy_data_plane.{package}")
    name = descriptor.full_name.removeprefix(f"{package}.").replace(".", "")
    return cast("type[betterproto2.Message]", getattr(module, name))


def oracle_fields(descriptor: Descriptor) -> frozenset[str]:
    """The fields of a message that the oracle knows."""
    return frozenset(
        field.name for field in dataclasses.fields(cast("Any", oracle_class(descriptor)))
    )


def is_map(field: FieldDescriptor) -> bool:
    """Whether a field is a map, which the wire sends as a list of entries."""
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def _item(value: object) -> Plain:
    return of_message(value) if isinstance(value, Message) else cast("Plain", value)
