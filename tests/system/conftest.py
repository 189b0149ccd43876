"""What several tests through a real Envoy need."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files with a short name: pytest's own leave no room for a socket."""
    with tempfile.TemporaryDirectory(prefix="wl-") as folder:
        yield Path(folder)
