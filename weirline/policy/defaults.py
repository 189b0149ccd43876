"""The defaults of a policy in the form the flow asks for: every value present, sizes in bytes."""

from __future__ import annotations

from dataclasses import dataclass

from weirline.policy.policy import (
    AlreadySent,
    BodyOverDo,
    HeldTooLong,
    Mode,
    Policy,
    ScannerDown,
    Unscannable,
)

_UNITS = {"GiB": 1 << 30, "MiB": 1 << 20, "KiB": 1 << 10, "B": 1}


@dataclass(frozen=True, slots=True)
class BodyOver:
    """The largest body that is scanned whole, in bytes, and what happens to larger ones."""

    limit: int
    do: BodyOverDo


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where no rule says otherwise."""

    scanner_down: ScannerDown
    body_over: BodyOver
    unscannable: Unscannable
    already_sent: AlreadySent
    held_too_long: HeldTooLong = HeldTooLong.SEND


def effective_defaults(policy: Policy) -> Defaults:
    """Return the defaults of a policy; `scanner_down` not given follows the policy's mode."""
    written = policy.defaults
    by_mode = ScannerDown.BLOCK if policy.mode is Mode.ENFORCE else ScannerDown.ALLOW
    return Defaults(
        scanner_down=written.scanner_down or by_mode,
        body_over=BodyOver(size_bytes(written.body_over.limit), written.body_over.do),
        unscannable=written.unscannable,
        already_sent=written.already_sent,
        held_too_long=written.held_too_long,
    )


def size_bytes(text: str) -> int:
    """Return the bytes that a size such as `8MiB` stands for; its form was checked before."""
    for unit, factor in _UNITS.items():
        if text.endswith(unit):
            return int(text[: -len(unit)]) * factor
    raise ValueError("a size has a unit")
