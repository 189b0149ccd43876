"""Tests of what imports the compiled module are collected only where they run: `test --all`."""

from __future__ import annotations

from pathlib import Path

import pytest  # noqa: TC002 - pytest reads the hook's annotations

from tests.fakes.fast_transport import left_out

FREE = ("test_available.py", "test_build.py", "test_limits.py", "test_peer.py", "test_service.py")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what cannot be imported without the compiled module, else build that first."""
    if not collection_path.name.startswith("test_") or collection_path.name in FREE:
        return None
    return left_out(config) or None
