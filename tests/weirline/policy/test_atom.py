from __future__ import annotations

import time

from tests.weirline.policy.vocabulary import response
from weirline.policy.atom import AtomIndex, AtomKind, Atoms


def test_same_value_has_the_same_bit_and_another_value_another() -> None:
    index = AtomIndex()
    host = index.bit(AtomKind.HOST, "A.example")
    assert index.bit(AtomKind.HOST, "a.EXAMPLE") == host
    assert index.bit(AtomKind.METHOD, "a.example") != host
    assert index.bit(AtomKind.METHOD, "GET") != index.bit(AtomKind.METHOD, "get")


def test_facts_meet_exactly_the_bits_of_their_values() -> None:
    index = AtomIndex()
    met = (
        index.bit(AtomKind.HOST, "api.shop.example")
        | index.bit(AtomKind.HOST, "*.shop.example")
        | index.bit(AtomKind.METHOD, "GET")
        | index.bit(AtomKind.PATH, "/v1/**")
        | index.bit(AtomKind.CONTENT_TYPE, "application/*")
        | index.bit(AtomKind.CONTENT_TYPE, "application/json")
    )
    for kind, value in (
        (AtomKind.HOST, "*.api.shop.example"),
        (AtomKind.METHOD, "PUT"),
        (AtomKind.PATH, "/v2/**"),
        (AtomKind.CONTENT_TYPE, "text/*"),
    ):
        index.bit(kind, value)
    assert index.freeze().match(response()) == Atoms(met, met)


def test_unknown_facts_meet_nothing() -> None:
    index = AtomIndex()
    index.bit(AtomKind.CONTENT_TYPE, "application/json")
    index.bit(AtomKind.HOST, "*.example")
    facts = response(host="", content_type="")
    assert index.freeze().match(facts) == Atoms(0, 0)


def test_endless_host_costs_no_more_than_a_long_one() -> None:
    index = AtomIndex()
    index.bit(AtomKind.HOST, "*.shop.example")
    matcher = index.freeze()
    facts = response(host="a." * 30_000 + "shop.example")
    began_s = time.process_time()
    assert matcher.match(facts).loose
    assert time.process_time() - began_s < 0.02


def test_bits_of_content_types_are_told_apart_from_the_rest() -> None:
    index = AtomIndex()
    index.bit(AtomKind.HOST, "a.example")
    bits = index.bit(AtomKind.CONTENT_TYPE, "text/*") | index.bit(AtomKind.CONTENT_TYPE, "a/b")
    assert index.freeze().content_type_bits == bits
