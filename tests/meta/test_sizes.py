"""Files and functions stay small enough to be read in one go (the figures of CONTRIBUTING.md)."""

from __future__ import annotations

import statistics

from tests.meta.checkout import functions, python_files, relative

LONGEST_FUNCTION = 60
LONGEST_FILE = 350
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
        if (lines := _lines(path.read_bytes())) > LONGEST_FILE
    ]
    assert not long, "\n".join(long)


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


def _lines(content: bytes) -> int:
    return content.count(b"\n")
