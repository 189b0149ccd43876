"""The page docs/reference/detectors.md, made from the compiled packs so that it cannot drift."""

from __future__ import annotations

from weirline.cli.kinds import Kind, kinds_of
from weirline.detect.detector import Context, Detector
from weirline.rulepack.shipped import DEFAULT_PACK, CompiledPacks

_HEAD = """\
<!-- Made by `weirline detectors build`. Do not edit. -->
# Kinds of values

{count} kinds ship, {proven} of them proven; the pack `{pack}` runs {running} of them. Policies name
a kind by its id, or all kinds of a category by the category's name. How to add one:
[add a detector](../howto/add-a-detector.md).

Each kind links the page it was made from. *Check*: arithmetic or form that a candidate must pass
beyond its pattern. *Limits*: `named`: found only beside a word that says what it is, in a key, a
column or the text; `observed`: found and counted in streams, never held or masked there; `from its
beginning`: bytes of a stream wait from the literal it begins with; a number: the longest value in
bytes, fences and names around it included. *Confidence*: without words nearby, and with them.
*Proven*: a maker of valid and broken values is written from the specification, and tests find the
ones and not the others. *On*: the default pack runs it.
"""
_PACKS_HEAD = """
## Packs

| pack | kinds |
|---|---|"""


def detector_page(packs: CompiledPacks) -> str:
    """Return the page: one table a category, one row a kind, each linked to its issuer."""
    kinds = {kind.id: kind for kind in kinds_of(packs)}
    page = [
        _HEAD.format(
            count=len(kinds),
            proven=sum(kind.proven for kind in kinds.values()),
            pack=DEFAULT_PACK,
            running=len(packs.packs[DEFAULT_PACK]),
        )
        + _PACKS_HEAD
    ]
    page += [f"| `{name}` | {len(packs.packs[name])} |" for name in sorted(packs.packs)]
    for category in sorted({detector.category for detector in packs.detectors}):
        page.append(f"\n## {category}\n")
        page.append("| id | kind | severity | confidence | check | limits | proven | on |")
        page.append("|---|---|---|---|---|---|---|---|")
        page += [
            _row(detector, kinds[detector.id])
            for detector in packs.detectors
            if detector.category == category
        ]
    return "\n".join(page) + "\n"


def _row(detector: Detector, kind: Kind) -> str:
    cells = (
        f"`{detector.id}`",
        f"[{detector.title}]({detector.issuer})",
        detector.severity.value,
        _confidence(detector.confidence, detector.context),
        f"`{detector.validator}`" if detector.validator else "",
        ", ".join(_limits(detector)),
        "yes" if kind.proven else "no",
        "yes" if kind.default else "",
    )
    return "| " + " | ".join(cells) + " |"


def _confidence(alone: float, context: Context | None) -> str:
    if context is None or not context.words:
        return f"{alone:g}"
    named = f"{min(alone + context.confidence, 1.0):g}"
    return named if context.required else f"{alone:g}, {named}"


_STREAM = {"hold": "", "from_anchor": "from its beginning", "observe": "observed"}


def _limits(detector: Detector) -> list[str]:
    named = "named" if detector.context is not None and detector.context.required else ""
    words = (named, _STREAM[detector.stream.value], f"{detector.width:,}")
    return [word for word in words if word]
