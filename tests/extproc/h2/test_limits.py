from __future__ import annotations

import re

import msgspec

from extproc.h2.build import TRANSPORT
from extproc.h2.limits import BUDGETS, MOST_WINDOW, Noise, limits_of
from extproc.settings import DEFAULTS, MIB


def test_kinds_of_noise_stand_in_the_order_of_the_compiled_part() -> None:
    header = (TRANSPORT.sources / "connection.h").read_text(encoding="utf-8")
    block = re.search(r"enum noise \{(.*?)NOISE_KINDS", header, re.DOTALL)
    assert block is not None
    names = re.findall(r"NOISE_(\w+),", block[1])
    assert len(names) == len(Noise) == len(BUDGETS)
    for name, kind in zip(names, Noise, strict=True):
        assert kind.name.startswith(name)


def test_windows_hold_the_largest_message_and_never_more_than_the_protocol_has() -> None:
    usual = limits_of(DEFAULTS)
    assert (usual.stream_window, usual.connection_window) == (16 * MIB + 65536, 32 * MIB)
    huge = limits_of(msgspec.structs.replace(DEFAULTS, max_message_bytes=1536 * MIB))
    assert huge.stream_window == 1536 * MIB + 65536
    assert huge.connection_window == MOST_WINDOW
    assert huge.buffered >= huge.message


def test_stream_numbers_run_out_long_after_a_new_connection_is_asked_for() -> None:
    assert limits_of(DEFAULTS).renew_above <= (1 << 31) // 2
