#!/usr/bin/env python3
"""One command for everything a clone can do: try it, test it, check it, measure it.

Needs Python 3.11 or newer and nothing else: no git, no compiler, no root. The first run makes
`.venv/` beside this file and installs the pinned packages of requirements/, every one checked
against its hash; later runs find that done and cost nothing. It installs nothing outside the
checkout and never runs a package manager: where a verb needs a system package, it says which.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
# Folders with sources in c/ and the compiled part beside them; a header of libnghttp2-dev.
COMPILED = (
    ROOT / "extproc" / "h2",
    ROOT / "extproc" / "envoy_api",
    ROOT / "weirline" / "detect",
    ROOT / "weirline" / "body",
)
NGHTTP2_HEADER = Path("/usr/include/nghttp2/nghttp2.h")
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
STAMP = VENV / "weirline-installed"  # written last: what is there is whole
UNFINISHED = VENV / "weirline-installing"  # there only while pip works: what is there is not
EXIT_USAGE = 2
EXIT_MISSING = 3
PLAIN = "not full and not alone and not long"
NO_TESTS = 5  # how pytest says that nothing was selected

HELP = """\
usage: python3 dev.py VERB [arguments]

  demo            watch a leaking sample API behind a real Envoy, before and after
    --once          run its requests, print the outcome, stop; exit 0 if every leak was stopped
    --help          the other options (--leak FILE, --no-filter, --envoy PATH)
  test            run the tests that need nothing but pip, a real Envoy included (under 5 minutes)
    --all           every test and `check`; needs a few Debian packages, and names those missing
    ARGUMENTS       go to pytest: a file, -k WORD, -x
  check           format, lint, types, layers, and whether docs and tests fit the code
  bench           measure the added latency and CPU time; needs a C compiler and h2load
    --quick         under two minutes; --help for the others
    detect          the scanner alone, beside others; --truth, --innocent, --quick
  boards          the demo with a Prometheus beside it, and the Grafana boards drawn as a page
  help            this text

