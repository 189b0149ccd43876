"""The child process that fetches key sets by their addresses, so that no other part opens one.

It follows no redirect, takes https alone (http on loopback), verifies the server by the machine's
authorities (`SSL_CERT_FILE` names others), and reads a bounded answer within a bounded time. What
it could not fetch it leaves out of its answer. Source: RFC 7517 section 5; RFC 8725 section 3.
"""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import TYPE_CHECKING

import msgspec

from extproc.jwks_address import FETCH_SECONDS, is_fetchable

if TYPE_CHECKING:
    from email.message import Message
    from http.client import HTTPResponse

LARGEST_JWKS_BYTES = 1 << 20


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Answers every redirect with a failure: whoever is asked has to have the keys."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: object,
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        """Follow none."""
        del req, fp, code, msg, headers, newurl


def fetch(address: str) -> bytes | None:
    """Return what stands at an address, None where it cannot be had."""
    if not is_fetchable(address):
        return None
    opener = urllib.request.build_opener(_NoRedirect)
    accepts = {"accept": "application/json"}
    request = urllib.request.Request(address, headers=accepts)  # noqa: S310 - http and https alone
    try:
        answer: HTTPResponse
        with opener.open(request, timeout=FETCH_SECONDS) as answer:
            content = answer.read(LARGEST_JWKS_BYTES + 1)
    except (OSError, HTTPException, ValueError):
        return None
    return content if len(content) <= LARGEST_JWKS_BYTES else None


def main() -> None:
    """Fetch what stdin lists, by name, and write what could be fetched to stdout."""
    wanted = msgspec.json.decode(sys.stdin.buffer.read(), type=dict[str, str])
    found = {name: fetch(address) for name, address in wanted.items()}
    had = {name: content for name, content in found.items() if content is not None}
    sys.stdout.buffer.write(msgspec.json.encode(had))


if __name__ == "__main__":
    main()
