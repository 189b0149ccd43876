from __future__ import annotations

from extproc.readiness import Readiness, Reason


def test_sidecar_is_not_ready_until_its_start_is_over() -> None:
    readiness = Readiness()
    assert (readiness.ready, readiness.reasons) == (False, ("starting",))
    readiness.clear(Reason.STARTING)
    assert (readiness.ready, readiness.reasons) == (True, ())


def test_every_reason_is_named_while_it_holds() -> None:
    readiness = Readiness()
    readiness.raise_reason(Reason.DRAINING)
    assert readiness.reasons == ("draining", "starting")
    readiness.clear(Reason.STARTING)
    assert readiness.reasons == ("draining",)
    assert not readiness.ready
