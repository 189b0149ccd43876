"""What gets installed is pinned, hashed, licensed to be used so, and says nothing of where from."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib

import pytest

from tests.meta.checkout import ROOT
from tests.meta.requirement import FOLDER, Pin, pins, requirement_name, wanted

LEVELS = ("base", "demo", "dev")
APART = "peers"  # what the detection bench measures beside ours, in an environment of its own
# Weak copyleft, allowed as a package of its own that is called unchanged: docs/adr/0003.
SEPARATE = {"python-stdnum": "LGPL"}
ALLOWED = re.compile(r"Apache|BSD|MIT|PSF|Python Software Foundation|ISC")


def _project() -> dict[str, list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {"base": project["dependencies"], **project["optional-dependencies"]}


@pytest.mark.parametrize("level", [*LEVELS, APART])
def test_every_pin_has_hashes_and_no_line_is_anything_else(level: str) -> None:
    assert all(pin.hashes for pin in pins(level).values())
    assert wanted(level) <= set(pins(level))


@pytest.mark.parametrize("level", [*LEVELS, APART])
def test_requirement_files_name_no_registry_and_no_machine(level: str) -> None:
    text = (FOLDER / f"{level}.txt").read_text(encoding="utf-8")
    found = re.search(r"://|index|find-links|trusted|@ |file:|/[a-z]+/", text)
    assert found is None, found


def test_larger_levels_hold_the_smaller_ones_unchanged() -> None:
    base, demo, dev = (pins(level) for level in LEVELS)
    assert base.items() <= demo.items() <= dev.items()


@pytest.mark.parametrize("level", LEVELS)
def test_project_file_and_requirement_file_ask_for_the_same_names(level: str) -> None:
    named = {requirement_name(line) for line in _project()[level]}
    smaller = {"base": set(), "demo": wanted("base"), "dev": wanted("demo")}[level]
    assert named == wanted(level) - smaller


def test_every_package_needed_at_run_time_is_named_in_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    named = set(re.findall(r"^([a-z0-9-]+) {2,}\S", notice, re.MULTILINE))
    assert set(pins("demo")) == named


@pytest.mark.parametrize("pin", pins("demo").values(), ids=lambda pin: pin.name)
def test_licence_of_every_shipped_dependency_allows_its_use(pin: Pin) -> None:
    metadata = importlib.metadata.metadata(pin.name)
    said = [
        *(metadata.get_all("License-Expression") or ()),
        *(metadata.get_all("License") or ()),
        *(line for line in metadata.get_all("Classifier") or () if "License ::" in line),
    ]
    licence = " ".join(said)
    if pin.name in SEPARATE:
        assert SEPARATE[pin.name] in licence
        return
    assert ALLOWED.search(licence), f"{pin.name}: {licence[:80]}"
    assert "GPL" not in licence
