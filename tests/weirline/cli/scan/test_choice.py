from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from weirline.cli.scan.choice import add_choice, choose
from weirline.errors import ConfigurationError, DetectorError
from weirline.rulepack.shipped import shipped_detectors, shipped_packs

OWN = """\
detectors:
  - id: {id}
    title: Own
    category: secrets
    severity: low
    pattern: 'own_[0-9]{{6}}'
    confidence: 0.9
    issuer: https://example.com/own
    examples: ['own_123456']
    not_examples: ['own_12345']
"""


def options(*argv: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_choice(parser)
    return parser.parse_args(argv)


def test_default_is_the_default_pack_at_the_default_floor() -> None:
    choice = choose(options())
    assert (choice.detectors, choice.floor) == (shipped_detectors(), 0.5)


def test_all_kinds_are_all_that_ship_from_the_lowest_confidence_on() -> None:
    choice = choose(options("--all-kinds"))
    assert (choice.detectors, choice.floor) == (shipped_packs().detectors, 0.0)


def test_floor_that_is_given_counts_for_all_kinds_too() -> None:
    assert choose(options("--floor", "0.7")).floor == 0.7
    assert choose(options("--all-kinds", "--floor", "0.7")).floor == 0.7


@pytest.mark.parametrize("floor", ["-0.1", "1.1", "nan", "much"])
def test_floor_that_is_no_confidence_is_refused(floor: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        options("--floor", floor)


def test_own_detectors_come_on_top_of_the_pack(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(OWN.format(id="own_kind"))
    ids = [each.id for each in choose(options("--detectors", str(file))).detectors]
    assert ids == [*(each.id for each in shipped_detectors()), "own_kind"]


def test_own_detector_takes_the_place_of_the_shipped_one_of_its_id(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(OWN.format(id="email"))
    detectors = choose(options("--detectors", str(file))).detectors
    (email,) = (each for each in detectors if each.id == "email")
    assert email.title == "Own"


def test_faulty_detector_file_is_refused_with_its_places(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("detectors: []\n")
    with pytest.raises(DetectorError, match=r"own\.yaml"):
        choose(options("--detectors", str(file)))


def test_pack_that_does_not_ship_is_refused_with_those_that_do() -> None:
    with pytest.raises(ConfigurationError, match=r"L03 pack: one of the packs .*default"):
        choose(options("--pack", "nonsense"))
