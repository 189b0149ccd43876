from __future__ import annotations

from pathlib import Path

import pytest

from extproc.h2.available import missing
from loadtest.arm import DIRECT, ECHO, OFF, THROUGH_ENVOY, listens, runnable, running_server
from loadtest.native import NativeTools

NO_TOOLS = NativeTools(Path("/none"), Path("/none"), Path("/none"))


def test_the_arms_of_both_benches_have_fixed_names() -> None:
    assert [arm.name for arm in THROUGH_ENVOY] == ["off", "null", "grpc_aio", "h2"]
    assert [arm.name for arm in DIRECT] == [
        *("null", "echo", "echo_tuned"),
        *("grpc_aio", "grpc_aio_scan"),
        *("h2", "h2_scan"),
    ]


def test_arms_on_the_fast_transport_run_only_where_it_is_built() -> None:
    kept = [arm.name for arm in runnable(DIRECT)]
    assert kept[:5] == ["null", "echo", "echo_tuned", "grpc_aio", "grpc_aio_scan"]
    assert kept[5:] == (["h2", "h2_scan"] if missing() is None else [])


def test_policies_named_by_arms_exist() -> None:
    for arm in (*THROUGH_ENVOY, *DIRECT):
        assert arm.policy is None or arm.policy.is_file()


@pytest.mark.slow
def test_a_server_listens_on_entry_and_is_gone_on_exit(tmp_path: Path) -> None:
    with running_server(ECHO, NO_TOOLS, tmp_path) as server:
        assert listens(server.socket)

    assert not listens(server.socket)


def test_the_arm_without_a_server_cannot_be_started(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="off has no server"),
        running_server(OFF, NO_TOOLS, tmp_path),
    ):
        pass
