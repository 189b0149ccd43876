"""The public scanning interface: bytes in, findings out.

Everything above detection (policy, flow, command line) talks to this and to nothing below it. Text
is scanned as it stands and, where it is written with escapes or in another encoding, in readings
with those undone (`weirline.body.reading`). A clean body costs one pass of the matcher and little
else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, Protocol

from weirline.body.content import UNKNOWN, ContentHint
from weirline.body.gate import SMALL_BYTES
from weirline.body.json_escape import LONGEST_ESCAPE
from weirline.body.reading import CUT_REACH, Reader, Unread, to_be_followed
from weirline.body.segment import Segment, View
from weirline.detect.chain import DEFAULT_MAX_FINDINGS, Chain
from weirline.detect.context import Seen
from weirline.detect.detector import Detector
from weirline.detect.finding import Finding, Way
from weirline.detect.floor import DEFAULT_FLOOR, Floors
from weirline.detect.resolve import Candidate, resolve
from weirline.detect.validators import PREPARATIONS
from weirline.errors import LimitExceeded
from weirline.policy.decision import Mask, Redaction
from weirline.redact.rewrite import rewrite
from weirline.rulepack.compiled_chain import build_chain, compile_chain, load_chain
from weirline.rulepack.open_end import OpenEnd
from weirline.rulepack.shipped import DEFAULT_PACK, shipped_detectors

MOST_FINDINGS: Final = 1_000_000  # in one text given to `Scanner`

_FARTHEST: Final = 1 << 16  # bytes; a stream holds no more than this back


class ScanResult(NamedTuple):
    """Findings in order of start, none overlapping another.

    `capped` names the detectors that were not looked for to the end, because a limit was reached.
    """

    findings: tuple[Finding, ...]
    capped: frozenset[str]


class Reading(NamedTuple):
    """What a scan found, and `unread`: the reasons why it may not have read all that was there."""

    findings: tuple[Finding, ...]
    capped: frozenset[str]
    unread: frozenset[Unread]


class FlowScanner(Protocol):
    """What a flow needs of a scanner. Pure, and safe to use from several threads at once."""

    def scan(self, data: bytes) -> ScanResult:
        """Return every value in `data`, a whole text or what is known of a stream so far."""
        ...

    def read(self, data: bytes, content: ContentHint) -> Reading:
        """Return what `scan` does of a whole text, and why something may not have been read."""
        ...

    def open_from(self, data: bytes) -> int:
        """Return the least offset from which a value could still go on past the end of `data`.

        `len(data)` if none can. Bytes before the returned offset can no longer change meaning.
        """
        ...


_NOTHING: Final = Reading((), frozenset(), frozenset())
_WHOLE: Final = Mask()


class Explained(NamedTuple):
    """One value that passed pattern and check, how sure its detector was, and what came of it.

    `way` says how it is written; `confidence` is None where the context rules it out. `found` is
    true for findings; else `beaten_by` is the detector that took the bytes, if one did.
    """

    detector: Detector
    start: int
    end: int
    way: Way
    seen: Seen
    confidence: float | None
    found: bool
    beaten_by: str


class _Seen(NamedTuple):
    """The candidates of one view of a text."""

    view: View
    items: list[Candidate]


class TextScanner:
    """The scanner of production: a detection chain over a text and over its unescaped views."""

    __slots__ = ("_chain", "_open_end", "_quiet", "_reader")

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._reader = Reader()
        self._open_end = OpenEnd(chain.detectors)
        short = self._reader.short_base64
        self._quiet = _never if short is None else chain.quiet_check(short) or _never

    @property
    def detectors(self) -> tuple[Detector, ...]:
        """The detectors it runs."""
        return self._chain.detectors

    def prepare(self) -> None:
        """Load what the first candidates and the first stream would wait for: half a second."""
        self._open_end.prepare()
        self._reader.prepare()
        named = {detector.validator for detector in self.detectors}
        for validator, load in PREPARATIONS.items():
            if validator in named:
                load()

    def scan(self, data: bytes, content: ContentHint = UNKNOWN) -> ScanResult:
        """Return every value in `data`; see `FlowScanner.scan`. `capped` at `max_findings`."""
        findings, capped, _ = self.read(data, content)
        return ScanResult(findings, capped)

    def read(self, data: bytes, content: ContentHint = UNKNOWN) -> Reading:
        """Return what `scan` does, and why something may not have been read.

        `content` is what is known of `data` beside its bytes: a charset above all.
        """
        if len(data) <= SMALL_BYTES and not content.charset and self._quiet(data):
            return _NOTHING
        items, capped = self._chain.candidates(data)
        views, unread = self._reader.readings(data, content)
        if views:
            items, capped = self._with_views(_Seen(Segment(data), items), views, capped)
        if not items:
            return _NOTHING if not capped and not unread else Reading((), capped, unread)
        findings = tuple(resolve(items))
        limit = self._chain.max_findings
        left_out = {finding.detector for finding in findings[limit:]}
        return Reading(findings[:limit], capped | left_out, unread)

    def explain(self, data: bytes, content: ContentHint = UNKNOWN) -> list[Explained]:
        """Return every value that passed pattern and check, in order of start, each once.

        Those that context or the floor drops are among them. For people: it scans twice.
        """
        findings = self.scan(data, content).findings
        views, _ = self._reader.readings(data, content)
        told: dict[tuple[str, int, int], Explained] = {}
        for view in (Segment(data), *views):
            for tried in self._chain.explain(view.text):
                start, end = view.to_wire(tried.start, tried.end)
                over = [each for each in findings if each.start < end and start < each.end]
                kinds = {each.detector for each in over}
                found = tried.confidence is not None and tried.detector.id in kinds
                others = sorted(kinds - {tried.detector.id})
                beaten_by = others[0] if others and not found else ""
                told.setdefault(
                    (tried.detector.id, start, end),
                    Explained(
                        tried.detector,
                        start,
                        end,
                        to_be_followed(view.way),
                        tried.seen,
                        tried.confidence,
                        found,
                        beaten_by,
                    ),
                )
        return sorted(told.values(), key=lambda each: (each.start, each.detector.id))

    def open_from(self, data: bytes) -> int:
        """Return the least offset from which a value could go on; see `FlowScanner.open_from`."""
        size = len(data)
        opened = self._open_end.offset(data)
        far = min(self._open_end.reach * LONGEST_ESCAPE, _FARTHEST) + CUT_REACH
        tail = data[size - far :] if size > far else data
        base = size - len(tail)
        for view in self._reader.stream_views(tail):
            start, _ = view.to_wire(offset := self._open_end.offset(view.text), offset)
            opened = min(opened, base + start)
        return opened

    def _with_views(
        self, raw: _Seen, views: Iterable[View], capped: frozenset[str]
    ) -> tuple[list[Candidate], frozenset[str]]:
        everywhere = [raw]
        for view in views:
            items, view_capped = self._chain.candidates(view.text)
            everywhere.append(_Seen(view, items))
            capped |= view_capped
        return _on_the_wire(everywhere), capped


class Scanner:
    """Finds and masks values in whole texts: what a program of your own calls.

    Making one compiles the detectors, seconds for a large pack: make it once. It never changes, and
    any number of threads may use it at once; the engine's pass over a text lets other threads run.
    """

    __slots__ = ("_scanner",)

    def __init__(
        self,
        pack: str = DEFAULT_PACK,
        *,
        detectors: Sequence[Detector] = (),
        floor: float = DEFAULT_FLOOR,
    ) -> None:
        """Run the shipped `pack`, and `detectors` of your own beside it.

        `floor` is the least confidence that counts, 0 to 1. Raises DetectorError if no such pack
        ships.
        """
        self._scanner = build_scanner(
            (*shipped_detectors(pack), *detectors),
            max_findings=MOST_FINDINGS,
            floors=Floors(floor),
        )

    @property
    def detectors(self) -> tuple[Detector, ...]:
        """The detectors it runs."""
        return self._scanner.detectors

    def scan(self, data: bytes) -> list[Finding]:
        """Return every value in `data`, in order of start, none overlapping.

        Spans are byte offsets into `data`. Raises LimitExceeded where there are more than
        `MOST_FINDINGS`: an answer that leaves some out would look complete.
        """
        findings, capped = self._scanner.scan(data)
        if capped:
            raise LimitExceeded("max_findings")
        return list(findings)

    def redact(self, data: bytes, *, mask: Mask = _WHOLE) -> bytes:
        """Return `data` with every value masked, of the same length, valid JSON where it was.

        `mask` says how many characters of each stay at its ends; none by default. Raises
        LimitExceeded as `scan` does, and CannotMask where a value is written so that nothing of the
        same length can take its place.
        """
        return rewrite(data, [Redaction(finding, mask) for finding in self.scan(data)])


def _never(_data: bytes) -> bool:
    return False


def build_scanner(
    detectors: Sequence[Detector],
    *,
    database: bytes | None = None,
    max_findings: int = DEFAULT_MAX_FINDINGS,
    floors: Floors | None = None,
) -> TextScanner:
    """Return the scanner of `detectors`, each of them checked before (`rulepack.parse`).

    `database` is what `compile_database` returned for them: loading it takes milliseconds where
    compiling takes tenths of a second. One that does not fit is ignored; `load_scanner` says so.
    What is under its floor is not found; without `floors` everything is. Raises MatcherRefused or
    ExpressionRefused for an expression an engine does not take.
    """
    if database is not None:
        loaded = load_scanner(detectors, database, max_findings, floors)
        if loaded is not None:
            return loaded
    return TextScanner(build_chain(detectors, max_findings=max_findings, floors=floors))


def load_scanner(
    detectors: Sequence[Detector],
    database: bytes,
    max_findings: int = DEFAULT_MAX_FINDINGS,
    floors: Floors | None = None,
) -> TextScanner | None:
    """Return the scanner whose database `compile_database` made, None if it is not of these.

    None also where another version of the engine or another kind of processor made it.
    """
    chain = load_chain(detectors, database, max_findings=max_findings, floors=floors)
    return None if chain is None else TextScanner(chain)


def compile_database(detectors: Sequence[Detector]) -> bytes:
    """Return all that is compiled for `detectors`, to be kept where only we can write.

    Compiling leaves some MB of used memory behind in the process that does it.
    """
    return compile_chain(detectors)


def _on_the_wire(everywhere: Iterable[_Seen]) -> list[Candidate]:
    r"""Return all candidates with their offsets in the wire.

    One that begins with an escape's letter, as `n` of `\n`, gives way to the one of the same
    detector that ends there and was seen with the escape undone. What was seen in two readings is
    told once, as the first has it: the text itself comes before all others.
    """
    told: set[tuple[str, int, int, float]] = set()
    good: list[Candidate] = []
    doubtful: list[Candidate] = []
    for view, items in everywhere:
        way = to_be_followed(view.way)
        for item in items:
            start, end = view.to_wire(item.finding.start, item.finding.end)
            moved = item.finding._replace(start=start, end=end, way=way)
            if (key := (moved.detector, start, end, moved.confidence)) in told:
                continue
            told.add(key)
            within = _starts_in_escape(view.text, item.finding.start)
            (doubtful if within else good).append(item._replace(finding=moved))
    ends = {(one.finding.detector, one.finding.end) for one in good}
    return good + [one for one in doubtful if (one.finding.detector, one.finding.end) not in ends]


def _starts_in_escape(text: bytes, start: int) -> bool:
    return text[start - 1 : start] in {b"\\", b"%"} if start else False
