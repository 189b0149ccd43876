"""The layers of ARCHITECTURE.md hold: import-linter's contracts in pyproject.toml are kept."""

from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest

from tests.meta.checkout import ROOT

# What the core must never know; a contract may be tightened, loosening one needs an ADR.
FORBIDDEN_IN_CORE = {
    "asyncio", "grpc", "logging", "os", "pathlib", "random", "socket", "time",
}  # fmt: skip
CORE = {"body", "detect", "errors", "flow", "policy", "redact", "rulepack", "scan", "specimen"}

LINT = "from importlinter.cli import lint_imports_command as lint; lint()"


@pytest.mark.slow
def test_every_import_contract_is_kept() -> None:
    lint = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_purity_contract_covers_the_whole_core() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {each["id"]: each for each in settings["tool"]["importlinter"]["contracts"]}
    pure = contracts["pure"]
    assert set(pure["source_modules"]) >= {f"weirline.{name}" for name in CORE}
    assert set(pure["forbidden_modules"]) >= FORBIDDEN_IN_CORE
    assert contracts["engine"]["ignore_imports"] == [
        "weirline.detect.hyperscan_matcher -> hyperscan"
    ]
