from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from weirline.errors import DetectorError
from weirline.rulepack.shipped import (
    COMPILED_NAME,
    compile_packs,
    compiled_text,
    entries_of,
    rules_root,
    shipped_detectors,
    shipped_entries,
    shipped_of_packs,
    shipped_sources,
)

ROOT = Path(__file__).parents[3]
ONE = """\
detectors:
  - {id: aa, title: x, category: secrets, severity: low, pattern: ab, confidence: 1,
     issuer: 'https://x', examples: [ab], not_examples: [c]}
"""


def test_packs_are_joined_each_kind_once() -> None:
    core, both = shipped_of_packs(["core"]), shipped_of_packs(["core", "default", "europe"])
    assert len(core) == 51
    assert both[:51] == core
    assert len({each.id for each in both}) == len(both) > len(shipped_detectors("default"))
    with pytest.raises(DetectorError):
        shipped_of_packs(["core", "nothing"])


def test_compiled_form_is_the_one_of_the_files() -> None:
    """If not: `weirline detectors build`."""
    made = compiled_text(compile_packs(shipped_sources()))
    assert rules_root().joinpath(COMPILED_NAME).read_bytes() == made


def test_shipped_detectors_are_those_of_the_pack_in_its_order() -> None:
    packs = compile_packs(shipped_sources())
    assert tuple(one.id for one in shipped_detectors()) == packs.packs["default"]
    by_id = {entry.detector.id: entry.detector for entry in shipped_entries()}
    assert all(by_id[one.id] == one for one in shipped_detectors())


def test_start_reads_no_yaml() -> None:
    code = (
        "import sys; from weirline.rulepack.shipped import shipped_detectors as s;"
        "print(len(s()), any(name.startswith('ruamel') for name in sys.modules))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.split() == [str(len(shipped_detectors())), "False"]


def test_unknown_pack_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(DetectorError) as refused:
        shipped_detectors("no_such")
    assert "default" in str(refused.value)


def test_pack_that_names_what_is_not_there_is_refused_at_its_line() -> None:
    sources = {"a/a.yaml": ONE, "packs/p.yaml": "- aa\n- bb\n- aa\n", "packs/q.yaml": "{}"}
    with pytest.raises(DetectorError) as refused:
        compile_packs(sources)
    assert [(one.file, one.line, one.code) for one in refused.value.problems] == [
        ("rules/packs/p.yaml", 2, "E02"),
        ("rules/packs/p.yaml", 1, "E01"),
        ("rules/packs/p.yaml", 3, "E01"),
        ("rules/packs/q.yaml", 1, "E01"),
    ]


def test_hash_names_the_files_and_their_content() -> None:
    one = compile_packs({"a/a.yaml": ONE}).source_sha256
    assert compile_packs({"b/a.yaml": ONE}).source_sha256 != one
    assert compile_packs({"a/a.yaml": ONE + "\n"}).source_sha256 != one


def test_entries_leave_packs_aside() -> None:
    assert len(entries_of({"a/a.yaml": ONE, "packs/p.yaml": "- aa"})) == 1
