"""Tests mirror code: whoever opens a module knows the file that proves it, and the reverse."""

from __future__ import annotations

from pathlib import Path

from tests.meta.checkout import PACKAGES, ROOT, functions, modules, python_files, relative

# Modules with code but without a test file of their own, each with the reason.
EXCEPTIONS: dict[str, str] = {}

# Test files beside the mirrored ones, each with the reason.
EXTRA_TESTS = {
    "tests/extproc/test_transport_suite.py": "what holds for both transports",
    "tests/extproc/test_faults_everywhere.py": "faults of ours at every line of both transports",
    "tests/extproc/test_conformance_client.py": "the client's rows of the conformance table",
}


def test_every_module_with_code_has_its_test_file() -> None:
    missing = [
        f"{relative(module)} wants {relative(_test_of(module))}"
        for module in modules()
        if any(function.has_code for function in functions(module))
        and relative(module) not in EXCEPTIONS
        and not _test_of(module).exists()
    ]
    assert not missing, "\n".join(missing)


def test_every_mirrored_test_file_has_its_module() -> None:
    strays = [
        relative(test)
        for test in python_files("tests")
        if relative(test).split("/")[1] in PACKAGES
        and test.name.startswith("test_")
        and relative(test) not in EXTRA_TESTS
        and not _has_module(test)
    ]
    assert not strays, "\n".join(strays)


def test_every_exception_is_still_needed() -> None:
    stale = [
        name
        for name, reason in EXCEPTIONS.items()
        if not reason or not (ROOT / name).exists() or _test_of(ROOT / name).exists()
    ]
    assert not stale, "\n".join(stale)


def _test_of(module: Path) -> Path:
    name = module.parent.name if module.name == "__init__.py" else module.stem
    return ROOT / "tests" / module.relative_to(ROOT).parent / f"test_{name.strip('_')}.py"


def _has_module(test: Path) -> bool:
    """Tell whether a test file is named after a module, alone or with a topic behind its name."""
    package = ROOT / test.parent.relative_to(ROOT / "tests")
    subject = test.stem.removeprefix("test_")
    names = {path.stem.strip("_") for path in package.glob("*.py")}
    names |= (
        {path.name for path in package.iterdir() if path.is_dir()} if package.exists() else set()
    )
    return any(subject == name or subject.startswith(f"{name}_") for name in names)
