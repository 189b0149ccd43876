from __future__ import annotations

import json

from weirline.cli.demo.client import Answer
from weirline.cli.demo.planted import BULK_TARGET, DEBUG_TARGET, ERROR_TARGET, clean_pages, plant
from weirline.cli.demo.planted_value import EACH, KINDS, make_values
from weirline.cli.demo.verdict import leaked_values

PLANTED = plant(3)


def readable(body: bytes) -> Answer:
    return Answer(body, 200, "", body)


def test_every_value_of_every_kind_stands_in_exactly_one_leak() -> None:
    made = {value.encode() for values in make_values(3).values() for value in values}
    assert len(made) == EACH * len(KINDS)
    assert sorted(PLANTED.values) == sorted(made)
    for leak in PLANTED.leaks:
        assert leaked_values(PLANTED.values, readable(leak.body)) == list(leak.values)


def test_three_leaks_come_about_in_three_ways() -> None:
    assert {leak.path: leak.cause for leak in PLANTED.leaks} == {
        BULK_TARGET: "API exploit",
        DEBUG_TARGET: "misconfiguration",
        ERROR_TARGET: "logic error",
    }


def test_bulk_answer_holds_fifty_records_where_the_own_endpoint_gives_one() -> None:
    (bulk,) = PLANTED.pages[BULK_TARGET]
    records = json.loads(bulk.body)["customers"]
    assert len(records) == 50
    (own,) = PLANTED.pages["/v1/customers/7"]
    assert json.loads(own.body) == records[6]


def test_no_record_is_without_a_value() -> None:
    (bulk,) = PLANTED.pages[BULK_TARGET]
    for record in json.loads(bulk.body)["customers"]:
        assert leaked_values(PLANTED.values, readable(json.dumps(record).encode()))


def test_error_page_answers_every_order_with_a_server_error() -> None:
    (page,) = PLANTED.pages["/orders/*"]
    assert page.status == 500
    assert page.content_type.startswith("text/html")


def test_clean_pages_hold_no_value() -> None:
    for pages in clean_pages().values():
        for page in pages:
            assert leaked_values(PLANTED.values, readable(page.body)) == []
