from __future__ import annotations

import os
from pathlib import Path

import pytest

from weirline.cli import compiled_cache
from weirline.cli.compiled_cache import KEPT, cached_scanner
from weirline.detect.detector import Detector, Severity
from weirline.detect.floor import Floors
from weirline.scan import TextScanner, compile_database


def detector(kind: str) -> Detector:
    return Detector(
        id=kind,
        title=kind,
        category="secrets",
        severity=Severity.LOW,
        pattern=rf"\b{kind}-[0-9]{{6}}\b",
        width=64,
        confidence=0.6,
        issuer="https://example.com",
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "weirline"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ids that were compiled, as they are."""
    seen: list[str] = []

    def noting(detectors: tuple[Detector, ...]) -> bytes:
        seen.extend(each.id for each in detectors)
        return compile_database(detectors)

    monkeypatch.setattr(compiled_cache, "compile_database", noting)
    return seen


def scanner(kind: str, floor: float = 0.5) -> TextScanner:
    return cached_scanner((detector(kind),), max_findings=100, floors=Floors(floor))


def finds(found: TextScanner, text: bytes) -> bool:
    return bool(found.scan(text).findings)


def test_what_was_compiled_is_loaded_the_next_time_with_any_floor(
    folder: Path, compiled: list[str]
) -> None:
    assert finds(scanner("one"), b"one-123456")
    assert finds(scanner("one"), b"one-123456")
    assert not finds(scanner("one", floor=0.7), b"one-123456")
    assert compiled == ["one"]
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]
    assert folder.stat().st_mode & 0o777 == 0o700


def test_other_detectors_have_a_file_of_their_own_and_the_oldest_goes(
    folder: Path, compiled: list[str]
) -> None:
    kinds = [f"kind{number}" for number in range(KEPT + 2)]
    for age, kind in enumerate(kinds):
        scanner(kind)
        for path in folder.iterdir():
            os.utime(path, ns=(0, path.stat().st_mtime_ns - 10**9 * (age + 1)))
    assert len(list(folder.iterdir())) == KEPT
    scanner(kinds[-1])
    scanner(kinds[0])
    assert compiled == [*kinds, kinds[0]]


@pytest.mark.parametrize("content", [b"", b"damaged"])
def test_damaged_file_is_compiled_anew(folder: Path, compiled: list[str], content: bytes) -> None:
    scanner("one")
    (path,) = folder.iterdir()
    path.write_bytes(content)
    assert finds(scanner("one"), b"one-123456")
    assert compiled == ["one", "one"]
    scanner("one")
    assert len(compiled) == 2


def test_file_that_others_may_write_is_not_read(folder: Path, compiled: list[str]) -> None:
    scanner("one")
    (path,) = folder.iterdir()
    path.chmod(0o666)
    scanner("one")
    assert compiled == ["one", "one"]


def test_folder_that_others_may_write_is_not_used(
    folder: Path, compiled: list[str], tmp_path: Path
) -> None:
    folder.mkdir()
    folder.chmod(0o777)
    assert finds(scanner("one"), b"one-123456")
    assert (compiled, list(folder.iterdir())) == ([], [])


def test_place_that_cannot_hold_a_folder_costs_time_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert finds(scanner("one"), b"one-123456")


def test_without_a_setting_it_lies_in_the_home_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    scanner("one")
    assert len(list((tmp_path / ".cache" / "weirline").iterdir())) == 1
