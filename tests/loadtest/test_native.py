from __future__ import annotations

import os
from pathlib import Path

import pytest

from loadtest import native
from loadtest.native import BuildFailed, NativeTools, build_tools, find_compiler


def test_a_missing_compiler_is_named_with_its_debian_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BuildFailed, match="apt-get install gcc libc6-dev"):
        build_tools(tmp_path / "build")


def test_any_of_the_known_compilers_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clang = tmp_path / "clang"
    clang.write_text("")
    clang.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert find_compiler() == str(clang)


@pytest.mark.full
def test_tools_are_built_once_and_can_be_run(tools: NativeTools, tmp_path: Path) -> None:
    first = build_tools(tmp_path)
    stamp = first.generator.stat().st_mtime_ns

    assert build_tools(tmp_path) == first
    assert first.generator.stat().st_mtime_ns == stamp
    assert all(os.access(path, os.X_OK) for path in (first.backend, first.null_extproc))
    assert tools.generator.name == first.generator.name
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        path.name for path in (first.backend, first.generator, first.null_extproc)
    )


@pytest.mark.full
def test_the_compilers_words_are_shown_when_a_source_does_not_compile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = tmp_path / "c"
    sources.mkdir()
    (sources / "broken.c").write_text("int main(void) { return nothing; }\n")
    monkeypatch.setattr(native, "SOURCES", sources)
    monkeypatch.setattr(native, "TOOLS", {"backend": ("broken.c",)})

    with pytest.raises(BuildFailed, match="undeclared"):
        build_tools(tmp_path / "build")
