from __future__ import annotations

import io
import json
from pathlib import Path

import msgspec

from extproc.fetched_keys import FOLDER, FetchedKeys
from extproc.logs import Log
from extproc.metrics import KEY_FETCHES, Tallies
from tests.weirline.policy.tokens import Issuer

URLS = {"mesh": "https://issuer.example/keys"}
OLD, NEW = Issuer("ES256", kid="old"), Issuer("ES256", kid="new")


class Fetching:
    """Key sets of one address, with what was counted and logged."""

    def __init__(self, state: Path | None) -> None:
        self.tallies, self.text = Tallies(), io.StringIO()
        where = str(state) if state else ""
        self.keys = FetchedKeys(URLS, where, tallies=self.tallies, log=Log(self.text))

    def take(self, *issuers: Issuer) -> bool:
        return self.keys.take(answer({"keys": [issuer.jwk for issuer in issuers]}))

    def kids(self) -> list[str]:
        return [key.kid for key in self.keys.sets["mesh"]]

    def counted(self) -> list[float]:
        return [self.tallies.value(KEY_FETCHES, (name,)) for name in ("fetched", "failed")]


def answer(content: object) -> bytes:
    return msgspec.json.encode({"mesh": json.dumps(content).encode()})


def test_keys_change_with_overlap_and_the_same_ones_change_nothing() -> None:
    fetching = Fetching(None)
    assert fetching.kids() == []
    steps = ([OLD], [OLD], [OLD, NEW], [NEW])
    seen = [(fetching.take(*issuers), fetching.kids()) for issuers in steps]
    assert seen == [
        (True, ["old"]),
        (False, ["old"]),
        (True, ["old", "new"]),
        (True, ["new"]),
    ]
    assert fetching.counted() == [4, 0]


def test_what_is_no_key_set_leaves_the_last_good_one() -> None:
    fetching = Fetching(None)
    fetching.take(OLD)
    for said in (b"", b"{", b"{}", answer([]), answer({"keys": []}), answer({"keys": [{}]})):
        assert not fetching.keys.take(said)
    assert fetching.kids() == ["old"]
    assert fetching.counted() == [1, 6]
    assert fetching.text.getvalue().count("keys_not_fetched") == 6


def test_last_good_set_is_kept_over_a_restart_for_us_alone(tmp_path: Path) -> None:
    Fetching(tmp_path).take(OLD)
    assert Fetching(tmp_path).kids() == ["old"]
    kept = tmp_path / FOLDER / "mesh.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.write_bytes(b"damaged")
    assert Fetching(tmp_path).kids() == []


def test_without_addresses_nothing_is_asked_for() -> None:
    keys = FetchedKeys({}, "", tallies=Tallies(), log=Log(io.StringIO()))
    assert keys.wanted == b""
    assert not keys.take(b"")
