"""Says whether selectors can hold together: what two patterns of one field have in common.

Needed to find rules that can never match, which look like protection and are none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

from weirline.policy.path_template import BadTemplateError, split_template
from weirline.policy.selector import Condition, Selector, alternatives

BRANCHES_MAX = 256  # choices of `any` looked at; beyond, a condition is taken to be possible

Meet = Callable[[str, str], str | None]


def can_hold(written: str | Selector, selectors: Mapping[str, Selector]) -> bool:
    """Say whether some message can meet a condition; names not defined count as possible."""
    together: list[Selector] = []
    choices: list[tuple[str | Condition, ...]] = []
    _flatten(written, selectors, (together, choices))
    if not choices:
        return _compatible(together)
    branches = 1
    for choice in choices:
        branches *= len(choice)
    if branches > BRANCHES_MAX:
        return True
    return any(
        can_hold(Condition(all=picked), selectors) and _with(together, picked, selectors)
        for picked in product(*choices)
    )


def _with(
    together: Sequence[Selector],
    picked: Sequence[str | Condition],
    selectors: Mapping[str, Selector],
) -> bool:
    """Whether one choice of each `any` can hold with everything that must hold anyway."""
    further: list[Selector] = list(together)
    nested: list[tuple[str | Condition, ...]] = []
    for part in picked:
        _flatten(part, selectors, (further, nested))
    return _compatible(further)


def _flatten(
    written: str | Selector,
    selectors: Mapping[str, Selector],
    result: tuple[list[Selector], list[tuple[str | Condition, ...]]],
) -> None:
    if isinstance(written, str):
        named = selectors.get(written)
        if named is not None:
            result[0].append(named)
        return
    result[0].append(written)
    if isinstance(written, Condition):
        for part in written.all or ():
            _flatten(part, selectors, result)
        if written.any:
            result[1].append(written.any)


def _compatible(together: Sequence[Selector]) -> bool:
    directions = {one.direction for one in together if one.direction is not None}
    return (
        len(directions) <= 1
        and _meet_all((one.host for one in together), meet_host)
        and _meet_all((one.path for one in together), meet_path)
        and _meet_all((one.method for one in together), meet_exact)
        and _meet_all((one.content_type for one in together), meet_content_type)
    )


def _meet_all(fields: Iterable[str | tuple[str, ...] | None], meet: Meet) -> bool:
    common: set[str] | None = None
    for field in fields:
        values = alternatives(field)
        if not values:
            continue
        if common is None:
            common = set(values)
        else:
            pairs = (meet(one, other) for one in common for other in values)
            common = {pair for pair in pairs if pair is not None}
        if not common:
            return False
    return True


def meet_exact(one: str, other: str) -> str | None:
    """Return what both mean; None if nothing."""
    return one if one == other else None


def meet_host(one: str, other: str) -> str | None:
    """Return the host pattern that both patterns match; None if nothing does."""
    one, other = one.lower(), other.lower()
    if one == other:
        return one
    if other.startswith("*.") and one.endswith(other[1:]):
        return one
    if one.startswith("*.") and other.endswith(one[1:]):
        return other
    return None


def meet_content_type(one: str, other: str) -> str | None:
    """Return the media type pattern that both patterns match; None if nothing does."""
    one, other = one.lower(), other.lower()
    if one == other or (other.endswith("/*") and one.startswith(other[:-1])):
        return one
    return other if one.endswith("/*") and other.startswith(one[:-1]) else None


def meet_path(one: str, other: str) -> str | None:
    """Return a template of what both templates match; None if nothing, or one is no template."""
    try:
        left, right = split_template(one), split_template(other)
    except BadTemplateError:
        return None
    common: list[str] = []
    for position in range(max(len(left), len(right))):
        mine = left[position] if position < len(left) else None
        theirs = right[position] if position < len(right) else None
        if mine == "**":
            return "/" + "/".join(common + right[position:])
        if theirs == "**":
            return "/" + "/".join(common + left[position:])
        if mine is None or theirs is None or (mine != theirs and "*" not in (mine, theirs)):
            return None
        common.append(theirs if mine == "*" else mine)
    return "/" + "/".join(common)
