"""An issuer's page of keys: an HTTP server on loopback whose answer a test changes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class KeyServer:
    """What the next request gets, and how many there were."""

    port: int = 0
    status: int = 200
    content: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/keys"


@contextmanager
def running_key_server() -> Iterator[KeyServer]:
    """Run the server while the block runs."""
    state = KeyServer()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked += 1
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(state.content)))
            self.end_headers()
            self.wfile.write(state.content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
