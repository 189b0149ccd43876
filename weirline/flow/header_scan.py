"""Looks for values in header fields, in the path and in the query, and masks them there.

All fields of a message are laid out as one text (`name: value` a line), so that one scan sees them
and a field's name is the context of its value. A name that is itself a value cannot be masked, so
the field goes. Credentials in the fields made for them (Authorization, cookies) are where they
belong: they are counted and never masked, or nobody could log in.
Source: RFC 9110 section 11, RFC 6265.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from weirline.detect.finding import Finding
from weirline.flow.effects import HeaderChange
from weirline.flow.events import Header
from weirline.flow.field_names import FieldNames, names_of
from weirline.flow.report import Place
from weirline.policy.decision import Decision, Redaction
from weirline.policy.scope import Scope
from weirline.redact.headers import clean_value, may_set
from weirline.redact.rewrite import rewrite, rewrite_freely
from weirline.scan import FlowScanner

CREDENTIAL_FIELDS = frozenset(
    (b"authorization", b"proxy-authorization", b"cookie", b"set-cookie", b"x-amz-security-token")
)
_SECRETS = "secrets"
_FRAMING = frozenset((b"content-length", b"content-type", b"transfer-encoding"))


class HeaderScan(msgspec.Struct, frozen=True, gc=False):
    """What one set of fields held: a decision for each place, and how the fields must change."""

    decisions: tuple[tuple[Place, Decision], ...]
    change: HeaderChange | None
    scanned_bytes: int
    capped: frozenset[str]


def scan_fields(
    fields: Sequence[Header],
    *,
    place: Place,
    scope: Scope,
    scanner: FlowScanner,
    names: FieldNames | None = None,
) -> HeaderScan:
    """Scan header or trailer fields, and `:path` of a request as path and query.

    `names` is what `names_of(fields)` returned, where the caller has it already.
    """
    if names is None:
        names = names_of(fields)
    text = _lay_out(fields, names)
    findings, capped = scanner.scan(text)
    if not findings and names.path < 0:
        return HeaderScan((), None, len(text), capped)
    target = fields[names.path][1] if names.path >= 0 else None
    decisions: list[tuple[Place, Decision]] = []
    remove: list[bytes] = []
    changed: dict[bytes, list[Header]] = {}
    if findings:
        starts = _line_starts(fields)
        kept, elsewhere = _part_credentials(findings, fields, starts)
        decision = scope.decide(kept, text=text)
        decisions.append((place, decision))
        if elsewhere:
            decisions.append((place, scope.observe(elsewhere)))
        _change_fields(fields, (text, starts), decision.redactions, (remove, changed))
    length = len(text)
    if target is not None:
        path_scan = _scan_target(target, scope=scope, scanner=scanner)
        length += len(target)
        decisions.extend(path_scan.decisions)
        if path_scan.change is not None:
            changed[b":path"] = list(path_scan.change.set)
        capped |= path_scan.capped
    setting = [field for group in changed.values() for field in group]
    change = HeaderChange(tuple(remove), tuple(setting)) if remove or setting else None
    return HeaderScan(tuple(decisions), change, length, capped)


def _lay_out(fields: Sequence[Header], names: FieldNames) -> bytes:
    """One line a field; pseudo-header fields give an empty line, so that positions stay in step."""
    if not fields:
        return b""
    _, values = zip(*fields, strict=True)
    return names.layout % values


def _line_starts(fields: Sequence[Header]) -> list[int]:
    """Where the line of each field begins."""
    starts: list[int] = []
    position = 0
    for name, value in fields:
        starts.append(position)
        position += 1 if name.startswith(b":") else len(name) + len(value) + 3
    return starts


def _part_credentials(
    findings: Sequence[Finding], fields: Sequence[Header], starts: list[int]
) -> tuple[list[Finding], list[Finding]]:
    kept: list[Finding] = []
    elsewhere: list[Finding] = []
    for finding in findings:
        name = fields[bisect_right(starts, finding.start) - 1][0]
        at_home = finding.category == _SECRETS and name in CREDENTIAL_FIELDS
        fixed = name in _FRAMING or not may_set(name)
        (elsewhere if at_home or fixed else kept).append(finding)
    return kept, elsewhere


def _change_fields(
    fields: Sequence[Header],
    layout: tuple[bytes, list[int]],
    redactions: Sequence[Redaction],
    result: tuple[list[bytes], dict[bytes, list[Header]]],
) -> None:
    text, starts = layout
    remove, changed = result
    if not redactions:
        return
    masked = rewrite(text, redactions)
    touched: set[bytes] = set()
    for redaction in redactions:
        finding = redaction.finding
        first = bisect_right(starts, finding.start) - 1
        for index in range(first, len(fields)):
            if starts[index] >= finding.end:
                break
            name = fields[index][0]
            if finding.start < starts[index] + len(name) and index == first:
                remove.append(name)
            touched.add(name)
    for index, (name, value) in enumerate(fields):
        if name in touched and name not in remove:
            begin = starts[index] + len(name) + 2
            new = clean_value(masked[begin : begin + len(value)])
            changed.setdefault(name, []).append((name, new))


def _scan_target(target: bytes, *, scope: Scope, scanner: FlowScanner) -> HeaderScan:
    """Scan the request target whole, then say of each finding whether it is in path or query."""
    findings, capped = scanner.scan(target)
    if not findings:
        return HeaderScan((), None, len(target), capped)
    query = target.find(b"?")
    split = len(target) if query < 0 else query
    decisions: list[tuple[Place, Decision]] = []
    redactions: list[Redaction] = []
    for place, part in (
        (Place.PATH, [finding for finding in findings if finding.start < split]),
        (Place.QUERY, [finding for finding in findings if finding.start >= split]),
    ):
        if part:
            decision = scope.decide(part, text=target)
            decisions.append((place, decision))
            redactions.extend(decision.redactions)
    change = None
    if redactions:
        change = HeaderChange((), ((b":path", rewrite_freely(target, redactions)),))
    return HeaderScan(tuple(decisions), change, len(target), capped)
