from __future__ import annotations

import stat
from pathlib import Path

import pytest

from extproc.secret_keys import STATE_FILE, SecretKeys, load_keys
from weirline.errors import SettingsError


def test_keys_of_two_uses_differ_and_stay_the_same_for_one_root() -> None:
    one, two = SecretKeys(b"a" * 32), SecretKeys(b"b" * 32)
    assert one.derive("hash") == SecretKeys(b"a" * 32).derive("hash")
    assert len({one.derive("hash"), one.derive("actor"), two.derive("hash")}) == 3


def test_root_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    first = load_keys("", str(tmp_path)).derive("hash")
    assert load_keys("", str(tmp_path)).derive("hash") == first
    assert stat.S_IMODE((tmp_path / STATE_FILE).stat().st_mode) == 0o600


def test_without_a_place_to_keep_it_the_root_is_of_this_process(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "none")
    assert load_keys("", nowhere).derive("a") != load_keys("", nowhere).derive("a")


def test_key_of_the_operator_is_shared_and_must_be_long_enough(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(b"k" * 32)
    assert load_keys(str(path), "").derive("a") == load_keys(str(path), "/x").derive("a")
    path.write_bytes(b"k" * 31)
    for name in (path, tmp_path / "missing"):
        with pytest.raises(SettingsError, match="key_file"):
            load_keys(str(name), "")
