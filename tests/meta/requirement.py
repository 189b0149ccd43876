"""Reads the pinned requirement files: one pin a name, with its marker and hashes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.meta.checkout import ROOT

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "requirements"
_PIN = re.compile(r"([a-z0-9-]+)==([^ ;]+)(?: ; (.+?))?((?: --hash=sha256:[0-9a-f]{64})+)")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Pin:
    """One line of a pinned file."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def normal(name: str) -> str:
    """Return a package name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def lines(path: Path) -> list[str]:
    """Return the logical lines of a requirement file without comments."""
    joined = path.read_text(encoding="utf-8").replace("\\\n", " ")
    bare = (re.sub(r"\s+", " ", line.partition("#")[0]).strip() for line in joined.splitlines())
    return [line for line in bare if line]


def pins(level: str) -> dict[str, Pin]:
    """Return the pins of requirements/LEVEL.txt by name; a line that is no pin is an error."""
    found = {}
    for line in lines(FOLDER / f"{level}.txt"):
        match = _PIN.fullmatch(line)
        assert match, f"{level}.txt has a line that is no pin with hashes: {line[:60]}"
        name, version, marker, hashes = match.groups()
        found[name] = Pin(name, version, marker or "", tuple(hashes.split()))
    return found


def wanted(level: str) -> set[str]:
    """Return the names that requirements/LEVEL.in asks for, included files and all."""
    names: set[str] = set()
    for line in lines(FOLDER / f"{level}.in"):
        if line.startswith("-r "):
            names |= wanted(line.removeprefix("-r ").removesuffix(".in"))
        else:
            names.add(requirement_name(line))
    return names


def requirement_name(requirement: str) -> str:
    """Return the name in front of a requirement's bounds."""
    match = _NAME.match(requirement)
    assert match, requirement
    return normal(match[0])
