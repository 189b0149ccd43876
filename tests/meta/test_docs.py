"""The pages name everything that an operator can set, read, run or be told, and nothing else."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from extproc.logs import Event
from extproc.metrics import METRICS, CacheOutcome, ConnectionEnd, Fault, ReloadResult
from extproc.settings import SETTINGS
from extproc.settings_sources import CONFIG_VARIABLE
from tests.meta.checkout import PACKAGES, ROOT, files, python_files, relative, tree
from weirline.cli.main import build_parser
from weirline.flow.report import Outcome, Place, Unscanned

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = [path for path in files() if path.suffix == ".md"]
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_RECORD = re.compile(r"\d{4}-[a-z0-9-]+\.md")
LONGEST_RECORD = 40
TEST_VARIABLES = {"WEIRLINE_TEST_ENVOY", "WEIRLINE_TEST_SEED", "WEIRLINE_TEST_TRANSPORT"}
_CODE = re.compile(r"\b[EWS][0-9]{2}\b")


def _page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def _coded(text: str) -> set[str]:
    """Return what a page sets in code type; inside a fence every word counts."""
    fences = re.findall(r"```.*?```", text, re.DOTALL)
    words = {word for fence in fences for word in re.findall(r"[\w-]+", fence)}
    return words | set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))


def test_settings_page_names_every_setting_in_all_its_spellings() -> None:
    coded = _coded(_page("settings.md"))
    spellings = {s for each in SETTINGS for s in (each.name, each.flag, each.variable)}
    assert not spellings - coded


def test_metrics_page_names_every_metric_and_every_label() -> None:
    coded = _coded(_page("metrics.md"))
    assert not {metric.name for metric in METRICS} - coded
    assert not {label for metric in METRICS for label in metric.labels} - coded


CLOSED_LABELS = (
    Outcome, Unscanned, Place, Fault, ReloadResult, CacheOutcome, ConnectionEnd,
)  # fmt: skip


@pytest.mark.parametrize("labels", CLOSED_LABELS)
def test_metrics_page_explains_every_value_of_a_closed_label(
    labels: type[Outcome | Unscanned | Place | Fault | ReloadResult | CacheOutcome | ConnectionEnd],
) -> None:
    assert not {member.value for member in labels} - _coded(_page("metrics.md"))


def test_logs_page_names_every_event() -> None:
    assert not {event.value for event in Event} - _coded(_page("logs.md"))


def test_errors_page_names_exactly_the_codes_that_the_code_uses() -> None:
    used = set(_codes_in_code())
    named = set(_CODE.findall(_page("errors.md")))
    assert used == named, f"not on the page: {used - named}; not in the code: {named - used}"


def _codes_in_code() -> Iterator[str]:
    for path in python_files(*PACKAGES):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from re.findall(r"^[EWS][0-9]{2}$", node.value)


def test_command_page_names_every_verb_and_every_option() -> None:
    page = _page("command-line.md")
    missing = [
        spelling for spelling in _spellings(build_parser(), "weirline") if spelling not in page
    ]
    assert not missing, "\n".join(missing)


def _spellings(parser: argparse.ArgumentParser, command: str) -> Iterator[str]:
    """Yield `weirline verb` for every verb that runs something, and every option."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, verb in action.choices.items():
                yield f"{command} {name}"
                yield from _spellings(verb, f"{command} {name}")
        else:
            yield from (option for option in action.option_strings if option.startswith("--"))


def test_pages_name_no_metric_that_does_not_exist() -> None:
    suffixes = ("", "_bucket", "_count", "_sum")
    real = {metric.name + suffix for metric in METRICS for suffix in suffixes}
    assert not set(_words(r"(?<![\w/.-])weirline_[a-z_]+(?![\w/*-]|\.py)")) - real


def test_pages_name_no_variable_that_does_not_exist() -> None:
    real = {setting.variable for setting in SETTINGS} | {CONFIG_VARIABLE} | TEST_VARIABLES
    assert not set(_words(r"\bWEIRLINE_[A-Z_]*[A-Z]\b")) - real


def _words(pattern: str) -> Iterator[str]:
    for page in PAGES:
        yield from re.findall(pattern, page.read_text(encoding="utf-8"))


def test_every_relative_link_of_every_page_leads_somewhere() -> None:
    broken = [
        f"{relative(page)}: {target}"
        for page in PAGES
        for target in _LINK.findall(page.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:|#", target) and not _exists(page, target)
    ]
    assert not broken, "\n".join(broken)


def _exists(page: Path, target: str) -> bool:
    return (page.parent / target.partition("#")[0]).exists()


def test_every_page_of_docs_is_reached_from_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    linked = {(DOCS / target.partition("#")[0]).resolve() for target in _LINK.findall(index)}
    lost = [
        relative(page)
        for page in PAGES
        if page.is_relative_to(DOCS) and page.name != "README.md" and page not in linked
    ]
    assert not lost, "\n".join(lost)


def test_every_decision_record_is_short_and_has_its_four_parts() -> None:
    wrong = []
    for page in sorted((DOCS / "adr").glob("[0-9]*.md")):
        text = page.read_text(encoding="utf-8")
        parts = ("Context", "Options", "Decision", "What would change it")
        missing = [part for part in parts if f"## {part}\n" not in text]
        if missing or text.count("\n") > LONGEST_RECORD or not _RECORD.fullmatch(page.name):
            wrong.append(f"{page.name}: {text.count(chr(10))} lines, without {missing}")
    assert not wrong, "\n".join(wrong)
