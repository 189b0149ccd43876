"""Fields of the whole policy language that this version does not read.

Named one by one, so that a policy written for the whole language hears «not in this version» in
place of «unknown», and never believes that something is enforced which is not.
"""

from __future__ import annotations

from collections.abc import Mapping

_SELECTOR = ("caller", "callee", "claim")

NOT_YET: Mapping[str, tuple[str, ...]] = {
    "Policy": ("detectors", "windows", "auto", "exceptions", "tests"),
    "DefaultsRule": ("token",),
    "Category": ("report",),
    "Selector": _SELECTOR,
    "Condition": _SELECTOR,
    "Rule": ("require",),
    "Find": ("distinct", "at"),
    "Change": ("alert", "tokenise", "restore", "tag_header", "rate_limit"),
    "RedactAction": ("replace", "hash", "remove"),
}

NOT_YET_ACTIONS = ("alert", "tokenise", "restore", "tag_header", "rate_limit")
