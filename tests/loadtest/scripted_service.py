"""An HTTP/1.1 service that answers every request with the same given bytes, however wrong."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Iterator


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextlib.contextmanager
def scripted_service(answer: bytes, *, closes: bool = False) -> Iterator[str]:
    """Serve `answer` to each request on a free port; yield the generator's name for the address."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self._request_came():
                self.wfile.write(answer)
                if closes:
                    return

        def _request_came(self) -> bool:
            with contextlib.suppress(ConnectionError):
                while line := self.rfile.readline():
                    if line == b"\r\n":
                        return True
            return False

    with _Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"tcp:127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
