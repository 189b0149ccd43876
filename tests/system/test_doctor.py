"""`weirline doctor` asks a running Envoy by its admin page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.system.lab import REDACT, running_lab
from weirline.cli.main import main

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap

pytestmark = [pytest.mark.slow, pytest.mark.full]


@pytest.mark.parametrize(("faulty", "codes"), [(False, []), (True, ["D02"])])
def test_running_envoy_is_examined_by_its_admin_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], codes: list[str], *, faulty: bool
) -> None:
    def edit(config: CommentedMap) -> None:
        config["disable_immediate_response"] = faulty

    with running_lab(tmp_path, REDACT, edit=edit) as lab:
        code = main(["doctor", f"http://127.0.0.1:{lab.envoy.admin_port}"])
    said = capsys.readouterr()
    assert code == (1 if faulty else 0), said.err
    assert [line.split()[1] for line in said.err.splitlines()] == codes
