"""The page docs/reference/detectors.md, made from the compiled packs so that it cannot drift."""

from __future__ import annotations

from weirline.detect.detector import Detector
from weirline.rulepack.shipped import DEFAULT_PACK, CompiledPacks

_HEAD = """\
<!-- Made by `weirline detectors build`. Do not edit. -->
# Kinds of values

{count} kinds ship; the pack `{pack}` runs {running} of them. Policies name a kind by its id, or
all kinds of a category by the category's name. How to add one:
[add a detector](../howto/add-a-detector.md).

*Check*: arithmetic or form that a candidate must pass beyond its pattern. *Stream*: `hold`: bytes
of a stream wait while a value may still go on; `from_anchor`: the same for long values, from the
literal they begin with; `observe`: found and counted in streams, never held or masked there.
*Confidence*: without supporting words nearby.
"""


def detector_page(packs: CompiledPacks) -> str:
    """Return the page: one table a category, one row a kind, each linked to its issuer."""
    running = len(packs.packs[DEFAULT_PACK])
    page = [_HEAD.format(count=len(packs.detectors), pack=DEFAULT_PACK, running=running)]
    for category in sorted({detector.category for detector in packs.detectors}):
        page.append(f"\n## {category}\n")
        page.append("| id | kind | severity | confidence | check | stream | longest, bytes |")
        page.append("|---|---|---|---|---|---|---|")
        page += [_row(detector) for detector in packs.detectors if detector.category == category]
    return "\n".join(page) + "\n"


def _row(detector: Detector) -> str:
    cells = (
        f"`{detector.id}`",
        f"[{detector.title}]({detector.issuer})",
        detector.severity.value,
        f"{detector.confidence:g}",
        detector.validator or "",
        f"`{detector.stream.value}`",
        f"{detector.width:,}",
    )
    return "| " + " | ".join(cells) + " |"
