from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from extproc.metrics import CacheOutcome
from extproc.pattern_cache import FOLDER, KEY_FILE, MAC_BYTES, MOST_DATABASES, PatternCache

DATABASE = bytes(range(256)) * 8


def _database_file(state: Path) -> Path:
    (path,) = (state / FOLDER).glob("*.db")
    return path


def _stored(state: Path, fingerprint: bytes = b"f") -> None:
    cache = PatternCache(str(state))
    assert cache.load(fingerprint) is None
    cache.store(fingerprint, DATABASE)
    assert cache.outcome is CacheOutcome.STORED


def test_database_comes_back_at_the_next_start(tmp_path: Path) -> None:
    _stored(tmp_path)
    cache = PatternCache(str(tmp_path))
    assert cache.load(b"f") == DATABASE
    assert cache.outcome is CacheOutcome.HIT


def test_other_patterns_find_nothing(tmp_path: Path) -> None:
    _stored(tmp_path)
    assert PatternCache(str(tmp_path)).load(b"g") is None


def test_folder_key_and_database_are_for_our_eyes_only(tmp_path: Path) -> None:
    state = tmp_path / "made" / "here"
    _stored(state)
    assert stat.S_IMODE((state / FOLDER).stat().st_mode) == 0o700
    assert stat.S_IMODE((state / FOLDER / KEY_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(_database_file(state).stat().st_mode) == 0o600


@pytest.mark.parametrize("place", [0, MAC_BYTES, -1], ids=["mac", "first byte", "last byte"])
def test_changed_byte_is_rejected_and_the_file_replaced(tmp_path: Path, place: int) -> None:
    _stored(tmp_path)
    path = _database_file(tmp_path)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    cache = PatternCache(str(tmp_path))
    assert cache.load(b"f") is None
    assert cache.outcome is CacheOutcome.REJECTED
    cache.store(b"f", DATABASE)
    assert cache.outcome is CacheOutcome.REJECTED
    assert PatternCache(str(tmp_path)).load(b"f") == DATABASE


def test_database_moved_to_other_patterns_is_rejected(tmp_path: Path) -> None:
    _stored(tmp_path, b"f")
    moved = _database_file(tmp_path)
    _stored_name = moved.rename(tmp_path / "keep")
    _stored(tmp_path, b"g")
    _stored_name.replace(_database_file(tmp_path))
    cache = PatternCache(str(tmp_path))
    assert cache.load(b"g") is None
    assert cache.outcome is CacheOutcome.REJECTED


def test_database_under_another_key_is_rejected(tmp_path: Path) -> None:
    _stored(tmp_path)
    key = tmp_path / FOLDER / KEY_FILE
    key.write_bytes(bytes(32))
    cache = PatternCache(str(tmp_path))
    assert cache.load(b"f") is None
    assert cache.outcome is CacheOutcome.REJECTED


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_folder_open_to_others_is_not_used(tmp_path: Path, mode: int) -> None:
    _stored(tmp_path)
    (tmp_path / FOLDER).chmod(mode)
    cache = PatternCache(str(tmp_path))
    assert cache.load(b"f") is None
    cache.store(b"f", DATABASE)
    assert cache.outcome is CacheOutcome.UNUSABLE


def test_state_directory_others_may_write_to_is_not_used(tmp_path: Path) -> None:
    _stored(tmp_path)
    tmp_path.chmod(0o777)
    assert PatternCache(str(tmp_path)).load(b"f") is None


@pytest.mark.parametrize("name", ["database", "key"])
def test_file_that_others_may_read_is_not_used(tmp_path: Path, name: str) -> None:
    _stored(tmp_path)
    path = _database_file(tmp_path) if name == "database" else tmp_path / FOLDER / KEY_FILE
    path.chmod(0o644)
    assert PatternCache(str(tmp_path)).load(b"f") is None


def test_link_in_the_databases_place_is_not_followed(tmp_path: Path) -> None:
    _stored(tmp_path)
    path = _database_file(tmp_path)
    target = path.rename(tmp_path / "elsewhere")
    path.symlink_to(target)
    assert PatternCache(str(tmp_path)).load(b"f") is None


def test_link_in_the_folders_place_is_not_used(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir(mode=0o700)
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / FOLDER).symlink_to(real)
    cache = PatternCache(str(tmp_path / "state"))
    cache.store(b"f", DATABASE)
    assert cache.outcome is CacheOutcome.UNUSABLE
    assert not list(real.iterdir())


def test_folder_of_another_user_is_not_used(tmp_path: Path) -> None:
    _stored(tmp_path)
    if os.geteuid() == 0:
        os.chown(tmp_path / FOLDER, 65534, -1)
        assert PatternCache(str(tmp_path)).load(b"f") is None
    else:
        assert (tmp_path / FOLDER).stat().st_uid == os.geteuid()


def test_state_directory_that_cannot_be_made_costs_only_the_cache(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for state in (str(tmp_path / "file" / "state"), ""):
        cache = PatternCache(state)
        assert cache.load(b"f") is None
        cache.store(b"f", DATABASE)
        assert cache.outcome is CacheOutcome.UNUSABLE


def test_oldest_databases_go_when_there_are_too_many(tmp_path: Path) -> None:
    for number in range(MOST_DATABASES + 2):
        cache = PatternCache(str(tmp_path))
        cache.store(b"%d" % number, DATABASE)
        for path in (tmp_path / FOLDER).glob("*.db"):
            os.utime(path, ns=(0, path.stat().st_mtime_ns - 10**9))
    assert len(list((tmp_path / FOLDER).glob("*.db"))) == MOST_DATABASES
    assert PatternCache(str(tmp_path)).load(b"0") is None
    assert PatternCache(str(tmp_path)).load(b"%d" % (MOST_DATABASES + 1)) == DATABASE


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    _stored(tmp_path)
    names = {path.suffix for path in (tmp_path / FOLDER).iterdir()}
    assert names == {".db", ".key"}
