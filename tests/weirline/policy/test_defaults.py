from __future__ import annotations

import pytest

from tests.weirline.policy.vocabulary import HEAD, compiled
from weirline.policy.defaults import BodyOver, Defaults, size_bytes
from weirline.policy.policy import (
    AlreadySent,
    BodyOverDo,
    HeldTooLong,
    ScannerDown,
    Unscannable,
)

RULES = "rules:\n- {id: a, find: {category: payment}, do: [observe]}"


def test_policy_without_defaults_has_the_documented_ones() -> None:
    assert compiled(RULES).defaults == Defaults(
        ScannerDown.BLOCK,
        BodyOver(8 << 20, BodyOverDo.SCAN_START_AND_TAG),
        Unscannable.PASS,
        AlreadySent.CUT,
    )


def test_shadow_policy_lets_traffic_pass_while_the_scanner_is_down() -> None:
    policy = compiled(RULES, HEAD.replace("enforce", "shadow"))
    assert policy.defaults.scanner_down is ScannerDown.ALLOW


def test_defaults_that_are_written_hold() -> None:
    written = (
        "defaults: {scanner_down: allow, body_over: {limit: 64KiB, do: block},"
        " unscannable: block, already_sent: redact_rest,"
        " held_too_long: mask}\n"
    )
    assert compiled(written + RULES).defaults == Defaults(
        ScannerDown.ALLOW,
        BodyOver(64 << 10, BodyOverDo.BLOCK),
        Unscannable.BLOCK,
        AlreadySent.REDACT_REST,
        HeldTooLong.MASK,
    )


@pytest.mark.parametrize(
    ("text", "size"), [("7B", 7), ("3KiB", 3 << 10), ("2MiB", 2 << 20), ("1GiB", 1 << 30)]
)
def test_size_is_read_in_bytes(text: str, size: int) -> None:
    assert size_bytes(text) == size
