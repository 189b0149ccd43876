"""The page «what is seen» and the security page name tests that are there."""

from __future__ import annotations

from tests.meta.checkout import ROOT
from tests.meta.seen import PAGE, missing_tests, page, rows

SECURITY = ROOT / "docs" / "explanation" / "security.md"


def test_page_is_what_the_rows_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.meta.seen"


def test_every_test_named_is_there() -> None:
    for path in (PAGE, SECURITY):
        assert missing_tests(path.read_text(encoding="utf-8")) == []


def test_test_that_is_not_there_is_told() -> None:
    assert missing_tests("`tests/meta/test_seen.py::test_no_such`") == [
        "tests/meta/test_seen.py::test_no_such"
    ]
    assert missing_tests("`tests/meta/no_such.py`") == ["tests/meta/no_such.py"]


def test_what_is_seen_is_shown_by_a_test() -> None:
    bare = [row.what for row in rows() if row.seen == "counted" and not row.tests]
    assert not bare


def test_every_claim_of_the_security_page_names_a_test() -> None:
    text = SECURITY.read_text(encoding="utf-8")
    claims = [line for line in text.splitlines() if line.startswith("| ") and " | " in line]
    header_and_rule = 2
    tables = text.count("|---")
    assert len(claims) > 10
    unproven = [line for line in claims if "`tests/" not in line and "what | " not in line]
    assert len(unproven) <= tables * header_and_rule, "\n".join(unproven)
