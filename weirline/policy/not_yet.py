"""Fields of the whole policy language that this version does not read.

Named one by one, so that a policy written for the whole language hears «not in this version» in
place of «unknown», and never believes that something is enforced which is not.
"""

from __future__ import annotations

from collections.abc import Mapping

NOT_YET: Mapping[str, tuple[str, ...]] = {
    "Policy": ("auto", "tests"),
    "Find": ("at",),
    "Change": ("restore",),
}

NOT_YET_ACTIONS = ("restore",)
