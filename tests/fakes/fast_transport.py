"""The compiled part of the fast transport, built for the tests that need it."""

from __future__ import annotations

import functools
import importlib

import pytest

from extproc.h2.build import MODULES, build, is_current

# Tests of these need a compiler and libnghttp2's headers, so they run with `test --all`.
FULL = pytest.mark.full


@functools.cache
def ensure_built() -> None:
    """Build the module unless it is there and as new as its sources. Raises BuildFailed."""
    for module in MODULES:
        if not is_current(module):
            build(module)
            importlib.invalidate_caches()


def left_out(config: pytest.Config) -> bool:
    """Whether a file that imports the module is not collected: `dev.py test` runs without it.

    Builds the module otherwise. Raises BuildFailed.
    """
    if "not full" in config.option.markexpr:
        return True
    ensure_built()
    return False
