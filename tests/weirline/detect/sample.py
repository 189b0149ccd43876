"""Detectors for tests of the engine: made up here, so that no shipped rule moves these tests."""

from __future__ import annotations

from weirline.detect.chain import Chain
from weirline.detect.detector import Context, Detector, Severity, StreamUse
from weirline.rulepack.compiled_chain import build_chain


def detector(
    pattern: str,
    width: int,
    *,
    name: str = "sample",
    trigger: str | None = None,
    caseless: bool = False,
    validator: str | None = None,
    context: Context | None = None,
    confidence: float = 0.9,
    severity: Severity = Severity.HIGH,
    stream: StreamUse = StreamUse.HOLD,
) -> Detector:
    """Return a detector of one pattern; `width` is its longest match in bytes."""
    return Detector(
        id=name,
        title=name,
        category="secrets",
        severity=severity,
        pattern=pattern,
        width=width,
        confidence=confidence,
        issuer="https://example.com/",
        trigger=trigger,
        caseless=caseless,
        validator=validator,
        context=context,
        stream=stream,
    )


def chain(*detectors: Detector, max_findings: int = 10_000) -> Chain:
    """Return the chain of `detectors` on the matcher of production."""
    return build_chain(detectors, max_findings=max_findings)


def found(text: bytes, *detectors: Detector) -> list[bytes]:
    """Return the values `detectors` find in `text`, in order."""
    findings, _ = chain(*detectors).scan(text)
    return [text[finding.start : finding.end] for finding in findings]


CARD = detector(
    r"\b[2-9]\d{3}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,4})?\b",
    24,
    name="card",
    trigger=r"\d{4}[ -]?\d{4}",
    validator="card",
)
KEY = detector(r"\bkey_[0-9a-f]{16}\b", 20, name="key", trigger="key_[0-9a-f]")
ARMOUR = detector(
    r"-----BEGIN KEY-----[0-9A-Za-z+/=\s\\]+(?:-----END KEY-----)?",
    400,
    name="armour",
    trigger="-----BEGIN KEY-----",
    stream=StreamUse.FROM_ANCHOR,
)
MAIL = detector(
    r"\b[a-z0-9.]{1,20}@(?:[a-z0-9]{1,20}\.){1,3}[a-z]{2,5}\b",
    90,
    name="mail",
    trigger=r"\w@\w",
)
