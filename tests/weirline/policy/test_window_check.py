from __future__ import annotations

import pytest

from tests.weirline.policy.vocabulary import DETECTORS, HEAD
from weirline.errors import PolicyError
from weirline.policy.parse import parse_policy
from weirline.policy.warning import policy_warnings

RULES = "rules: [{id: a, find: {category: payment}, do: [observe]}]\n"
JWT = "defaults: {token: {header: authorization, jwt: {}}}\n"
USUAL = {
    "id": "many",
    "per": "[address]",
    "count": "requests",
    "over": "1h",
    "more_than": "3",
    "do": "[alert]",
}


def codes(*, before: str = "", **fields: str) -> list[str]:
    """The faults of a policy with one window of these fields, as `code field`."""
    written = {**USUAL, **fields}
    window = ", ".join(f"{name.rstrip('_')}: {text}" for name, text in written.items())
    try:
        parse_policy(HEAD + before + RULES + f"windows: [{{{window}}}]\n", "p.yaml", DETECTORS)
    except PolicyError as error:
        return [f"{one.code} {one.field.removeprefix('windows[0].')}" for one in error.problems]
    return []


FIND = "{category: contact}"


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({}, []),
        ({"count": "matches", "find": FIND}, []),
        ({"count": "matches"}, ["E06 count"]),
        ({"find": "{category: contakt}"}, ["E02 find.category"]),
        ({"do": "[{block: {}}]"}, ["E07 for"]),
        ({"do": "[{block: {}}]", "for_": "1h"}, []),
        ({"do": "[{tokenise: {}}]"}, ["E06 do[0]"]),
        ({"do": "[{}]"}, ["E01 do[0]"]),
        ({"do": "[alert, alert]"}, ["E05 do[1]"]),
        ({"per": "[token]"}, ["E07 per[0]"]),
        ({"per": "[nobody]"}, ["E01 per[0]"]),
        ({"when": "{direction: response}"}, ["E04 when"]),
        ({"when": "{direction: response}", "find": FIND}, []),
        ({"when": "nowhere"}, ["E02 when"]),
        ({"when": "{path: /a}", "unless": "{path: /b}"}, ["E04 unless"]),
        ({"unless": "{claim: {a: b}}", "before": JWT}, ["E12 unless"]),
        ({"per": "[token, 'claim:job']", "before": JWT}, []),
        ({"id": "a"}, ["E01 id"]),
        ({"more_than": "0"}, ["E01 more_than"]),
    ],
    ids=str,
)
def test_window_is_accepted_where_it_makes_sense(fields: dict[str, str], faults: list[str]) -> None:
    assert codes(**fields) == faults


def test_what_a_window_uses_is_not_unused() -> None:
    text = HEAD + RULES + "selectors: {there: {path: /a}}\ncategories: {mail: {detect: [email]}}\n"
    window = "windows: [{id: w, when: there, find: {category: mail}, per: [address], "
    window += "count: matches, over: 1h, more_than: 3, do: [alert]}]\n"
    assert {one.code for one in policy_warnings(parse_policy(text, "p", DETECTORS), "p")} == {"W02"}
    assert not policy_warnings(parse_policy(text + window, "p", DETECTORS), "p")
