"""Serves the boards as a page: the files beside this, the boards, and Prometheus' answers.

The page asks this server only, which hands `/api/v1/query` and `/api/v1/query_range` on to one
Prometheus: a browser would not let it ask another origin. Loopback only, GET only, nothing else.
"""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import socket
from socketserver import BaseServer
from urllib.parse import urlsplit

from dashboards.generate import BOARDS

LOOPBACK = "127.0.0.1"
PAGE = Path(__file__).parent / "page"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css"}
HANDED_ON = ("/api/v1/query", "/api/v1/query_range")
LIMIT_S = 10.0


@contextmanager
def serve_page(prometheus: int) -> Iterator[int]:
    """Serve while the context is open, for the Prometheus on a local port; give our own port."""
    with ThreadingHTTPServer((LOOPBACK, 0), partial(_PageHandler, prometheus)) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="boards")
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


class _PageHandler(BaseHTTPRequestHandler):
    """Answers one request."""

    def __init__(
        self, prometheus: int, request: socket, client: tuple[str, int], server: BaseServer
    ) -> None:
        self._prometheus = prometheus
        super().__init__(request, client, server)

    def do_GET(self) -> None:
        """Answer with a file, a board, or what Prometheus says."""
        path = urlsplit(self.path).path
        if path in HANDED_ON:
            self._hand_on()
            return
        found = _found(path)
        if found is None:
            self.send_error(404)
            return
        self._answer(200, *found)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""

    def _hand_on(self) -> None:
        connection = http.client.HTTPConnection(LOOPBACK, self._prometheus, timeout=LIMIT_S)
        try:
            connection.request("GET", self.path)
            answer = connection.getresponse()
            self._answer(answer.status, "application/json", answer.read())
        except (OSError, http.client.HTTPException):
            self.send_error(502)
        finally:
            connection.close()

    def _answer(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


def _found(path: str) -> tuple[str, bytes] | None:
    """Return content type and body of what stands at `path`, None if nothing does."""
    if path == "/boards.json":
        names = [{"uid": board.uid, "title": board.title} for board in BOARDS]
        return "application/json", json.dumps(names).encode()
    boards = {f"/boards/{board.uid}.json": board for board in BOARDS}
    if path in boards:
        return "application/json", boards[path].to_json().encode()
    files = {f"/{file.name}": file for file in PAGE.iterdir() if file.suffix in TYPES}
    file = files.get("/index.html" if path == "/" else path)
    return None if file is None else (TYPES[file.suffix], file.read_bytes())
