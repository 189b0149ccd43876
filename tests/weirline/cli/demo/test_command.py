"""What needs no running Envoy; the demo as a whole is tried in tests/system/test_demo.py."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from weirline.cli.demo.command import add_parser, run
from weirline.cli.demo.stage import EnvoyMissing
from weirline.errors import ConfigurationError


def parse(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    return parser.parse_args(["demo", *arguments])


def test_options_are_those_of_the_reference() -> None:
    page = Path(__file__).parents[4] / "docs" / "reference" / "demo.md"
    text = page.read_text(encoding="utf-8")
    options = vars(parse())
    assert sorted(options) == ["envoy", "leak", "no_filter", "once", "policy", "run", "seed"]
    for option in options.keys() - {"run"}:
        assert f"| `--{option.replace('_', '-')}" in text


def test_missing_envoy_is_told_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(EnvoyMissing):
        run(parse("--envoy", str(tmp_path / "envoy")))


def test_leak_file_is_read_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ConfigurationError, match="L01"):
        run(parse("--leak", str(tmp_path / "leaks.jsonl")))
    assert capsys.readouterr().out == ""
