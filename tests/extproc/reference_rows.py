"""The rows that the reference pages of the sidecar must have, made from the code's own tables."""

from __future__ import annotations

from extproc.metrics import METRICS
from extproc.settings import SETTINGS, Kind, Setting
from extproc.settings_sources import shown_default


def settings_rows() -> list[str]:
    """One table row for each setting, as docs/reference/settings.md has it."""
    return [
        f"| `{each.name}` | `{each.flag}` | `{each.variable}` | {_values(each)} "
        f"| `{shown_default(each)}` | {each.doc} |"
        for each in SETTINGS
    ]


def metrics_rows() -> list[str]:
    """One table row for each metric, as docs/reference/metrics.md has it."""
    rows = []
    for metric in METRICS:
        labels = ", ".join(f"`{label}`" for label in metric.labels) or "none"
        rows.append(f"| `{metric.name}` | {metric.kind.value} | {labels} | {metric.doc} |")
    return rows


def _values(setting: Setting) -> str:
    match setting.kind:
        case Kind.CHOICE:
            return " or ".join(f"`{choice}`" for choice in setting.choices)
        case Kind.FILE_MODE:
            return f"`{int(setting.least):04o}` to `{int(setting.most):04o}`, octal"
        case Kind.WHOLE | Kind.SECONDS:
            return f"{setting.least} to {setting.most} {setting.unit}"
        case Kind.TEXT | Kind.PATH | Kind.ADDRESS:
            return str(setting.kind.value)
