"""Hypothesis strategies for any ext_proc message, made from its definition."""

from __future__ import annotations

from typing import Any, cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import strategies as st

from tests.extproc.envoy_api.plain import is_map

_DEEPEST = 5
_INT32 = 1 << 31
_INT64 = 1 << 63
# 77 and the greatest are enum values that no definition has.
_NEW_ENUM_VALUES = (77, _INT32 - 1)

_SCALARS: dict[int, st.SearchStrategy[object]] = {
    FieldDescriptor.TYPE_BOOL: st.booleans(),
    FieldDescriptor.TYPE_BYTES: st.binary(max_size=40),
    FieldDescriptor.TYPE_DOUBLE: st.floats(allow_nan=False),
    FieldDescriptor.TYPE_INT32: st.integers(-_INT32, _INT32 - 1),
    FieldDescriptor.TYPE_INT64: st.integers(-_INT64, _INT64 - 1),
    FieldDescriptor.TYPE_STRING: st.text(max_size=20),
    FieldDescriptor.TYPE_UINT32: st.integers(0, 2 * _INT32 - 1),
}


@st.composite
def messages(draw: st.DrawFn, descriptor: Descriptor, depth: int = 0) -> Message:
    """A message with any of its fields set, and at most one arm of each oneof."""
    message = GetMessageClass(descriptor)()
    if descriptor.full_name == "google.protobuf.Duration":
        # The oracle's durations have no nanoseconds, and it writes negative ones wrongly.
        message.FromMicroseconds(draw(st.integers(0, 10**12)))  # type: ignore[attr-defined]
        return message
    fields = draw(st.lists(st.sampled_from(list(descriptor.fields)), unique_by=_slot))
    for field in fields:
        if depth >= _DEEPEST and field.message_type is not None:
            continue
        set_field(message, field, draw(values(field, depth)))
    return message


def values(field: FieldDescriptor, depth: int = 0) -> st.SearchStrategy[Any]:
    """A value for one field: for a list a list, for a map a dict."""
    entry = field.message_type
    if entry is not None and is_map(field):
        key, value = (entry.fields_by_name[name] for name in ("key", "value"))
        return st.dictionaries(_single(key, depth), _single(value, depth), max_size=3)
    if field.is_repeated:
        return st.lists(_single(field, depth), max_size=3)
    return _single(field, depth)


def set_field(message: Message, field: FieldDescriptor, value: object) -> None:
    """Set a field of any kind to what `values` made for it."""
    target = getattr(message, field.name)
    if is_map(field):
        for key, each in cast("dict[object, object]", value).items():
            if isinstance(each, Message):
                target[key].CopyFrom(each)
            else:
                target[key] = each
    elif field.is_repeated:
        target.extend(value)
    elif isinstance(value, Message):
        target.CopyFrom(value)
        target.SetInParent()
    else:
        setattr(message, field.name, value)


def _single(field: FieldDescriptor, depth: int) -> st.SearchStrategy[Any]:
    if field.message_type is not None:
        return messages(field.message_type, depth + 1)
    if field.enum_type is not None:
        known = tuple(value.number for value in field.enum_type.values)
        return st.sampled_from(known + _NEW_ENUM_VALUES)
    return _SCALARS[field.type]


def _slot(field: FieldDescriptor) -> str:
    oneof = field.containing_oneof
    return field.name if oneof is None else f"oneof {oneof.name}"