The first run makes .venv/ (200 MB, a minute or two) and with gcc and libnghttp2-dev, a fast server.
"""

# Commands that some verbs need, and the Debian package that brings each.
FULL_TOOLS = {
    "gcc": "gcc libc6-dev libnghttp2-dev",
    "h2load": "nghttp2-client",
    "ip": "iproute2",
    "promtool": "prometheus",
    "chromium": "chromium",
    "unshare": "util-linux",
}
BOARD_TOOLS = {"prometheus": "prometheus"}
BENCH_TOOLS = {"gcc": "gcc libc6-dev libnghttp2-dev", "h2load": "nghttp2-client"}
TARGET_TOOLS = {"gcc": "gcc libc6-dev"}
# A file stays with one worker, which makes its fixtures once; conftest.py puts long files first.
PARALLEL = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]

CHECKS = (
    ("format", ["ruff", "format", "--check", "--quiet", "."]),
    ("lint", ["ruff", "check", "--quiet", "."]),
    ("types", ["mypy", "--no-error-summary"]),
)
# Layers, mirror, docs, names, sizes and promises are tests, so that a test run sees them too.
META_TESTS = ("layers, docs and mirror", ["pytest", "-q", *PARALLEL, "tests/meta"])


def main(arguments: Sequence[str]) -> int:
    """Run the verb that `arguments` begin with; return what the process shall exit with."""
    require_python()
    verb, rest = (arguments[0], list(arguments[1:])) if arguments else ("help", [])
    if verb not in VERBS:
        sys.stderr.write(f"dev.py: there is no verb {verb!r}\n\n{HELP}")
        return EXIT_USAGE
    return VERBS[verb](rest)


def show_help(_arguments: Sequence[str]) -> int:
    """Print what each verb does."""
    sys.stdout.write(HELP)
    return 0


def demo(arguments: Sequence[str]) -> NoReturn:
    """Run the demo of the command line."""
    setup("demo")
    replace_with(["weirline.cli.main", "demo", *arguments])


def test(arguments: Sequence[str]) -> int:
    """Run pytest; with `--all` also what needs Debian packages, and the checks before it."""
    everything = "--all" in arguments
    passed_on = [argument for argument in arguments if argument != "--all"]
    if not everything:
        setup("dev")
        replace_with(["pytest", *PARALLEL, "-m", PLAIN, *passed_on])
    require_tools(FULL_TOOLS)
    setup("dev")
    failed = run_all(CHECKS)
    codes = [
        subprocess.run(
            module_command(["pytest", *selection, *passed_on]), cwd=ROOT, check=False
        ).returncode
        for selection in ([*PARALLEL, "-m", "not alone and not long"], ["-m", "alone and not long"])
    ]
    if failed:
        sys.stderr.write("dev.py: the checks before the tests failed\n")
    return combined(codes) or failed


def combined(codes: Sequence[int]) -> int:
    """Return one exit code for several runs of pytest, of which some may have selected nothing."""
    told = [code for code in codes if code != NO_TESTS]
    return next((code for code in told if code), 0) if told else NO_TESTS


def check(_arguments: Sequence[str]) -> int:
    """Run every check, and the tests that watch over the repository itself."""
    setup("dev")
    return run_all((*CHECKS, META_TESTS))


def bench(arguments: Sequence[str]) -> NoReturn:
    """Run the bench of Envoy with and without us, or one of the small ones by its name."""
    if arguments[:1] == ["detect"]:
        setup("dev")
        replace_with(["loadtest.detect.bench", *arguments[1:]])
    options = {argument.partition("=")[0] for argument in arguments}
    if not {"-h", "--help"} & options:
        require_tools(TARGET_TOOLS if "--target" in options else BENCH_TOOLS)
    setup("dev")
    replace_with(["loadtest.bench", *arguments])


def boards(arguments: Sequence[str]) -> NoReturn:
    """Run the demo and a Prometheus, and draw the boards."""
    if not {"-h", "--help"} & set(arguments):
        require_tools(BOARD_TOOLS)
    setup("demo")
    replace_with(["dashboards.show", *arguments])


VERBS = {
    "boards": boards,
    "demo": demo,
    "test": test,
    "check": check,
    "bench": bench,
    "help": show_help,
    "-h": show_help,
    "--help": show_help,
}


def run_all(steps: Iterable[tuple[str, list[str]]]) -> int:
    """Run every step, also after one failed; return the first failure's exit code."""
    first_failure = 0
    for name, step in steps:
        sys.stdout.write(f"check: {name}\n")
        sys.stdout.flush()
        code = subprocess.run(module_command(step), cwd=ROOT, check=False).returncode
        if code:
            sys.stdout.write(f"check: {name} FAILED\n")
        first_failure = first_failure or code
    if not first_failure:
        sys.stdout.write("check: all good\n")
    sys.stdout.flush()
    return first_failure


def module_command(module: Sequence[str]) -> list[str]:
    """Return the command line that runs a module of the environment with its arguments."""
    return [str(PYTHON), "-m", *module]


def replace_with(module: Sequence[str]) -> NoReturn:
    """Become the module: its exit code and its Ctrl-C are ours, with nothing in between."""
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execv(PYTHON, module_command(module))  # noqa: S606 - no shell is wanted


