"""Asks a running Envoy what it is set up with: `config_dump` and its version, over its admin page.

It asks the one address that it is given and no other. The bootstrap's copy in the dump is left out:
everything static stands among the listeners again.
Source: Envoy's administration interface, `/config_dump` and `/server_info`.
"""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from weirline.errors import Problem, SettingsError

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
Version = tuple[int, int, int]

TIMEOUT_S = 10.0
LARGEST_BYTES = 256 << 20
_BOOTSTRAP: Final = "BootstrapConfigDump"
_VERSION: Final = re.compile(r"(?:^|/)([0-9]+)\.([0-9]+)\.([0-9]+)")
# The first sound version of each minor; local replies crashed the filter before (CVE-2025-30157).
_SOUND: Final = {30: 10, 31: 6, 32: 4, 33: 1}
# Upgrades hang in these where bodies are streamed.
_UPGRADES_HANG: Final = {(1, 38, 4), (1, 39, 1)}


def read_admin(url: str) -> tuple[Json, Version | None]:
    """Return what the Envoy at `url` (http://host:port) is set up with, and its version.

    Raises SettingsError where nothing that can be used answers.
    """
    try:
        dump = json.loads(_get(url, "/config_dump"))
        info = json.loads(_get(url, "/server_info"))
        configs = [each for each in dump["configs"] if _BOOTSTRAP not in each.get("@type", "")]
        return configs, version_of(info["version"])
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError, AttributeError):
        expectation = "must be the admin address of a running Envoy, as http://127.0.0.1:9901"
        raise SettingsError([Problem("D00", url, 0, 0, "admin", expectation)]) from None


def version_of(text: str) -> Version | None:
    """Return the version in Envoy's own long form of it, None where there is none."""
    found = _VERSION.search(text)
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]))


def fault_of(version: Version) -> str | None:
    """Return what is wrong with an Envoy of this version, None where nothing is known."""
    major, minor, patch = version
    if major == 1 and (minor < min(_SOUND) or patch < _SOUND.get(minor, 0)):
        return "its own answers reach the filter out of turn, which can end the process"
    if version in _UPGRADES_HANG:
        return "upgraded connections hang while bodies are streamed"
    return None


def _get(url: str, path: str) -> bytes:
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read(LARGEST_BYTES)
    finally:
        connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise ValueError("no page of Envoy's")
    return body
