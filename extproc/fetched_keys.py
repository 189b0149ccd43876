"""Key sets that are fetched by address: which, the last good ones, and what a new answer changes.

Keys are fetched in the background and never while a request waits. An answer that is no key set
changes nothing: the last good one stays, also over a restart, under the state directory. Until a
first one has come, tokens of that issuer prove nothing, so their claims can only tighten.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from extproc.logs import Event, Log
from extproc.metrics import KEY_FETCHES, KeyFetchResult, Tallies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from weirline.policy.jwt import VerifyKey

FOLDER = "jwks"


class FetchedKeys:
    """The key sets by name. Mutable: `sets` is replaced whole when an answer brings other keys."""

    def __init__(
        self, urls: Mapping[str, str], state_dir: str, *, tallies: Tallies, log: Log
    ) -> None:
        self._urls = urls
        self._folder = Path(state_dir) / FOLDER if state_dir else None
        self._tallies = tallies
        self._log = log
        self._contents = {name: self._kept(name) for name in urls}
        self.sets = self._read(self._contents)

    @property
    def wanted(self) -> bytes:
        """What the fetching child is told; empty where there is nothing to fetch."""
        return msgspec.json.encode(self._urls) if self._urls else b""

    def take(self, answer: bytes) -> bool:
        """Take a child's answer; return whether some set is another one now."""
        try:
            found = msgspec.json.decode(answer, type=dict[str, bytes])
        except (msgspec.DecodeError, UnicodeDecodeError):
            found = {}
        changed = False
        for name in self._urls:
            content = found.get(name, b"")
            good = bool(_keys(content))
            result = KeyFetchResult.FETCHED if good else KeyFetchResult.FAILED
            self._tallies.add(KEY_FETCHES, (result.value,))
            if not good:
                self._log.warning(Event.KEYS_NOT_FETCHED, name=name)
            elif content != self._contents[name]:
                changed = True
                self._contents[name] = content
                self._keep(name, content)
                self._log.info(Event.KEYS_FETCHED, name=name, keys=len(_keys(content)))
        if changed:
            self.sets = self._read(self._contents)
        return changed

    def _read(self, contents: Mapping[str, bytes]) -> dict[str, tuple[VerifyKey, ...]]:
        return {name: _keys(content) for name, content in contents.items()}

    def _kept(self, name: str) -> bytes:
        if self._folder is not None:
            with contextlib.suppress(OSError):
                return (self._folder / f"{name}.json").read_bytes()
        return b""

    def _keep(self, name: str, content: bytes) -> None:
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            new = self._folder / f".{name}.json"
            new.touch(mode=0o600)
            new.write_bytes(content)
            new.replace(self._folder / f"{name}.json")


def _keys(content: bytes) -> tuple[VerifyKey, ...]:
    if not content:
        return ()
    # Loaded only where tokens are verified: it brings a library of several MB.
    from weirline.policy.jwt import read_keys

    try:
        return read_keys(content)
    except ValueError:
        return ()
