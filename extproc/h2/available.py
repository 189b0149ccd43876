"""Whether the fast transport can run here: its compiled module is there and loads.

The module links to what libnghttp2 has against reset and CONTINUATION floods (upstream 1.57 and
1.61; Debian's 1.52 from the security updates on), and is bound whole when it is loaded: beside an
older library the import fails, and nothing runs that could not defend itself.
"""

from __future__ import annotations

import enum
import importlib
from pathlib import Path

MODULE = "extproc.h2._nghttp2"


class Missing(enum.StrEnum):
    """Why the fast transport cannot run."""

    NOT_BUILT = "not_built"  # no compiler or headers when this was installed
    NOT_LOADABLE = "not_loadable"  # built, but libnghttp2 is not here or too old


def missing(module: str = MODULE) -> Missing | None:
    """Return why `module` cannot be used, None if it can. Loads it: some milliseconds."""
    try:
        importlib.import_module(module)
    except ModuleNotFoundError:
        return Missing.NOT_BUILT
    except ImportError:
        return Missing.NOT_LOADABLE
    return None


def module_file(module: str = MODULE) -> Path | None:
    """Return where the module was loaded from, None where it cannot be."""
    if missing(module) is not None:
        return None
    file = importlib.import_module(module).__file__
    return Path(file) if file is not None else None
