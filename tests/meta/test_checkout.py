"""The checkout holds no secret, nothing of the machine it was written on, nothing half done."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest

from tests.meta.checkout import files, python_files, relative
from weirline.rulepack.compiled_chain import build_chain
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner

# Files that may hold what looks like a secret to a scanner, each with the reason.
SECRETS_ALLOWED: dict[str, str] = {}

PROVIDER_SHAPED = "secrets"

# In parts, because this file is searched as well.
WORKPLACE = re.compile(
    "|".join(
        (
            "/" + r"work/",
            "/" + r"root/",
            "/" + r"home/\w",
            "/" + r"opt/wheels",
            r"brief" + r"\.md",
            r"before" + "-stop",
            r"\.\./" + "shared",
            r"files\.python" + "hosted",
            r"(?i:\b" + r"issue #?\d)",
            r"\bthe " + r"(?:lead|\w+ engineer) (?:writes|owns|does)",
        )
    )
)
UNFINISHED = re.compile(
    "|".join(("TO" + "DO", "FIX" + "ME", r"\bXX" + r"X\b", "NotImplemented" + "Error"))
)
SKIPS = re.compile(r"pytest\.(?:skip|importorskip|xfail)\b|mark\.(?:skip|skipif|xfail)\b")


@functools.cache
def _texts() -> tuple[tuple[str, str], ...]:
    """Return path and text of every file that people read."""
    contents = ((relative(path), path.read_bytes()) for path in files())
    return tuple((name, data.decode()) for name, data in contents if b"\0" not in data)


def _places(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{text[: match.start()].count(chr(10)) + 1}"
        for name, text in _texts()
        for match in pattern.finditer(text)
    ]


def test_no_file_names_a_path_or_a_host_of_the_machine_it_was_written_on() -> None:
    places = _places(WORKPLACE)
    assert not places, "\n".join(places)


def test_no_file_of_code_says_that_it_is_unfinished() -> None:
    code = {relative(path) for path in python_files("dev.py", "extproc", "loadtest", "weirline")}
    places = [place for place in _places(UNFINISHED) if place.partition(":")[0] in code]
    assert not places, "\n".join(places)


def test_no_test_skips_or_expects_to_fail() -> None:
    allowed = {"tests/meta/test_checkout.py", "tests/conftest.py"}
    places = [place for place in _places(SKIPS) if place.partition(":")[0] not in allowed]
    assert not places, "\n".join(places)


@pytest.fixture(scope="module")
def scanner() -> TextScanner:
    detectors = tuple(
        detector for detector in shipped_detectors() if detector.category == PROVIDER_SHAPED
    )
    assert len(detectors) >= 40
    return TextScanner(build_chain(detectors, max_findings=10_000))


@pytest.mark.slow
def test_no_file_stores_a_provider_shaped_secret_unbroken(scanner: TextScanner) -> None:
    """By our own scanner, as a push to a public host would be searched by theirs."""
    found = [
        f"{relative(path)}: {finding.detector} at byte {finding.start}"
        for path in files()
        for finding in scanner.scan(path.read_bytes()).findings
        if relative(path) not in SECRETS_ALLOWED
    ]
    assert not found, "\n".join(found)


def test_every_file_that_may_hold_a_secret_still_exists() -> None:
    names = {relative(path) for path in files()}
    assert not [name for name in SECRETS_ALLOWED if name not in names or not SECRETS_ALLOWED[name]]


@pytest.mark.slow
def test_search_for_secrets_finds_one_that_is_put_together(
    scanner: TextScanner, tmp_path: Path
) -> None:
    planted = tmp_path / "config.ini"
    planted.write_text("key = " + "AKIA" + "QWERTYUIOPASDFGH\n", encoding="utf-8")
    assert scanner.scan(planted.read_bytes()).findings
