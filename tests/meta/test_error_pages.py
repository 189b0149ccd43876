from __future__ import annotations

from tests.meta.error_page import FOLDER, pages


def test_pages_of_errors_are_those_that_the_cases_make() -> None:
    made = pages()
    assert set(FOLDER.glob("*.md")) == set(made)
    stale = [path.name for path, text in made.items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run python -m tests.meta.error_page"


def test_page_of_errors_leads_to_each_of_them() -> None:
    page = (FOLDER.parent / "errors.md").read_text(encoding="utf-8")
    assert [path.name for path in pages() if f"](errors/{path.name})" not in page] == []
