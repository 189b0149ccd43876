from __future__ import annotations

from pathlib import Path

import pytest

from weirline.cli.envoy_config import TemplateError
from weirline.cli.envoy_template import read_template

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", ["enforce.yaml", "response-only.yaml"])
def test_file_is_the_one_in_the_checkout(name: str) -> None:
    assert read_template(name) == (ROOT / "envoy" / name).read_text(encoding="utf-8")


def test_name_of_no_file_is_refused() -> None:
    with pytest.raises(TemplateError, match=r"no file nothing\.yaml"):
        read_template("nothing.yaml")
