"""The compiled tools of the bench, built once a session."""

from __future__ import annotations

import pytest

from loadtest.native import NativeTools, build_tools


@pytest.fixture(scope="session")
def tools() -> NativeTools:
    return build_tools()
