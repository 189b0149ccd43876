from __future__ import annotations

import platform
import re

from loadtest.machine import this_machine


def test_the_machine_line_names_cores_kernel_python_and_date() -> None:
    machine = this_machine()

    assert machine.cores >= 1
    assert machine.cpu
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", machine.date)
    for part in (machine.cpu, platform.release(), platform.python_version(), machine.date):
        assert part in machine.line()
