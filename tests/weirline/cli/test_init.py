from __future__ import annotations

import io
from pathlib import Path

import pytest

from weirline.cli.init import starters
from weirline.cli.main import main
from weirline.cli.policy_text import read_policy
from weirline.cli.policy_trial import read_cases
from weirline.rulepack.shipped import shipped_detectors


def test_starters_are_the_policies_that_ship() -> None:
    assert starters() == [
        *("internet-egress", "llm-prompts", "observe-only", "pci", "secrets-never-leave"),
    ]


@pytest.mark.parametrize("starter", starters())
def test_written_policy_is_good_and_has_cases(starter: str, tmp_path: Path) -> None:
    file = str(tmp_path / "shop.yaml")
    said = ["--starter", starter, "--name", "shop", "--owner", "the shop"]
    assert main(["init", file, *said]) == 0
    policy = read_policy(file, shipped_detectors())
    assert (policy.metadata.name, policy.metadata.owner) == ("shop", "the shop")
    assert read_cases(file).cases


def test_what_was_not_said_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("pci\n\nann\n"))
    file = tmp_path / "orders.yaml"
    assert main(["init", str(file)]) == 0
    assert 'metadata: {name: orders, owner: "ann"}' in file.read_text(encoding="utf-8")
    assert capsys.readouterr().out.count("]:") == 3


def test_file_that_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text("mine")
    assert main(["init", str(file), "--starter", "pci"]) == 2
    assert file.read_text() == "mine"
    assert "is there already" in capsys.readouterr().err


def test_name_that_no_policy_may_have_is_refused(tmp_path: Path) -> None:
    said = ["--starter", "pci", "--name", "Shop!", "--owner", "ann"]
    assert main(["init", str(tmp_path / "a.yaml"), *said]) == 2
    assert not list(tmp_path.iterdir())
