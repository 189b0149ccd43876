"""One budget for the bytes that all flows of a process keep between two messages.

Every stream has its own bounds, but thousands of them, each within its own, would fill the memory.
What would go beyond the budget is shed: its flow ends with OverBudget, and the fail mode holds for
it; those that keep nothing are never asked. Flows may run in several threads.
"""

from __future__ import annotations

from threading import Lock

from weirline.errors import OverBudget


class ByteBudget:
    """Counts what is kept, in bytes. Mutable; shared by all flows of a process."""

    __slots__ = ("_lock", "limit", "used")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0
        self._lock = Lock()

    def change(self, size: int) -> None:
        """Count `size` bytes more, or fewer. Raises OverBudget for more than there is room for."""
        with self._lock:
            used = self.used + size
            if size > 0 and used > self.limit:
                raise OverBudget("all flows together keep too much")
            self.used = used
