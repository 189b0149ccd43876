"""The API that leaks: HTTP/1.1 of Python's standard library, on a free port of the loopback.

It plays the service an operator cannot change. What it answers is handed in, so it knows no leak
by itself; beside that it echoes what is posted to /echo. It refuses other methods than GET, HEAD
and POST (501), unknown paths (404), and bodies of unknown (411) or great length (413).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from socketserver import BaseServer

from weirline.cli.demo.client import LOOPBACK

# Which of several answers under one path is meant, counted from 0 (a file may name a path twice).
CHOICE_HEADER = "x-demo-answer"
LARGEST_ECHO_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """One thing the API answers."""

    content_type: str
    body: bytes
    status: int = 200


Pages = Mapping[str, Sequence[Page]]
NOT_FOUND = Page("application/json", b'{"error": "not found"}\n', 404)
NO_LENGTH = Page("text/plain", b"say how long the body is\n", 411)
TOO_LARGE = Page("text/plain", b"too large\n", 413)


@contextmanager
def serve(pages: Pages) -> Iterator[int]:
    """Serve `pages`, by request target, while the context is open; give the port.

    A target that is not there is looked up without its query, then with its last segment as `*`.
    """
    handler = partial(_SampleHandler, pages)
    with ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="sample-api"
        )
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


class _SampleHandler(BaseHTTPRequestHandler):
    """One connection of a client."""

    protocol_version = "HTTP/1.1"
    server_version = "sample-api"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together

    def __init__(self, pages: Pages, request: socket, address: object, server: BaseServer) -> None:
        """Take what to serve; the rest is what the server hands to every handler."""
        self._pages = pages
        super().__init__(request, address, server)

    def do_GET(self) -> None:
        """Answer with the page of the target."""
        self._answer(self._page())

    def do_HEAD(self) -> None:
        """Answer as GET does, without the body."""
        self._answer(self._page())

    def do_POST(self) -> None:
        """Answer /echo with what was posted."""
        length = self.headers.get("content-length", "")
        if not length.isdigit() or int(length) > LARGEST_ECHO_BYTES:
            self.close_connection = True
            self._answer(TOO_LARGE if length.isdigit() else NO_LENGTH)
            return
        posted = self.rfile.read(int(length))
        if self.path.partition("?")[0] != "/echo":
            self._answer(NOT_FOUND)
            return
        self._answer(Page(self.headers.get("content-type", "text/plain"), posted))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Log nothing: request lines may hold values."""

    def _page(self) -> Page:
        path = self.path.partition("?")[0]
        template = path.rpartition("/")[0] + "/*"
        for target in (self.path, path, template):
            if target in self._pages:
                return self._choose(self._pages[target])
        return NOT_FOUND

    def _choose(self, pages: Sequence[Page]) -> Page:
        choice = self.headers.get(CHOICE_HEADER, "0")
        return pages[int(choice) if choice.isdigit() and int(choice) < len(pages) else 0]

    def _answer(self, page: Page) -> None:
        self.send_response(page.status)
        self.send_header("content-type", page.content_type)
        self.send_header("content-length", str(len(page.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page.body)
