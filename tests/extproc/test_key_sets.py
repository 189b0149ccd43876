from __future__ import annotations

from pathlib import Path

import pytest

from extproc.key_sets import load_key_sets
from tests.weirline.policy.tokens import Issuer
from weirline.errors import SettingsError


def test_key_sets_are_named_after_their_files(tmp_path: Path) -> None:
    (tmp_path / "mesh.json").write_bytes(Issuer("ES256").jwks())
    (tmp_path / "notes.txt").write_text("x")
    sets = load_key_sets(str(tmp_path))
    assert [(name, len(keys)) for name, keys in sets.items()] == [("mesh", 1)]
    assert load_key_sets("") == {}


@pytest.mark.parametrize("content", ['{"keys": []}', "no json"])
def test_file_without_a_key_that_verifies_refuses_the_start(tmp_path: Path, content: str) -> None:
    (tmp_path / "mesh.json").write_text(content)
    with pytest.raises(SettingsError, match="jwks_dir"):
        load_key_sets(str(tmp_path))
