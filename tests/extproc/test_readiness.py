from __future__ import annotations

from extproc.readiness import Readiness, Reason


def test_sidecar_is_not_ready_until_its_start_is_over() -> None:
    readiness = Readiness()
    assert _seen(readiness) == (False, ["starting"])
    readiness.clear(Reason.STARTING)
    assert _seen(readiness) == (True, [])


def test_every_reason_is_named_while_it_holds() -> None:
    readiness = Readiness()
    readiness.raise_reason(Reason.DRAINING)
    assert _seen(readiness) == (False, ["draining", "starting"])
    readiness.clear(Reason.STARTING)
    assert _seen(readiness) == (False, ["draining"])


def _seen(readiness: Readiness) -> tuple[bool, list[str]]:
    return readiness.ready, list(readiness.reasons)
