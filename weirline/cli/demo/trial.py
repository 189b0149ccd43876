"""Sends every request twice, around the sidecar and through it, and keeps what a client received.

Around comes first, so that the comparison has its original; the values looked for are known before
either is sent, never learned from an answer that the sidecar touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from weirline.cli.demo.client import Answer, fetch
from weirline.cli.demo.leak import Leak
from weirline.cli.demo.sample_api import CHOICE_HEADER
from weirline.cli.demo.sidecar_metrics import FindingCounts
from weirline.cli.demo.verdict import leaked_values


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the demo. `leak` is what it asks for, if it asks for a leak.

    `choice` picks one of several answers under the same target.
    """

    target: str
    leak: Leak | None = None
    choice: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one request: both answers, and the values that stood in the first.

    `after` is None where there is no way through a sidecar. `leaked` are the values the client
    received on the protected way (on the only way, where there is no other). `findings` are what
    the sidecar counted for this request.
    """

    request: Request
    before: Answer
    after: Answer | None
    values: tuple[bytes, ...]
    leaked: tuple[bytes, ...]
    findings: FindingCounts

    @property
    def unchanged(self) -> bool:
        """Return whether the client got the same body both ways."""
        return self.after is not None and self.after.body == self.before.body


@dataclass(frozen=True, slots=True)
class Score:
    """The sums over all requests, in values unless said otherwise.

    `leaks` and `leaks_stopped` count leaks; one is stopped if none of its values came out.
    `listed` values stand in the leaks, `stopped` of them did not come out. `absent` were in no
    answer around the sidecar either. `elsewhere` came out in answers that were asked for no leak.
    `spoiled` counts answers without any value that did not come through byte for byte.
    """

    leaks: int
    leaks_stopped: int
    listed: int
    stopped: int
    absent: int
    elsewhere: int
    spoiled: int

    @property
    def passed(self) -> bool:
        """Return whether nothing came out and nothing else suffered."""
        return self.stopped == self.listed and not self.elsewhere and not self.spoiled


def score(trials: Sequence[Trial]) -> Score:
    """Return the sums over `trials`."""
    leaks = [trial for trial in trials if trial.request.leak]
    others = [trial for trial in trials if not trial.request.leak]
    listed = sum(len(trial.values) for trial in leaks)
    return Score(
        leaks=len(leaks),
        leaks_stopped=sum(1 for trial in leaks if not trial.leaked),
        listed=listed,
        stopped=listed - sum(len(trial.leaked) for trial in leaks),
        absent=sum(
            len(trial.values) - len(leaked_values(trial.values, trial.before)) for trial in leaks
        ),
        elsewhere=sum(len(trial.leaked) for trial in others),
        spoiled=sum(
            1 for trial in others if not trial.values and trial.after and not trial.unchanged
        ),
    )


def try_request(
    request: Request,
    planted: Sequence[bytes],
    *,
    unprotected: int,
    protected: int | None,
    counted: Callable[[], FindingCounts],
) -> Trial:
    """Send one request both ways.

    `planted` are the values to look for where the request asks for no leak. `counted` returns what
    the sidecar found since it was last asked; it is asked once, after the protected answer.
    """
    headers = (f"{CHOICE_HEADER}: {request.choice}",) if request.choice else ()
    before = fetch(unprotected, request.target, headers=headers)
    values = request.leak.values if request.leak else tuple(leaked_values(planted, before))
    if protected is None:
        return Trial(
            request, before, None, values, tuple(leaked_values(values, before)), FindingCounts()
        )
    after = fetch(protected, request.target, headers=headers)
    # Where no leak was asked for, no value of any leak may come out either.
    sought = values if request.leak else planted
    return Trial(request, before, after, values, tuple(leaked_values(sought, after)), counted())
