from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING

from weirline.cli.demo.client import Answer
from weirline.cli.demo.latency import Latency
from weirline.cli.demo.leak import Leak
from weirline.cli.demo.screen import (
    Screen,
    findings_table,
    latency_lines,
    request_table,
    screen_of_terminal,
    side_by_side,
)
from weirline.cli.demo.sidecar_metrics import FindingCounts
from weirline.cli.demo.trial import Request, Trial

if TYPE_CHECKING:
    import pytest

PLAIN = Screen(width=80, colour=False)
LEAK = Leak("/x", "text/plain", b"", (b"secret",), cause="logic error", title="error page")


def trial(
    after: bytes | None, *, leaked: tuple[bytes, ...] = (), leak: Leak | None = LEAK
) -> Trial:
    return Trial(
        Request("/x", leak),
        Answer(b"", 200, "", b"a secret here"),
        None if after is None else Answer(b"", 200, "", after),
        (b"secret",) if leak else (),
        leaked,
        FindingCounts(Counter(us_ssn=2, iban=1), Counter({"a-rule": 3})),
    )


def test_both_halves_stand_beside_each_other_under_the_name_of_the_leak() -> None:
    lines = side_by_side(PLAIN, trial(b"a ****** here"))
    assert lines[0] == "logic error: error page"
    assert lines[1] == "  GET /x"
    assert [half.strip() for half in lines[3].split(" | ")] == ["a secret here", "a ****** here"]
    assert max(map(len, lines)) <= 80


def test_without_a_protected_way_only_the_raw_answer_is_shown() -> None:
    lines = side_by_side(PLAIN, trial(None, leaked=(b"secret",)))
    assert lines[2:] == ["  a secret here"]


def test_colours_mark_what_differs_and_only_where_they_are_wanted() -> None:
    shown = side_by_side(Screen(width=80, colour=True), trial(b"a ****** here"))[3]
    assert "\x1b[31msecret\x1b[0m" in shown
    assert "\x1b[32m******\x1b[0m" in shown
    assert "\x1b" not in "".join(side_by_side(PLAIN, trial(b"a ****** here")))


def test_output_that_is_no_terminal_gets_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert not screen_of_terminal().colour


def test_request_table_says_what_became_of_each_request() -> None:
    same = trial(b"a secret here", leak=None)
    table = request_table(
        PLAIN,
        [
            trial(b"a ****** here"),
            trial(b"a secret here", leaked=(b"secret",)),
            same,
            trial(b"other", leak=None),
        ],
    )
    assert "4 requests" in table[0]
    fates = [line.partition(" bytes  ")[2] for line in table[1:]]
    assert fates == ["1 value stopped", "1 value LEAKED", "the same bytes", "CHANGED"]


def test_long_request_table_leaves_out_only_what_did_not_leak() -> None:
    quiet = trial(b"a ****** here")
    loud = trial(b"a secret here", leaked=(b"secret",))
    table = request_table(PLAIN, [quiet] * 100 + [loud])
    assert len(table) < 50
    assert "LEAKED" in table[-2]
    assert "70 more" in table[-1]


def test_findings_are_counted_by_kind_and_by_rule() -> None:
    lines = findings_table(PLAIN, [trial(b""), trial(b"", leak=None)])
    assert lines[1:] == [
        "  logic error: error page",
        "    found    iban 1, us_ssn 2",
        "    by rule  a-rule 3",
    ]


def test_latency_is_told_in_milliseconds() -> None:
    lines = latency_lines(PLAIN, Latency(200, 500.0, 1750.0))
    assert " ".join(lines) == (
        "Added latency: 1.25 ms (median of 200 requests each way, in turn: 0.50 ms around, "
        "1.75 ms through)"
    )
    assert max(map(len, lines)) <= 80
