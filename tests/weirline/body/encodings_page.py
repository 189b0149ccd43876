"""Makes docs/reference/encodings.md: which spellings of a value are found, tried one by one.

Run `python -m tests.weirline.body.encodings_page` to write the page again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from typing import Final

from tests.meta.checkout import ROOT
from tests.weirline.body.spelling import SPELLINGS, Spelling
from weirline.policy.decision import Mask, Redaction
from weirline.redact.rewrite import rewrite
from weirline.rulepack.shipped import shipped_detectors
from weirline.scan import TextScanner, build_scanner
from weirline.specimen import SPECIMENS

PAGE: Final = ROOT / "docs" / "reference" / "encodings.md"
KINDS: Final = {
    "card": "payment_card",
    "SSN": "us_ssn",
    "JWT": "jwt",
    "private key": "private_key",
    "e-mail": "email",
}
VALUES: Final = 10  # of each kind in each spelling
_HEAD: Final = """\
# Encodings

In which spellings a value is found, and masked so that nobody who undoes the spelling can read it.
Each cell was tried with ten values made for the purpose, in a small document of a kind that
programs send; `found` means all of them, and that the document has the length it had. This page is
made by `python -m tests.weirline.body.encodings_page`, and a test compares it with what the scanner
does.

| spelling | {kinds} |
|---|{lines}|
"""
_TAIL: Final = """
What stands behind this: the text is scanned as it stands, and once more for each reading of it that
could differ. Whether one could is asked by searches that cost a clean body next to nothing.

- Escapes may stand within escapes, six steps deep; percent escapes of percent escapes, base64 of
  base64, JSON in JSON strings with up to sixteen backslashes.
- Base64 without padding, and with nothing in front that says so (`data:`, `Basic`), is looked into
  from 15 letters on in texts of up to 4 KiB, and from 64 letters on in larger ones.
- A part of a multipart body is read in its own charset. Charsets that are read: those that write
  ASCII as itself (UTF-8, ISO 8859, Windows, Shift-JIS, EUC, GB and so on), UTF-16 and UTF-32 with
  or without a mark, EBCDIC (IBM037, 273, 500, 875, 1026, 1140) where it is named. Any other that is
  named is counted as `charset` in `weirline_unscanned_total`.
- All readings together may be eight times as large as the text, and 32 in number; what that leaves
  out is counted as `nested`.
- A mask is written in the spelling of the value: base64 of asterisks, asterisks of two bytes in
  UTF-16. Where that cannot be done in the same length, the message is blocked and counted as
  `in_place`.
- In streams a value waits for its end in every spelling but base64, quoted-printable, UTF-16 and
  UTF-32. In those it is found and masked where it has come whole, and missed where it is cut.
"""


def table_row(spelling: Spelling, scanner: TextScanner) -> str:
    """Return one line of the table."""
    cells = (_cell(spelling, kind, scanner) for kind in KINDS.values())
    return f"| {spelling.name} | {' | '.join(cells)} |"


def _cell(spelling: Spelling, kind: str, scanner: TextScanner) -> str:
    rng = Random(f"{spelling.name}:{kind}")
    specimen = SPECIMENS[kind]
    count = sum(
        _is_found(spelling.write(specimen.key, specimen.valid(rng).decode()), kind, scanner)
        for _ in range(VALUES)
    )
    return {0: "not found", VALUES: "found"}.get(count, "in part")


def _is_found(document: bytes, kind: str, scanner: TextScanner) -> bool:
    found = scanner.read(document).findings
    if kind not in {finding.detector for finding in found}:
        return False
    masked = rewrite(document, [Redaction(finding, Mask()) for finding in found])
    assert len(masked) == len(document)
    return not scanner.read(masked).findings


def page() -> str:
    """Return the whole page."""
    detectors = [one for one in shipped_detectors() if one.id in KINDS.values()]
    scanner = build_scanner(detectors)
    head = _HEAD.format(kinds=" | ".join(KINDS), lines="|".join("---" for _ in KINDS))
    rows = "".join(table_row(spelling, scanner) + "\n" for spelling in SPELLINGS)
    return head + rows + _TAIL


def main() -> int:
    """Write the page."""
    Path(PAGE).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
