"""What a policy is compiled with that no policy file says: today's date and the keys of this place.

The core reads no clock and no file, so whoever compiles a policy says both.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Around:
    """`today` is YYYY-MM-DD in UTC (empty: no exception is past), `hash_key` 32 secret bytes.

    The key is for hashes that take a value's place in traffic, and derived for that alone.
    """

    today: str = ""
    hash_key: bytes = field(default=bytes(32), repr=False)


NOWHERE = Around()
