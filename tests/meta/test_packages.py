"""Whatever way it is installed, the program finds its rules and its Envoy files."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

from tests.meta.checkout import PACKAGES, ROOT, files, python_files, relative

# Prints how many detectors ship, and how long other shipped files are, as the program sees them.
ASK = """\
from importlib.resources import files
import weirline
from weirline.cli.envoy_config import template
from weirline.rulepack.shipped import shipped_detectors
print(len(shipped_detectors()))
print(len(template("enforce")))
print(len(files("weirline.cli.demo").joinpath("policy.yaml").read_text()))
print(weirline.__file__)
"""
# Builds one kind of archive by the backend that pyproject.toml names, without a network.
BUILD = """\
import sys
from setuptools import build_meta
getattr(build_meta, "build_" + sys.argv[1])(sys.argv[2])
"""


def _project() -> dict[str, list[str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages: list[str] = settings["tool"]["setuptools"]["packages"]
    return {"packages": packages}


def test_project_file_names_exactly_the_packages_of_the_tree() -> None:
    named = {name for name in _project()["packages"] if "._data." not in name}
    there = {
        relative(path.parent).replace("/", ".")
        for path in python_files(*PACKAGES)
        if path.name == "__init__.py"
    }
    assert named == there


def test_envoy_folder_can_merge_into_an_installed_package_of_that_name() -> None:
    """From the checkout's root, `envoy` is both our folder and the module of the Envoy wheel."""
    names = {relative(path) for path in files() if relative(path).startswith("envoy/")}
    assert not [name for name in names if name.endswith(".py")]
    taken = {"service", "config", "type", "extensions", "data", "admin"}
    assert not [name for name in names if name.split("/")[1] in taken]


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the checkout, so that a build leaves nothing in the real one."""
    copy = tmp_path / "clone"
    for path in files():
        target = copy / relative(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return copy


def _build(kind: str, source: Path, target: Path) -> Path:
    target.mkdir()
    _run(sys.executable, "-P", "-c", BUILD, kind, target, cwd=source)
    return next(target.iterdir())


def _ask_installed(archive: Path, folder: Path) -> list[str]:
    """Install one archive into a new environment that borrows only our dependencies; ask there."""
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--quiet"]
    _run(*pip, "--no-index", archive, cwd=folder)
    _borrow_dependencies(folder)
    return _run(python, "-P", "-c", ASK, cwd=folder).splitlines()


def _borrow_dependencies(folder: Path) -> None:
    """Put this environment's packages behind those of `folder`, but not the checkout."""
    packages = next(folder.glob("lib/python3*/site-packages"))
    ours = Path(pytest.__file__).parents[1]
    (packages / "borrowed.pth").write_text(f"import sys; sys.path.append({str(ours)!r})\n")


@pytest.mark.full
def test_wheel_sdist_and_editable_install_find_the_same_rules_as_the_checkout(
    clone: Path, tmp_path: Path
) -> None:
    checkout = _run(sys.executable, "-c", ASK, cwd=ROOT).splitlines()
    assert int(checkout[0]) >= 51

    wheel = _build("wheel", clone, tmp_path / "wheel")
    sdist = _build("sdist", clone, tmp_path / "sdist")
    shutil.unpack_archive(sdist, tmp_path / "unpacked", filter="data")
    source = next((tmp_path / "unpacked").iterdir())
    archives = {
        "wheel": wheel,
        "sdist": _build("wheel", source, tmp_path / "wheel-of-sdist"),
        "editable": _build("editable", clone, tmp_path / "editable-wheel"),
    }
    answers = {kind: _ask_installed(path, tmp_path / kind) for kind, path in archives.items()}

    assert {kind: answer[:-1] for kind, answer in answers.items()} == dict.fromkeys(
        archives, checkout[:-1]
    )
    assert answers["editable"][-1].startswith(str(clone))
    assert answers["wheel"][-1].startswith(str(tmp_path / "wheel"))
