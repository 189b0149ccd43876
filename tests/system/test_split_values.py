"""A value cut at every offset into two flushed chunks of a stream never leaves raw.

The upstream sends the second part only when the client has got the text before the value, so both
parts are chunks of their own by construction and nothing waits for a clock.
"""

from __future__ import annotations

import socket
import string
from collections.abc import Iterator

import pytest

from tests.system.lab import REDACT, Lab, running_lab, value
from tests.system.wire import Reader, Request, chunk, chunked_head, get, read_chunked

pytestmark = pytest.mark.slow

BEFORE = b'{"note":"x","value":"'
AFTER = b'","end":1}'
TIMEOUT_S = 20.0
# A mask leaves separators, and the escapes of line breaks, where they are: `\\n`, `\\r`.
LETTERS_AND_DIGITS = frozenset((string.ascii_letters + string.digits).encode()) - frozenset(b"nr")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("split"), REDACT) as lab:
        yield lab
        lab.assert_in_step()


@pytest.mark.parametrize("kind", ["payment_card", "us_ssn", "jwt", "private_key"])
def test_value_cut_at_any_offset_is_never_raw_at_the_client(kind: str, lab: Lab) -> None:
    secret = _one_line(value(kind))
    chunks = lab.sent()
    for cut in range(1, len(secret)):
        raw, body = _exchange(lab, secret[:cut], secret[cut:])
        assert secret not in raw, f"cut at {cut}"
        assert secret not in body, f"cut at {cut}"
        assert len(body) == len(BEFORE + secret + AFTER), f"cut at {cut}"
        assert body.startswith(BEFORE), f"cut at {cut}"
        assert body.endswith(AFTER), f"cut at {cut}"
        inside = body[len(BEFORE) : -len(AFTER)]
        assert not set(secret) & set(inside) & LETTERS_AND_DIGITS, f"cut at {cut}"
    # Headers twice and at least two chunks each time: the cut was one.
    assert lab.sent() - chunks >= 4 * (len(secret) - 1)


def _one_line(secret: bytes) -> bytes:
    """A value of several lines as it stands in a JSON string."""
    return secret.replace(b"\r", b"").replace(b"\n", b"\\n")


def _exchange(lab: Lab, first: bytes, second: bytes) -> tuple[bytes, bytes]:
    """One response in two flushed chunks; returns the client's raw bytes and the body in them."""
    seen, tell = socket.socketpair()

    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(chunked_head() + chunk(BEFORE + first))
        seen.recv(1)
        connection.sendall(chunk(second + AFTER) + chunk(b"") + b"\r\n")

    lab.play(script)
    with (
        seen,
        tell,
        socket.create_connection(("127.0.0.1", lab.port), timeout=TIMEOUT_S) as connection,
    ):
        seen.settimeout(TIMEOUT_S)
        connection.sendall(get("/a"))
        reader = Reader(connection)
        while BEFORE[:10] not in reader.raw:
            assert reader.more()
        tell.send(b"x")
        assert reader.until(b"\r\n\r\n") is not None
        body, _, complete = read_chunked(reader)
        assert complete
        return reader.raw, body
