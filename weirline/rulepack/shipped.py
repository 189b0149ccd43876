"""The detectors that come with the program.

They are found as package data in an installed wheel and in the checkout otherwise. Start-up parses
no YAML: it reads rules/builtin.json, which `weirline detectors build` makes from the files and
which carries their hash. Where the files say something else, they win and are parsed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import msgspec

from weirline.detect.detector import Detector
from weirline.errors import DetectorError, Problem
from weirline.rulepack.entry import Entry
from weirline.rulepack.parse import CATEGORIES, parse_files
from weirline.rulepack.yaml_tree import read_yaml

DEFAULT_PACK: Final = "default"
COMPILED_NAME: Final = "builtin.json"
_PACKS: Final = "packs/"
_HOMES: Final = frozenset({*CATEGORIES, "packs"})  # folders with detectors; others hold policies
_FORMAT: Final = 1


class CompiledPacks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The shipped detectors and packs without their proofs; `source_sha256` names the files."""

    format: int
    source_sha256: str
    detectors: tuple[Detector, ...]
    packs: dict[str, tuple[str, ...]]


def shipped_detectors(pack: str = DEFAULT_PACK) -> tuple[Detector, ...]:
    """Return the detectors of a shipped pack, in the order of its list.

    Raises DetectorError if there is no such pack, or if changed files in a checkout are faulty.
    """
    compiled = shipped_packs()
    if pack not in compiled.packs:
        expectation = "one of the packs " + ", ".join(sorted(compiled.packs))
        raise DetectorError([Problem("E02", "rules/packs", 0, 0, "pack", expectation)])
    by_id = {detector.id: detector for detector in compiled.detectors}
    return tuple(by_id[name] for name in compiled.packs[pack])


def shipped_of_packs(packs: Iterable[str]) -> tuple[Detector, ...]:
    """Return the detectors of several shipped packs, each once, in the order of their lists.

    Raises as `shipped_detectors` does.
    """
    found = {each.id: each for pack in packs for each in shipped_detectors(pack)}
    return tuple(found.values())


def shipped_packs() -> CompiledPacks:
    """Return every shipped detector and every pack, without the proofs.

    Raises DetectorError if changed files in a checkout are faulty.
    """
    root = rules_root()
    sources = _sources(root)
    compiled = _read_compiled(root)
    if compiled is None or compiled.source_sha256 != _digest(sources):
        return compile_packs(sources)
    return compiled


def shipped_entries() -> tuple[Entry, ...]:
    """Return all shipped detectors with their proofs. Parses YAML: tenths of a second."""
    return entries_of(_sources(rules_root()))


def shipped_sources() -> dict[str, str]:
    """Return the text of every shipped YAML file, by its path below rules/."""
    return _sources(rules_root())


def entries_of(sources: Mapping[str, str]) -> tuple[Entry, ...]:
    """Return the entries of all detector files among `sources`; packs are left aside."""
    return parse_files(
        (f"rules/{name}", text) for name, text in sources.items() if not name.startswith(_PACKS)
    )


def compile_packs(sources: Mapping[str, str]) -> CompiledPacks:
    """Return the compiled form of `sources` (path below rules/ to YAML text).

    Raises DetectorError with every fault of the files.
    """
    detectors = tuple(entry.detector for entry in entries_of(sources))
    known = {detector.id for detector in detectors}
    problems: list[Problem] = []
    packs = {
        name.removeprefix(_PACKS).removesuffix(".yaml"): _pack(name, text, known, problems)
        for name, text in sources.items()
        if name.startswith(_PACKS)
    }
    if problems:
        raise DetectorError(problems)
    return CompiledPacks(_FORMAT, _digest(sources), detectors, packs)


def compiled_text(packs: CompiledPacks) -> bytes:
    """Return what rules/builtin.json holds for `packs`: JSON, one detector a line."""
    text = msgspec.json.encode(packs)
    return text.replace(b'},{"id"', b'},\n{"id"') + b"\n"


def rules_root() -> Traversable:
    """Return the folder rules/: package data where installed, else the one of the checkout."""
    package = files("weirline")
    installed = package.joinpath("_data", "rules")
    return installed if installed.is_dir() else package.joinpath("..", "rules")


def _pack(name: str, text: str, known: set[str], problems: list[Problem]) -> tuple[str, ...]:
    file = f"rules/{name}"
    root = read_yaml(text, file)
    items = root.value if isinstance(root.value, list) else []
    if not items:
        problems.append(Problem("E01", file, 1, 1, "file", "a list of detector ids"))
    for item in items:
        if item.value not in known:
            line, column = item.place.line, item.place.column
            expectation = "the id of a detector in rules/; see `weirline kinds`"
            problems.append(Problem("E02", file, line, column, "detector", expectation))
    names = [str(item.value) for item in items]
    for item, detector in zip(items, names, strict=True):
        if names.count(detector) > 1:
            line, column = item.place.line, item.place.column
            problems.append(Problem("E01", file, line, column, "detector", "each id once"))
    return tuple(names)


def _sources(root: Traversable) -> dict[str, str]:
    found = {
        f"{folder.name}/{file.name}": file.read_text(encoding="utf-8")
        for folder in root.iterdir()
        if folder.is_dir() and folder.name in _HOMES
        for file in _yaml_files(folder)
    }
    return dict(sorted(found.items()))


def _yaml_files(folder: Traversable) -> Iterator[Traversable]:
    return (file for file in folder.iterdir() if file.name.endswith(".yaml"))


def _digest(sources: Mapping[str, str]) -> str:
    digest = hashlib.sha256()
    for name, text in sources.items():
        content = text.encode()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _read_compiled(root: Traversable) -> CompiledPacks | None:
    try:
        packs = msgspec.json.decode(root.joinpath(COMPILED_NAME).read_bytes(), type=CompiledPacks)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return packs if packs.format == _FORMAT else None
