"""What differs between two policies, part by part and in the words of the file.

Order of rules means nothing, so it is no difference. Parts are compared as they are written out
with every default, not as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from weirline.policy.fault import field_name
from weirline.policy.policy import Policy

Plain = object


class Change(msgspec.Struct, frozen=True):
    """One difference: `kind` is added, removed or changed, `part` a path such as rules.a.do."""

    kind: str
    part: str
    before: str
    after: str

    def __str__(self) -> str:
        match self.kind:
            case "added":
                return f"+ {self.part}: {self.after}"
            case "removed":
                return f"- {self.part}: {self.before}"
            case _:
                return f"~ {self.part}: {self.before} -> {self.after}"


def policy_diff(old: Policy, new: Policy) -> list[Change]:
    """Return every difference, in the order of the file's fields."""
    return list(_compare((), _parts(old), _parts(new)))


def _parts(policy: Policy) -> dict[str, Plain]:
    plain: dict[str, Plain] = msgspec.to_builtins(policy)
    plain["rules"] = {rule.id: msgspec.to_builtins(rule) for rule in policy.rules}
    plain["defaults"] = _defaults(policy)
    return plain


def _defaults(policy: Policy) -> dict[str, Plain]:
    written = policy.defaults
    return {
        name: msgspec.to_builtins(value)
        for name in written.__struct_fields__
        if (value := getattr(written, name)) is not None
    }


def _compare(path: tuple[str, ...], old: Plain, new: Plain) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping) and len(path) < 3:
        for name in dict.fromkeys((*old, *new)):
            where = (*path, str(name))
            if name not in new:
                yield Change("removed", field_name(where), _shown(old[name]), "")
            elif name not in old:
                yield Change("added", field_name(where), "", _shown(new[name]))
            else:
                yield from _compare(where, old[name], new[name])
        return
    yield Change("changed", field_name(path), _shown(old), _shown(new))


def _shown(value: Plain) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
