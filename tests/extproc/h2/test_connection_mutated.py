"""A hundred thousand broken clients against a build that notices every wrong step in memory."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from extproc.h2.build import READER, TRANSPORT, build
from tests.conftest import seed_of_values
from tests.extproc.h2.mutate_bytes import MUTATIONS, frames_of
from tests.extproc.h2.recorded_bytes import record_bytes
from tests.fakes.fast_transport import FULL
from tests.meta.checkout import ROOT

pytestmark = FULL

STREAMS = 100_000
PROCESSES = 2
SECONDS = 300
GROWTH_BYTES = 4 << 20
SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1")


def _library(name: str) -> str:
    shown = subprocess.run(
        ["gcc", f"-print-file-name={name}"],  # noqa: S607 - the one in PATH is meant
        capture_output=True,
        text=True,
        check=True,
    )
    return shown.stdout.strip()


def _start(modules: list[Path], recording: Path, number: int) -> subprocess.Popen[str]:
    # Python's own leftovers at its end are no leak of ours; growth is measured instead.
    environment = {
        **os.environ,
        "LD_PRELOAD": " ".join((_library("libasan.so"), _library("libubsan.so"))),
        "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1:quarantine_size_mb=8",
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": str(ROOT),
    }
    seed = f"{seed_of_values()}:mutated bytes:{number}"
    arguments = [*map(str, modules), str(recording), seed, str(STREAMS // PROCESSES)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.extproc.h2.mutated_run", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_mutated_streams_of_a_real_envoy_break_nothing_and_leave_nothing() -> None:
    with tempfile.TemporaryDirectory(prefix="wl-") as name:
        folder = Path(name)
        modules = [build(module, folder, extra_flags=SANITIZERS) for module in (TRANSPORT, READER)]
        recorded = record_bytes(folder)
        assert sum(len(frames_of(each)) for each in recorded) > 50
        recording = folder / "recorded"
        recording.write_bytes(pickle.dumps(recorded))
        running = [_start(modules, recording, number) for number in range(PROCESSES)]
        results = [process.communicate(timeout=SECONDS) for process in running]
    for process, (_, errors) in zip(running, results, strict=True):
        assert process.returncode == 0, errors[-4000:]
    parts = [json.loads(shown) for shown, _ in results]
    total = {key: sum(part[key] for part in parts) for key in parts[0] if key != "mutations"}
    mutations = sum((Counter(part["mutations"]) for part in parts), Counter())
    print(f"seed {seed_of_values()!r}: {total}\n{dict(mutations)}")
    assert total["streams"] == STREAMS
    assert total["past_preface"] >= STREAMS // 2
    assert total["answered"] >= STREAMS // 4
    assert total["messages"] >= STREAMS
    assert total["plain"] >= STREAMS
    assert total["broken"] >= STREAMS // 10
    assert set(mutations) == {mutation.__name__ for mutation in MUTATIONS}
    assert max(part["floor_growth"] for part in parts) < GROWTH_BYTES
