from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from extproc.h2.build import MODULES, TRANSPORT, BuildFailed, Module, build, is_current
from tests.fakes.fast_transport import FULL


def test_missing_compiler_is_named_with_its_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    with pytest.raises(BuildFailed, match="gcc"):
        build(TRANSPORT, tmp_path)
    assert not list(tmp_path.iterdir())


def test_compiler_that_fails_leaves_nothing_behind_and_names_the_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = tmp_path / "broken-cc"
    compiler.write_text("#!/bin/sh\necho nghttp2/nghttp2.h: no such file >&2\nexit 1\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("CC", str(compiler))
    with pytest.raises(BuildFailed, match=r"libnghttp2-dev[\s\S]*no such file"):
        build(TRANSPORT, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["broken-cc"]


def test_module_older_than_a_source_is_not_current(tmp_path: Path) -> None:
    assert not is_current(TRANSPORT, tmp_path)
    module = tmp_path / TRANSPORT.file
    module.write_bytes(b"")
    assert is_current(TRANSPORT, tmp_path)
    newest = max(path.stat().st_mtime for path in TRANSPORT.sources.iterdir())
    os.utime(module, (newest - 10, newest - 10))
    assert not is_current(TRANSPORT, tmp_path)


@FULL
@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.file)
def test_module_that_was_built_loads_alone(module: Module, tmp_path: Path) -> None:
    build(module, tmp_path)
    name = module.file.partition(".")[0]
    subprocess.run([sys.executable, "-c", f"import {name}"], cwd=tmp_path, check=True)
