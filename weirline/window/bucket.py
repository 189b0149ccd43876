"""Token buckets: so many requests in so much time, for each key apart, in bounded memory.

A bucket starts full and fills evenly, so a burst of the whole budget is allowed and then one
request each period / budget. Keys come from traffic, so their number is capped: the one asked for
longest ago gives way if it is full again, else all further keys share one overflow bucket.
No clock in here: whoever asks says what time it is.
"""

from __future__ import annotations

import math
from collections import OrderedDict

MOST_KEYS = 100_000
OVERFLOW = "\0overflow"  # no key from outside holds a NUL


class Buckets:
    """The buckets of one process. Mutable; one owner, one thread at a time.

    `overflowed` counts requests that had to share the overflow bucket. About 200 bytes a key.
    """

    __slots__ = ("_full_at", "_most", "overflowed")

    def __init__(self, most: int = MOST_KEYS) -> None:
        """`most` keys are told apart at once."""
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._most = most
        self.overflowed = 0

    def __len__(self) -> int:
        """How many keys are known now, the overflow's included."""
        return len(self._full_at)

    def take(self, key: str, *, requests: int, period_s: float, now: float) -> int:
        """Take one request; return 0, or the whole seconds (1 or more) until the next is allowed.

        `now` is in seconds of a clock that never goes back.
        """
        rate = requests / period_s
        full_at = self._full_at.get(key)
        if full_at is None and not self._room(now):
            key = OVERFLOW
            self.overflowed += 1
            full_at = self._full_at.get(key)
        # A bucket is one number: the time at which it will be full again.
        missing = max(0.0, (full_at or now) - now) * rate
        if missing > requests - 1:
            return max(1, math.ceil((missing - requests + 1) / rate))
        self._full_at[key] = now + (missing + 1) / rate
        self._full_at.move_to_end(key)
        return 0

    def _room(self, now: float) -> bool:
        """Whether one more key may be told apart; the one idle for longest may give way."""
        if len(self._full_at) < self._most:
            return True
        oldest, full_at = next(iter(self._full_at.items()))
        if full_at > now:
            return False
        del self._full_at[oldest]
        return True
