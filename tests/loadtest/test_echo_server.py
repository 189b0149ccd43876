from __future__ import annotations

from pathlib import Path

import grpc
import pytest

from loadtest.arm import ECHO, ECHO_TUNED, Arm, running_server
from loadtest.native import NativeTools
from loadtest.stored_exchange import METHOD

NO_TOOLS = NativeTools(Path("/none"), Path("/none"), Path("/none"))


@pytest.mark.slow
@pytest.mark.parametrize("arm", [ECHO, ECHO_TUNED])
def test_every_message_comes_back_as_it_was_sent_up_to_several_megabytes(
    arm: Arm, tmp_path: Path
) -> None:
    messages = [b"", b"\xff\x00", b"x" * 5_000_000]
    with (
        running_server(arm, NO_TOOLS, tmp_path) as server,
        grpc.insecure_channel(
            f"unix:{server.socket}", options=[("grpc.max_receive_message_length", -1)]
        ) as channel,
    ):
        answers = list(channel.stream_stream(METHOD, None, None)(iter(messages), timeout=10))

    assert answers == messages
