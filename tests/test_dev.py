"""dev.py on a small checkout of its own: real environments, real pip, one tiny package."""

from __future__ import annotations

import ast
import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

import dev

ROOT = Path(dev.__file__).parent
MAIN = "import sys, tiny\ndef main():\n    print('ran', tiny.VALUE, *sys.argv[1:])\n    return 7\n"
CALL = "if __name__ == '__main__':\n    sys.exit(main())\n"
WITHOUT_ENSUREPIP = (
    "import sys; sys.modules['ensurepip'] = None; import dev; sys.exit(dev.main(sys.argv[1:]))"
)
SCRIPTS = '[project.scripts]\nweirline = "weirline.cli.main:main"\n'


@dataclass(frozen=True, slots=True)
class Checkout:
    """A folder with dev.py, one pinned package beside it, and a command line that uses it."""

    root: Path
    wheels: Path

    def start(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Start dev.py where there is no ensurepip, which is fast: it uses the pip that runs it."""
        return self.python("-c", WITHOUT_ENSUREPIP, *arguments)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            env=self.environment,
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def environment(self) -> dict[str, str]:
        """No PATH, no registry: pip finds the tiny wheel in its folder or nothing at all."""
        return {"PATH": "", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels)}

    def pin(self, digest: str) -> None:
        (self.root / "requirements" / "demo.txt").write_text(f"tiny==1 --hash=sha256:{digest}\n")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    root, wheels = tmp_path / "checkout with space", tmp_path / "wheels"
    for folder in (wheels, root / "requirements", root / "weirline" / "cli"):
        folder.mkdir(parents=True)
    shutil.copy(dev.__file__, root)
    (root / "pyproject.toml").write_text(SCRIPTS)
    (root / "weirline" / "cli" / "main.py").write_text(MAIN + CALL)
    (root / "requirements" / "dev.txt").write_text("")
    made = Checkout(root, wheels)
    made.pin(_make_wheel(wheels))
    return made


def _make_wheel(folder: Path) -> str:
    """Write the smallest wheel there is and return its SHA-256."""
    content = {
        "tiny.py": "VALUE = 42\n",
        "tiny-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n",
        "tiny-1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for name, text in content.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record += f"{name},sha256={digest.decode()},{len(text)}\n"
    content["tiny-1.dist-info/RECORD"] = record + "tiny-1.dist-info/RECORD,,\n"
    wheel = folder / "tiny-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return hashlib.sha256(wheel.read_bytes()).hexdigest()


@pytest.mark.slow
def test_verb_passes_arguments_and_exit_code_through_in_a_new_environment(
    checkout: Checkout,
) -> None:
    first = checkout.python("dev.py", "demo", "--once", "a b")
    assert (first.returncode, first.stdout) == (7, "ran 42 demo --once a b\n"), first.stderr
    assert "installing" in first.stderr

    shutil.rmtree(checkout.wheels)
    second = checkout.python("dev.py", "demo")
    assert (second.returncode, second.stdout, second.stderr) == (7, "ran 42 demo\n", "")


@pytest.mark.slow
def test_commands_in_the_environment_survive_a_move_of_the_checkout(checkout: Checkout) -> None:
    checkout.start("demo")
    moved = checkout.root.rename(checkout.root.with_name("moved"))
    command = [str(moved / ".venv" / "bin" / "weirline"), "kinds"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    assert (done.returncode, done.stdout) == (7, "ran 42 kinds\n"), done.stderr


@pytest.mark.slow
def test_package_with_a_wrong_hash_is_refused_until_it_is_right(checkout: Checkout) -> None:
    right = hashlib.sha256(next(checkout.wheels.iterdir()).read_bytes()).hexdigest()
    checkout.pin("0" * 64)
    refused = checkout.start("demo")
    assert refused.returncode == 1
    assert "HASH" in refused.stderr.upper()
    assert "ran" not in refused.stdout

    checkout.pin(right)
    assert checkout.start("demo").returncode == 7


@pytest.mark.slow
def test_install_cut_short_is_done_again_from_nothing(checkout: Checkout) -> None:
    checkout.start("demo")
    packages = next((checkout.root / ".venv").glob("lib/python3*/site-packages"))
    (packages / "tiny.py").write_text("VALUE = 'half'\n")
    assert checkout.start("demo").stdout == "ran half demo\n"

    (checkout.root / ".venv" / dev.UNFINISHED.name).touch()
    assert checkout.start("demo").stdout == "ran 42 demo\n"


@pytest.mark.slow
def test_two_starts_at_once_install_once_and_both_run(checkout: Checkout) -> None:
    command = [sys.executable, "-c", WITHOUT_ENSUREPIP, "demo"]
    starts = [
        subprocess.Popen(
            command,
            cwd=checkout.root,
            env=checkout.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    answers = [start.communicate(timeout=120) for start in starts]
    assert [start.returncode for start in starts] == [7, 7], answers
    assert sum("installing" in complaint for _, complaint in answers) == 1


def test_python_without_venv_and_pip_is_told_the_package(checkout: Checkout) -> None:
    hidden = "import sys; sys.modules['ensurepip'] = sys.modules['pip'] = None"
    answer = checkout.python("-c", f"{hidden}; import dev; dev.main(['demo'])")
    assert answer.returncode == dev.EXIT_MISSING
    assert "apt-get install python3-venv" in answer.stderr


def test_verbs_that_need_system_packages_name_them_before_anything_else(
    checkout: Checkout,
) -> None:
    for verb in (["test", "--all"], ["bench"]):
        answer = checkout.start(*verb)
        assert answer.returncode == dev.EXIT_MISSING
        assert "gcc libc6-dev" in answer.stderr
        assert "nghttp2-client" in answer.stderr
    assert not (checkout.root / ".venv").exists()


def test_help_names_every_verb_and_an_unknown_one_is_refused(checkout: Checkout) -> None:
    answer = checkout.start("help")
    assert answer.returncode == 0
    assert all(f"\n  {verb} " in answer.stdout for verb in ("demo", "test", "check", "bench"))
    assert checkout.start().stdout == answer.stdout

    refused = checkout.start("tset")
    assert refused.returncode == dev.EXIT_USAGE
    assert "'tset'" in refused.stderr


@pytest.mark.parametrize(
    ("codes", "code"),
    [([0, 0], 0), ([0, 5], 0), ([5, 0], 0), ([5, 5], 5), ([0, 1], 1), ([2, 5], 2)],
)
def test_run_that_selected_no_test_counts_only_if_all_did(codes: list[int], code: int) -> None:
    assert dev.combined(codes) == code


def test_older_python_can_read_the_line_that_refuses_it() -> None:
    source = Path(dev.__file__).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))


@pytest.mark.full
@pytest.mark.promise(61)
def test_demo_of_a_tarball_stops_its_leaks_with_nothing_but_python(tmp_path: Path) -> None:
    """A clone as a stranger has it: no git, no compiler, no tool in PATH, no environment yet."""
    made = shutil.ignore_patterns(".git", ".venv", "*_cache", "__pycache__", "build", ".build")
    clone = shutil.copytree(ROOT, tmp_path / "clone", ignore=made)
    bare = tmp_path / "bin"
    bare.mkdir()
    (bare / "python3").symlink_to(sys.base_prefix + "/bin/python3")
    kept = {name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "SSL_"))}
    done = subprocess.run(
        ["python3", "dev.py", "demo", "--once"],  # noqa: S607 - as a person types it
        executable=bare / "python3",
        cwd=clone,
        env={**kept, "PATH": str(bare), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert (clone / "LICENSE").read_text(encoding="utf-8").count("Apache License") > 0


def test_compiled_part_is_stale_without_its_product_or_with_an_older_one(tmp_path: Path) -> None:
    assert not dev.is_stale(tmp_path)
    (tmp_path / "c").mkdir()
    source = tmp_path / "c" / "part.c"
    source.write_text("")
    assert dev.is_stale(tmp_path)
    product = tmp_path / "part.abi3.so"
    product.write_text("")
    os.utime(source, (1, 1))
    assert not dev.is_stale(tmp_path)
    os.utime(product, (0, 0))
    assert dev.is_stale(tmp_path)


def test_nothing_is_compiled_where_there_is_no_compiler_or_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "part.c").write_text("")
    monkeypatch.setattr(dev, "COMPILED", (tmp_path,))
    monkeypatch.setattr(dev, "NGHTTP2_HEADER", tmp_path / "c" / "part.c")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not dev.compiled_parts_wanted()
    compiler = tmp_path / "gcc"
    compiler.write_text("#!/bin/sh\n")
    compiler.chmod(0o755)
    assert dev.compiled_parts_wanted()
    monkeypatch.setattr(dev, "NGHTTP2_HEADER", tmp_path / "none.h")
    assert not dev.compiled_parts_wanted()
