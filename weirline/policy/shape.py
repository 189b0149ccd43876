"""Checks a YAML tree against the shape of a policy and finds every fault, not the first.

The shape is read from the policy's classes, so a new field is known here at once. What comes out is
plain values that convert without error, and the place of every one of them.
"""

from __future__ import annotations

import re

import msgspec.inspect as shapes

from weirline.policy.fault import SHAPE, Faults, Path, listed, nearest
from weirline.policy.not_yet import NOT_YET, NOT_YET_ACTIONS
from weirline.rulepack.entry import Place
from weirline.rulepack.yaml_text import Entry, Mapping, Refused, Scalar, Sequence, Tree

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]


class ShapeCheck:
    """One walk over one tree; `places` is filled on the way."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self.places: dict[Path, Place] = {}

    def check(self, tree: Tree, shape: shapes.Type, path: Path = ()) -> Plain:
        """Return the plain value of `tree`; faults are added where it does not fit `shape`."""
        self.places[path] = tree.place
        if isinstance(tree, Refused):
            return None
        while isinstance(shape, shapes.Metadata):
            shape = shape.type
        match shape:
            case shapes.UnionType():
                return self._union(tree, shape, path)
            case shapes.StructType():
                return self._struct(tree, shape, path)
            case shapes.VarTupleType():
                return self._list(tree, shape, path)
            case shapes.DictType():
                return self._dict(tree, shape, path)
            case _:
                return self._scalar(tree, shape, path)

    def _fault(self, path: Path, place: Place, mend: str) -> None:
        self._faults.add(SHAPE, path, place, mend)

    def _union(self, tree: Tree, shape: shapes.UnionType, path: Path) -> Plain:
        kinds = [_bare(one) for one in shape.types]
        kinds = [one for one in kinds if not isinstance(one, shapes.NoneType)]
        for kind in kinds:
            if _fits(tree, kind):
                return self.check(tree, kind, path)
        self._fault(path, tree.place, " or ".join(_wanted(kind) for kind in kinds))
        return None

    def _struct(self, tree: Tree, shape: shapes.StructType, path: Path) -> Plain:
        if not isinstance(tree, Mapping):
            self._fault(path, tree.place, _wanted(shape))
            return None
        fields = {field.encode_name: field for field in shape.fields}
        plain: dict[str, Plain] = {}
        for entry in tree.entries:
            field = fields.get(entry.key)
            if field is None:
                self._unknown(entry, shape, path)
            else:
                plain[entry.key] = self.check(entry.value, field.type, (*path, entry.key))
        for name, field in fields.items():
            if field.required and name not in plain:
                mend = f"this field is missing: add {_wanted(_bare(field.type))}"
                self._fault((*path, name), tree.place, mend)
        return plain

    def _unknown(self, entry: Entry, shape: shapes.StructType, path: Path) -> None:
        names = [field.encode_name for field in shape.fields]
        if entry.key in NOT_YET.get(shape.cls.__name__, ()):
            mend = f"`{entry.key}` is not available in this version; remove it, {_only(names)}"
            self._fault((*path, entry.key), entry.place, mend)
            return
        mend = f"unknown field{nearest(entry.key, names)}: {_only(names)}"
        self._fault(path, entry.place, mend)

    def _list(self, tree: Tree, shape: shapes.VarTupleType, path: Path) -> Plain:
        if not isinstance(tree, Sequence):
            self._fault(path, tree.place, _wanted(shape))
            return None
        if shape.min_length is not None and len(tree.items) < shape.min_length:
            self._fault(path, tree.place, "a list with at least one entry")
        return [
            self.check(item, shape.item_type, (*path, position))
            for position, item in enumerate(tree.items)
        ]

    def _dict(self, tree: Tree, shape: shapes.DictType, path: Path) -> Plain:
        if not isinstance(tree, Mapping):
            self._fault(path, tree.place, _wanted(shape))
            return None
        plain: dict[str, Plain] = {}
        for position, entry in enumerate(tree.entries):
            own_path = (*path, position)
            key = Scalar(entry.place, entry.key)
            self._scalar(key, _bare(shape.key_type), own_path)
            plain[entry.key] = self.check(entry.value, shape.value_type, own_path)
        return plain

    def _scalar(self, tree: Tree, shape: shapes.Type, path: Path) -> Plain:
        if not isinstance(tree, Scalar) or not _fits(tree, shape):
            self._fault(path, tree.place, _wanted(shape))
            return None
        value = tree.value
        mend = _bound_fault(value, shape)
        if mend is not None:
            self._fault(path, tree.place, mend)
        return value


def _bare(shape: shapes.Type) -> shapes.Type:
    while isinstance(shape, shapes.Metadata):
        shape = shape.type
    return shape


def _fits(tree: Tree, shape: shapes.Type) -> bool:
    """Whether the kind of thing that was written is the kind that is wanted."""
    match shape:
        case shapes.StructType() | shapes.DictType():
            return isinstance(tree, Mapping)
        case shapes.VarTupleType():
            return isinstance(tree, Sequence)
        case _:
            pass
    if not isinstance(tree, Scalar):
        return False
    value = tree.value
    match shape:
        case shapes.StrType() | shapes.EnumType() | shapes.LiteralType():
            return isinstance(value, str)
        case shapes.IntType():
            return isinstance(value, int) and not isinstance(value, bool)
        case shapes.FloatType():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case shapes.BoolType():
            return isinstance(value, bool)
        case _:
            return False


def _bound_fault(value: str | float | bool | None, shape: shapes.Type) -> str | None:
    """What is wrong with a value of the right kind, if anything."""
    match shape:
        case shapes.EnumType(cls=cls):
            return _choice_fault(str(value), [str(member.value) for member in cls])
        case shapes.LiteralType(values=values):
            return _choice_fault(str(value), [str(one) for one in values])
        case shapes.StrType(min_length=low, max_length=high, pattern=pattern):
            length = len(str(value))
            if length < (low or 0) or (high is not None and length > high):
                return f"text of {low or 0} to {high} characters"
            if pattern is not None and not re.fullmatch(pattern, str(value)):
                return f"text of the form {pattern}"
        case shapes.IntType(ge=low_n, le=high_n) | shapes.FloatType(ge=low_n, le=high_n):
            number = value if isinstance(value, int | float) else 0
            if (low_n is not None and number < low_n) or (high_n is not None and number > high_n):
                return f"a number from {low_n} to {high_n}"
        case _:
            pass
    return None


def _choice_fault(written: str, choices: list[str]) -> str | None:
    if written in choices:
        return None
    if written in NOT_YET_ACTIONS:
        return f"`{written}` is not available in this version; remove it, {_only(choices)}"
    if len(choices) == 1:
        return f"`{choices[0]}`, the only one this version reads"
    return f"one of {listed(choices)}{nearest(written, choices)}"


def _only(names: list[str]) -> str:
    return f"available here: {listed(names)}"


def _wanted(shape: shapes.Type) -> str:
    match shape:
        case shapes.StructType(fields=fields):
            return f"a mapping with {listed(field.encode_name for field in fields)}"
        case shapes.DictType():
            return "a mapping from names to their definitions"
        case shapes.VarTupleType():
            return "a list, in brackets or with a dash before each entry"
        case shapes.IntType():
            return "a whole number in digits"
        case shapes.FloatType():
            return "a number such as 0.6"
        case shapes.BoolType():
            return "`true` or `false`"
        case shapes.EnumType(cls=cls):
            return f"one of {listed(str(member.value) for member in cls)}"
        case shapes.LiteralType(values=values):
            return " or ".join(f"`{one}`" for one in values)
        case shapes.StrType(pattern=str() as pattern):
            return f"text of the form {pattern}"
        case shapes.UnionType(types=types):
            return " or ".join(_wanted(_bare(one)) for one in types)
        case _:
            return "text (put it in quotes)"
