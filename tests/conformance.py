"""Reads the conformance table tests/cases/conformance.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
from ruamel.yaml import YAML

_TABLE = Path(__file__).parent / "cases" / "conformance.yaml"


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One case: `reason` says why a client plays Envoy's part."""

    case: str
    given: str
    must: str
    owner: str
    peer: Literal["envoy", "client"]
    reason: str = ""


def rows(peer: str) -> list[Row]:
    """The rows played by one kind of peer, in the table's order."""
    table = YAML(typ="safe").load(_TABLE.read_text(encoding="utf-8"))
    return [row for row in msgspec.convert(table, list[Row]) if row.peer == peer]
