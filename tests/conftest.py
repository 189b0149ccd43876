"""What holds for every test: no skips, no litter, values made from a printed seed."""

from __future__ import annotations

import os
import random
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import hypothesis.configuration
import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

SEED_VARIABLE = "WEIRLINE_TEST_SEED"

# Some tests fork. grpcio, the client of others in the same process, would act on its own then.
os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"

# The same examples in every run, and nothing written: a failure must be there again next time.
hypothesis.settings.register_profile(
    "repeatable", derandomize=True, database=None, deadline=None, print_blob=True
)
hypothesis.settings.load_profile("repeatable")
hypothesis.configuration.set_hypothesis_home_dir(
    Path(tempfile.gettempdir()) / f"weirline-hypothesis-{os.getuid()}"
)
# What commands compile for the next start is no business of the user's own cache.
os.environ["XDG_CACHE_HOME"] = str(Path(tempfile.gettempdir()) / f"weirline-cache-{os.getuid()}")


def seed_of_values() -> str:
    """Return the seed that test values are made from; the environment can set another."""
    return os.environ.get(SEED_VARIABLE, "1")


def pytest_report_header() -> str:
    return f"seed of test values: {seed_of_values()} (set {SEED_VARIABLE} to try another)"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with long tests first, so that no worker is alone with one at the end."""
    long = {item.path for item in items if item.get_closest_marker("full")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> random.Random:
    """A generator of its own for each test, so that no test's values depend on another's."""
    return random.Random(f"{seed_of_values()}:{request.node.nodeid}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count a skip as a failure: what cannot run must be installed or say so, not be silent."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped or expected to fail; neither counts here"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Count a whole module that skips itself as a failure, too."""
    report = yield
    if report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} skips itself; that does not count here"
    return report
