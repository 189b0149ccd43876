"""What undoes all escapes of a text in one pass, where the compiled part is built.

A body of nothing but escapes in escapes is an attack on time: each of its readings cost 20 ms a MiB
in Python, a millisecond so. Where it is not built, each function is None and its caller does the
same in Python: slower, and the same text. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Undo = Callable[[bytes], bytes]

_found: tuple[Undo | None, Undo | None, Undo | None, Undo | None]
try:
    from weirline.body import _escapes
except ImportError:
    _found = None, None, None, None
else:
    _found = _escapes.blank, _escapes.deep, _escapes.codes, _escapes.percent

BLANK: Final = _found[0]
"""Short escapes of JSON, and the first of two backslashes, as blanks."""
DEEP: Final = _found[1]
"""`\\u` and `\\/` behind 2 to 16 backslashes."""
CODES: Final = _found[2]
"""`\\u` behind one backslash."""
PERCENT: Final = _found[3]
"""`%40` and `%u0040`."""
