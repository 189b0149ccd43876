"""What is known of a body beside its bytes: hints, for bytes do not always say how to read them."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_PARAMETER: Final = re.compile(r";\s*([a-z0-9_.-]+)\s*=\s*(?:\"([^\"]*)\"|([^;\s]*))")


class ContentHint(NamedTuple):
    """The media type in lower case without parameters, and the charset; empty where unknown."""

    media_type: str = ""
    charset: str = ""


UNKNOWN: Final = ContentHint()


def hint_of(content_type: str) -> ContentHint:
    """Return what a content-type header says. Source: RFC 9110 section 8.3.1."""
    text = content_type.lower()
    charset = ""
    for name, quoted, bare in _PARAMETER.findall(text):
        if name == "charset" and not charset:  # of two, the first counts
            charset = quoted or bare
    return ContentHint(text.partition(";")[0].strip(), charset)
