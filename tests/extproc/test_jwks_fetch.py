from __future__ import annotations

import msgspec

from extproc.child_process import ask_child
from extproc.jwks_address import MODULE
from extproc.jwks_fetch import LARGEST_JWKS_BYTES, fetch
from tests.fakes.key_server import running_key_server


def test_what_stands_at_an_address_is_fetched_by_a_child() -> None:
    with running_key_server() as server:
        server.content = b'{"keys": []}'
        said = msgspec.json.encode({"mesh": server.address, "gone": "http://127.0.0.1:1/"})
        answer = ask_child(MODULE, said, seconds=20)
    assert msgspec.json.decode(answer, type=dict[str, bytes]) == {"mesh": server.content}


def test_error_redirect_and_flood_bring_nothing() -> None:
    with running_key_server() as server:
        server.status = 500
        assert fetch(server.address) is None
        server.status, server.headers = 302, {"location": f"{server.address}/other"}
        assert fetch(server.address) is None
        assert server.asked == 2
        server.status, server.content = 200, b"x" * (LARGEST_JWKS_BYTES + 1)
        assert fetch(server.address) is None


def test_file_is_not_fetched() -> None:
    assert fetch("file:///etc/hostname") is None
