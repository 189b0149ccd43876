"""Runs one of the Python scanners beside ours, in the environment that holds them, and times it.

`python peer_program.py NAME` answers each line of standard input, the path of a body, with the CPU
seconds one scan of it took and the number of findings. It imports nothing of this project. Each
scanner gets the text record by record, as it is meant to be fed, and no language model: names and
places are another task.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

RECORD = re.compile(rb"(?<=\}),|\n")
LONGEST = 4096  # characters; a body without records is cut


def main() -> None:
    """Answer until the input ends."""
    scan = {"presidio": presidio, "detect_secrets": detect_secrets}[sys.argv[1]]()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        texts = pieces(Path(line.rstrip("\n")).read_bytes())
        began = time.process_time()
        count = scan(texts)
        sys.stdout.write(f"{time.process_time() - began} {count}\n")
        sys.stdout.flush()


def pieces(body: bytes) -> list[str]:
    """Return the records of a body as text, none longer than `LONGEST`."""
    records = [record.decode("utf-8", "replace") for record in RECORD.split(body)]
    return [
        record[start : start + LONGEST]
        for record in records
        for start in range(0, len(record), LONGEST)
    ]


def presidio() -> Callable[[list[str]], int]:
    """Presidio's pattern recognisers for English that are on by default."""
    import tldextract  # type: ignore[import-not-found]  # of the peers' environment
    from presidio_analyzer import RecognizerRegistry  # type: ignore[import-not-found]  # of the peers' environment

    # Its own list of domain endings, not a download.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    recognisers = [
        each for each in registry.recognizers if type(each).__name__ != "SpacyRecognizer"
    ]

    def scan(texts: list[str]) -> int:
        return sum(
            len(each.analyze(text, each.supported_entities, None) or ())
            for text in texts
            for each in recognisers
        )

    return scan


def detect_secrets() -> Callable[[list[str]], int]:
    """All plugins of detect-secrets with their own settings."""
    from detect_secrets.core.scan import scan_line  # type: ignore[import-not-found]  # of the peers' environment
    from detect_secrets.settings import default_settings  # type: ignore[import-not-found]  # of the peers' environment

    def scan(texts: list[str]) -> int:
        with default_settings():
            return sum(len(list(scan_line(text))) for text in texts)

    return scan


if __name__ == "__main__":
    main()
