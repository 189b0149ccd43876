"""Files and functions stay small enough to be read in one go (the figures of CONTRIBUTING.md)."""

from __future__ import annotations

import statistics

from tests.meta.checkout import ROOT, functions, python_files, relative

LONGEST_FUNCTION = 60
LONGEST_FILE = 350
LONGEST_TEST_FILE = 500  # tests mirror code, so a file of theirs cannot be cut at will
# One concept that is clearer in one piece, up to LONGEST_OF_ALL lines, each with the reason.
LONGEST_OF_ALL = 500
LONGER_FILES = {
    "dev.py": "one file that runs before anything is installed",
    "extproc/h2/connection.py": "one connection: what the loop calls, and every way it ends",
    "weirline/flow/flow.py": "one state machine, one file, its transitions as one table",
}
EVERYTHING = ("dev.py", "extproc", "loadtest", "tests", "weirline")
SHIPPED = ("extproc", "weirline")


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = [
        f"{relative(path)}:{function.line} {function.name}: {function.lines} lines"
        for path in python_files(*EVERYTHING)
        for function in functions(path)
        if function.lines > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_no_file_is_longer_than_350_lines() -> None:
    long = [
        f"{relative(path)}: {lines} lines"
        for path in python_files(*EVERYTHING)
        if (lines := _lines(path.read_bytes())) > _limit(relative(path))
    ]
    assert not long, "\n".join(long)


def test_every_longer_file_still_needs_its_exception() -> None:
    stale = [name for name in LONGER_FILES if _lines((ROOT / name).read_bytes()) <= LONGEST_FILE]
    assert not stale, "\n".join(stale)


def test_shipped_modules_and_functions_are_short_as_a_rule() -> None:
    paths = python_files(*SHIPPED)
    sizes = [_lines(path.read_bytes()) for path in paths if path.name != "__init__.py"]
    spans = [function.lines for path in paths for function in functions(path)]
    measured = (
        f"modules: median {statistics.median(sizes)}; functions: median "
        f"{statistics.median(spans)}, 90 % within {statistics.quantiles(spans, n=10)[-1]} lines"
    )
    assert statistics.median(sizes) <= 150, measured
    assert statistics.median(spans) <= 10, measured
    assert statistics.quantiles(spans, n=10)[-1] <= 30, measured


def _limit(name: str) -> int:
    if name in LONGER_FILES:
        return LONGEST_OF_ALL
    return LONGEST_TEST_FILE if name.startswith("tests/") else LONGEST_FILE


def _lines(content: bytes) -> int:
    return content.count(b"\n")
