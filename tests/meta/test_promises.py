"""The promises page says what the tests prove, no more and no less."""

from __future__ import annotations

from tests.meta.checkout import ROOT
from tests.meta.promise import PAGE, page, proofs, rows

LAST = 68


def test_promises_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.meta.promise"


def test_promise_rows_are_complete_and_each_says_what_would_show_it() -> None:
    assert [row.number for row in rows()] == list(range(1, LAST + 1))
    assert all(bool(row.shown) != bool(row.untested) for row in rows())


def test_every_proof_belongs_to_a_row_that_wants_one() -> None:
    wanted = {row.number for row in rows() if not row.untested}
    assert set(proofs()) <= wanted


def test_every_mark_is_found_by_reading() -> None:
    """A mark put on a class or a module, or with a computed number, would be lost unseen."""
    marks = sum(
        text.count("mark.promise(")
        for path in (ROOT / "tests").rglob("test_*.py")
        if path.name != "test_promises.py"
        for text in [path.read_text(encoding="utf-8")]
    )
    assert marks == sum(len(tests) for tests in proofs().values())
