from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from extproc.last_good import FOLDER, HASH_FILE, TEXT_FILE, keep_last_good


def test_text_and_hash_of_the_last_policy_are_kept_for_us_alone(tmp_path: Path) -> None:
    for text in ("first", "second: ü"):
        keep_last_good(str(tmp_path), text)
        kept = tmp_path / FOLDER / TEXT_FILE
        assert kept.read_text(encoding="utf-8") == text
        digest = hashlib.sha256(text.encode()).hexdigest()
        assert (tmp_path / FOLDER / HASH_FILE).read_text() == f"{digest}  {TEXT_FILE}\n"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(list((tmp_path / FOLDER).iterdir())) == 2


def test_place_that_cannot_be_written_costs_the_copy_only(tmp_path: Path) -> None:
    keep_last_good("", "text")
    keep_last_good(str(tmp_path / "none"), "text")
    assert not list(tmp_path.iterdir())
