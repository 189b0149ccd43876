"""What several tests through a real Envoy need."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.fast_transport import left_out

# They import what only a compiler can make.
COMPILED = ("test_fast_transport.py", "test_held_events.py")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what cannot be imported where nothing is compiled."""
    return (collection_path.name in COMPILED and left_out(config)) or None


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files with a short name: pytest's own leave no room for a socket."""
    with tempfile.TemporaryDirectory(prefix="wl-") as folder:
        yield Path(folder)
