"""`weirline-extproc`, also `python -m extproc`: settings first, then the program.

It refuses settings that cannot work, all at once, with exit code 2. The heavy imports come after
that, so that `--help` and a refusal cost nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from extproc.settings_sources import read_invocation, settings_table
from weirline.errors import SettingsError

REFUSED = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the sidecar until it is told to stop.

    Exit codes: 0 stopped as asked, 1 a fault, 2 refused what it was given.
    """
    try:
        invocation = read_invocation(sys.argv[1:] if arguments is None else arguments, os.environ)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    if invocation.show_settings:
        sys.stdout.write(settings_table(invocation))
        return 0
    from extproc.program import run

    return run(invocation.settings)


if __name__ == "__main__":
    sys.exit(main())
