from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from extproc.h2.available import Missing, missing, module_file
from tests.fakes.fast_transport import FULL, ensure_built

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_module_that_was_never_built_is_said_to_be() -> None:
    assert missing("extproc.h2._never_built") is Missing.NOT_BUILT
    assert module_file("extproc.h2._never_built") is None


def test_module_that_does_not_load_is_told_from_one_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "_broken_shim.abi3.so").write_bytes(b"no library")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert missing("_broken_shim") is Missing.NOT_LOADABLE


@FULL
def test_module_that_was_built_is_found_and_loaded() -> None:
    ensure_built()
    assert missing() is None
    file = module_file()
    assert file is not None
    assert file.name == "_nghttp2.abi3.so"
    assert "extproc.h2._nghttp2" in sys.modules
