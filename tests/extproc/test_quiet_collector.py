from __future__ import annotations

import gc

from extproc.quiet_collector import COLLECT_AT_OBJECTS, quiet_collector


def test_what_is_there_is_left_out_of_later_collections() -> None:
    before = gc.get_threshold()
    try:
        quiet_collector()
        assert gc.get_freeze_count() > 1000
        assert gc.get_threshold()[0] == COLLECT_AT_OBJECTS
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
