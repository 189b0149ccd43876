"""Detectors, facts and findings that the policy tests speak of; no pattern here is ever run."""

from __future__ import annotations

from weirline.detect.detector import Detector, Severity
from weirline.detect.finding import Finding
from weirline.policy.around import Around
from weirline.policy.evaluate import CompiledPolicy, compile_policy
from weirline.policy.facts import Direction, Facts
from weirline.policy.parse import parse_policy

_KINDS = (
    ("payment_card", "payment", Severity.CRITICAL),
    ("iban", "payment", Severity.HIGH),
    ("us_ssn", "identity", Severity.HIGH),
    ("email", "contact", Severity.LOW),
    ("api_key", "secrets", Severity.CRITICAL),
)

DETECTORS = tuple(
    Detector(
        id=name,
        title=name,
        category=category,
        severity=severity,
        pattern="[0-9]{9}",
        width=9,
        confidence=0.9,
        issuer="https://example.com/",
    )
    for name, category, severity in _KINDS
)
_CATEGORY_OF = {detector.id: detector.category for detector in DETECTORS}

HEAD = """\
apiVersion: weirline/v1
kind: Policy
metadata: {name: shop}
mode: enforce
"""


def compiled(body: str, head: str = HEAD, *, today: str = "") -> CompiledPolicy:
    """The policy with `body` after the usual head, checked and compiled."""
    policy = parse_policy(head + body, "policy.yaml", DETECTORS)
    return compile_policy(policy, DETECTORS, Around(today=today, hash_key=bytes(range(32))))


def finding(detector: str, start: int = 0, *, confidence: float = 0.9) -> Finding:
    """A finding of nine bytes."""
    return Finding(detector, _CATEGORY_OF[detector], start, start + 9, confidence)


def response(
    path: str = "/v1/customers/7",
    *,
    host: str = "api.shop.example",
    method: str = "GET",
    content_type: str = "application/json",
) -> Facts:
    """A response to such a request."""
    return Facts(Direction.RESPONSE, method, host, path, content_type)


def request(path: str = "/v1/customers/7", *, method: str = "GET") -> Facts:
    """A request for such a path."""
    return Facts(Direction.REQUEST, method, "api.shop.example", path)
