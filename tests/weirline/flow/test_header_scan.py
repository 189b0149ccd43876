"""Values in header fields, paths, queries and trailers."""

from __future__ import annotations

from collections.abc import Sequence

from tests.fakes.scanner import HashScanner
from tests.playbook import OBSERVE_BOTH, REDACT_BOTH, policy
from weirline.detect.finding import Finding
from weirline.flow.events import Header
from weirline.flow.header_scan import HeaderScan, scan_fields
from weirline.flow.report import Place
from weirline.policy.facts import Direction, Facts
from weirline.scan import ScanResult

VALUE = b"#123456"
MASKED = b"*******"


class SecretScanner(HashScanner):
    """The same values, as secrets."""

    def scan(self, data: bytes) -> ScanResult:
        findings, capped = super().scan(data)
        renamed = tuple(Finding("hash_id", "secrets", *each[2:]) for each in findings)
        return ScanResult(renamed, capped)


def scan(
    fields: Sequence[Header], *, rules: str = REDACT_BOTH, scanner: HashScanner | None = None
) -> HeaderScan:
    scope = policy(rules).scope(Facts(Direction.REQUEST))
    return scan_fields(fields, place=Place.HEADER, scope=scope, scanner=scanner or HashScanner())


def places(scanned: HeaderScan) -> list[tuple[Place, int]]:
    return [(place, len(decision.rulings)) for place, decision in scanned.decisions]


def test_fields_without_values_stay_as_they_are() -> None:
    scanned = scan([(b":path", b"/a"), (b"accept", b"*/*")])
    assert (scanned.decisions, scanned.change) == ((), None)
    assert scanned.scanned_bytes > 0


def test_value_is_masked_where_it_stands() -> None:
    scanned = scan([(b"accept", b"*/*"), (b"x-note", b"to " + VALUE + b".")])
    assert scanned.change is not None
    assert list(scanned.change.set) == [(b"x-note", b"to " + MASKED + b".")]
    assert places(scanned) == [(Place.HEADER, 1)]


def test_all_fields_of_a_touched_name_are_set_again() -> None:
    scanned = scan([(b"x-note", b"plain"), (b"x-other", b"1"), (b"x-note", VALUE)])
    assert scanned.change is not None
    assert list(scanned.change.set) == [(b"x-note", b"plain"), (b"x-note", MASKED)]


def test_field_whose_name_is_a_value_goes() -> None:
    scanned = scan([(b"x-" + VALUE, b"1")])
    assert scanned.change is not None
    assert list(scanned.change.remove) == [b"x-" + VALUE]
    assert not scanned.change.set


def test_path_and_query_are_told_apart_and_masked_together() -> None:
    scanned = scan([(b":path", b"/u/" + VALUE + b"?q=" + VALUE)])
    assert places(scanned) == [(Place.PATH, 1), (Place.QUERY, 1)]
    assert scanned.change is not None
    assert list(scanned.change.set) == [(b":path", b"/u/" + MASKED + b"?q=" + MASKED)]


def test_observed_values_change_nothing() -> None:
    scanned = scan([(b"x-note", VALUE), (b":path", b"/?" + VALUE)], rules=OBSERVE_BOTH)
    assert scanned.change is None
    assert places(scanned) == [(Place.HEADER, 1), (Place.QUERY, 1)]


def test_credentials_in_their_own_fields_are_counted_and_left() -> None:
    fields = [(b"authorization", b"Bearer " + VALUE), (b"cookie", b"s=" + VALUE)]
    scanned = scan(fields, scanner=SecretScanner())
    assert scanned.change is None
    actions = [ruling.action for _, decision in scanned.decisions for ruling in decision.rulings]
    assert actions == ["observe", "observe"]


def test_other_values_in_credential_fields_are_masked() -> None:
    scanned = scan([(b"cookie", b"s=" + VALUE)])
    assert scanned.change is not None


def test_fields_that_steer_routing_are_counted_and_left() -> None:
    scanned = scan([(b"host", VALUE), (b"x-envoy-note", VALUE)])
    assert scanned.change is None
    assert sum(number for _, number in places(scanned)) == 2


def test_masked_values_carry_no_line_breaks() -> None:
    scanned = scan([(b"x-note", b"a\r\nb\0" + VALUE)])
    assert scanned.change is not None
    ((_, value),) = scanned.change.set
    assert value == b"a  b " + MASKED
