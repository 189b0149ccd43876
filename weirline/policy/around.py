"""What a policy is compiled with that no policy file says: today's date and the keys of this place.

The core reads no clock and no file, so whoever compiles a policy says both.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Around:
    """`today` is YYYY-MM-DD in UTC (empty: no exception is past), the keys are 32 secret bytes.

    One is for hashes that take a value's place in traffic, one for stand-ins, one for what windows
    keep of values; each is derived for that alone.
    """

    today: str = ""
    hash_key: bytes = field(default=bytes(32), repr=False)
    tokenise_key: bytes = field(default=bytes(32), repr=False)
    value_key: bytes = field(default=bytes(32), repr=False)

    def named_key(self, name: str) -> bytes:
        """Return the key for stand-ins of one name."""
        return hmac.digest(self.tokenise_key, name.encode(), "sha256")


NOWHERE = Around()