def require_tools(tools: dict[str, str]) -> None:
    """Stop with the names of Debian packages where a command is missing from PATH."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if not missing:
        return
    packages = " ".join(sorted({tools[tool] for tool in missing}))
    sys.stderr.write(
        f"dev.py: this needs {', '.join(missing)}, not found in PATH. On Debian and Ubuntu:\n"
        f"  apt-get install {packages}\n"
    )
    raise SystemExit(EXIT_MISSING)


def setup(level: str) -> None:
    """Make `.venv/` hold at least requirements/LEVEL.txt; cost a few small reads if it does."""
    if is_installed(level) and not compiled_parts_wanted():
        return
    require_venv_module()
    with setup_lock():
        if not is_installed(level):  # another start may have done it while this one waited
            sys.stderr.write(f"dev.py: installing requirements/{level}.txt into .venv/ ...\n")
            make_environment()
            install(level)
        if compiled_parts_wanted():  # where that fails it says why, and grpcio serves
            subprocess.run(module_command(["extproc.h2.build"]), cwd=ROOT, check=False)


def compiled_parts_wanted() -> bool:
    """Tell whether a compiled part is missing or older than its sources, and can be built."""
    able = shutil.which("gcc") and NGHTTP2_HEADER.exists()
    return bool(able) and any(map(is_stale, COMPILED))


def is_stale(folder: Path) -> bool:
    """Tell whether the compiled part of a folder is not there, or older than its sources."""
    newest = max((path.stat().st_mtime for path in folder.glob("c/*")), default=0.0)
    return newest > max((path.stat().st_mtime for path in folder.glob("*.abi3.so")), default=0.0)


def is_installed(level: str) -> bool:
    """Tell whether the stamp vouches for this level, or for `dev`, which holds all others."""
    try:
        stamped = STAMP.read_text(encoding="ascii").split()
    except OSError:
        return False
    wanted = {fingerprint(level), fingerprint("dev")}
    return PYTHON.exists() and not UNFINISHED.exists() and bool(wanted.intersection(stamped))


def fingerprint(level: str) -> str:
    """Return a digest of all that decides what an install of this level gives."""
    digest = hashlib.sha256()
    digest.update(f"{level} {sys.version_info[:2]}\n".encode())
    digest.update((REQUIREMENTS / f"{level}.txt").read_bytes())
    digest.update(repr(sorted(scripts().items())).encode())
    return digest.hexdigest()


def require_python() -> None:
    """Stop where this Python is too old for the project (this file still runs in 3.8)."""
    if sys.version_info < (3, 11):  # noqa: UP036 - someone will start it with an older one
        sys.stderr.write("dev.py: needs Python 3.11 or newer, this is " + sys.version + "\n")
        raise SystemExit(EXIT_MISSING)


def require_venv_module() -> None:
    """Stop, naming the package, where this Python can make no environment with pip in it."""
    has_venv = importlib.util.find_spec("venv") is not None
    if has_venv and any(importlib.util.find_spec(name) for name in ("ensurepip", "pip")):
        return
    sys.stderr.write(
        "dev.py: this Python cannot make a virtual environment. On Debian and Ubuntu:\n"
        "  apt-get install python3-venv\n"
    )
    raise SystemExit(EXIT_MISSING)


@contextlib.contextmanager
def setup_lock() -> Iterator[None]:
    """Let one start at a time change `.venv/`; a killed holder lets go by itself."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def make_environment() -> None:
    """Make `.venv/`, anew if it belongs to another Python or an install in it was cut short."""
    keep = not UNFINISHED.exists() and environment_version() == sys.version_info[:2]
    if keep:
        return
    pip = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    run_or_stop([sys.executable, "-m", "venv", "--clear", *pip, str(VENV)])


def environment_version() -> tuple[int, ...]:
    """Return the Python version `.venv/` was made with, empty where there is none that runs."""
    try:
        answer = subprocess.run(
            [PYTHON, "-c", "import sys; print(*sys.version_info[:2])"],
            capture_output=True,
            check=True,
            text=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(int(number) for number in answer.stdout.split())


def install(level: str) -> None:
    """Install the pinned wheels, then make the checkout importable and its commands callable."""
    UNFINISHED.touch()
    STAMP.unlink(missing_ok=True)
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-input"]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-warn-script-location"]
    requirements = REQUIREMENTS / f"{level}.txt"
    run_or_stop([*pip_command(), "install", *options, *quiet, "--requirement", str(requirements)])
    add_checkout()
    UNFINISHED.unlink()
    STAMP.write_text(fingerprint(level) + "\n", encoding="ascii")


def pip_command() -> list[str]:
    """Return the environment's own pip, or the outer one working on the environment."""
    if next(VENV.glob("lib/python3*/site-packages/pip"), None):
        return [str(PYTHON), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def add_checkout() -> None:
    """Put the checkout on the environment's path, and the project's commands into its bin.

    Nothing is built: an editable install would need a build backend from the network.
    """
    for packages in VENV.glob("lib/python3*/site-packages"):
        # Relative, so that a checkout that was moved keeps working.
        (packages / "weirline-checkout.pth").write_text("../../../..\n", encoding="ascii")
    for name, target in scripts().items():
        module, _, function = target.partition(":")
        code = f'import sys; sys.argv[0] = "{name}"; '
        code += f"from {module} import {function}; sys.exit({function}())"
        script = VENV / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "${{0%/*}}/python" -Pc \'{code}\' "$@"\n')
        script.chmod(0o755)


def scripts() -> dict[str, str]:
    """Return the commands that the project file names, as `module:function`."""
    import tomllib  # not at the top: an older Python must reach the line that refuses it

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named: dict[str, str] = project["project"]["scripts"]
    return named


def run_or_stop(command: Sequence[str]) -> None:
    """Run a command; if it fails, pass its exit code on (it has said why)."""
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code:
        sys.stderr.write("dev.py: setting up .venv/ failed; the next start begins anew\n")
        raise SystemExit(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
