"""Finding the Envoy files that ship with the program.

A wheel carries them as `weirline/_data/envoy/`; an editable install and a plain checkout have no
such folder and hold them in `envoy/` beside the package. It refuses a name that is in neither.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import weirline
from weirline.cli.envoy_config import TemplateError


def read_template(name: str) -> str:
    """Return the text of the shipped file `name`. Raises TemplateError where there is none."""
    checkout = Path(weirline.__file__).parent.parent
    for place in (files("weirline") / "_data" / "envoy" / name, checkout / "envoy" / name):
        if place.is_file():
            return place.read_text(encoding="utf-8")
    raise TemplateError(f"no file {name} among the Envoy files of this installation")
