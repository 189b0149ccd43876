from __future__ import annotations

from tests.weirline.policy.vocabulary import DETECTORS
from weirline.detect.detector import Severity
from weirline.policy.category import CategoryIndex
from weirline.policy.policy import Category


def index(**own: Category) -> CategoryIndex:
    return CategoryIndex(own, DETECTORS)


def test_built_in_category_holds_the_detectors_that_name_it() -> None:
    resolved = index().resolve("payment")
    assert resolved is not None
    assert resolved.floors == {"payment_card": 0.0, "iban": 0.0}


def test_built_in_category_is_as_severe_as_its_worst_detector() -> None:
    payment, contact = index().resolve("payment"), index().resolve("contact")
    assert payment is not None
    assert contact is not None
    assert payment.severity_rank > contact.severity_rank


def test_category_joins_detectors_and_categories() -> None:
    resolved = index(mine=Category(("payment", "email"), severity=Severity.LOW)).resolve("mine")
    assert resolved is not None
    assert set(resolved.floors) == {"payment_card", "iban", "email"}
    assert resolved.severity_rank == 0


def test_stricter_floor_holds_along_a_chain_and_the_lower_of_two_ways_counts() -> None:
    categories = index(
        sure=Category(("payment",), min_confidence=0.9),
        wide=Category(("sure", "iban"), min_confidence=0.5),
    )
    resolved = categories.resolve("wide")
    assert resolved is not None
    assert resolved.floors == {"payment_card": 0.9, "iban": 0.5}


def test_category_may_be_built_on_the_built_in_one_of_its_name() -> None:
    resolved = index(identity=Category(("identity", "iban"))).resolve("identity")
    assert resolved is not None
    assert set(resolved.floors) == {"us_ssn", "iban"}
    assert not resolved.circular


def test_names_that_lead_nowhere_or_back_are_given_by_position() -> None:
    categories = index(
        a=Category(("email", "nothing", "b")), b=Category(("a",)), c=Category(("c",))
    )
    first, third = categories.resolve("a"), categories.resolve("c")
    assert first is not None
    assert (first.undefined, first.circular) == ((1,), (2,))
    assert third is not None
    assert third.undefined == (0,)
    assert categories.resolve("nothing") is None


def test_every_name_that_may_be_written_is_listed() -> None:
    categories = index(mine=Category(("email",)))
    assert {"mine", "payment", "server_internals"} <= set(categories.names)
    assert {"mine", "payment", "email"} <= set(categories.detect_names)
