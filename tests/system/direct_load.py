"""Whole exchanges straight to a sidecar's socket by h2load, without an Envoy between.

The exchange is the one of the wiring `enforce`: request headers, response headers, response body,
then half-close. h2load comes with Debian's package nghttp2-client.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
from pathlib import Path

from extproc.envoy_api.messages import HttpHeaders, ProcessingRequest
from tests.fakes.grpc_peer import METHOD

AT_ONCE = 16
SECONDS = 600


def exchange(body: bytes, *, path: str = "/v1/customers/42") -> tuple[bytes, bytes, bytes]:
    """The three messages of one exchange whose response has this JSON body."""
    first, second, third = ProcessingRequest(), ProcessingRequest(), ProcessingRequest()
    request = {":method": "GET", ":path": path, ":authority": "api.test", "accept": "*/*"}
    response = {":status": "200", "content-type": "application/json"}
    response["content-length"] = str(len(body))
    _fill(first.request_headers, request)
    first.request_headers.end_of_stream = True
    first.protocol_config.response_body_mode = 2  # BUFFERED
    _fill(second.response_headers, response)
    third.response_body.body = body
    third.response_body.end_of_stream = True
    return first.SerializeToString(), second.SerializeToString(), third.SerializeToString()


def drive(socket: Path, messages: tuple[bytes, ...], *, exchanges: int, folder: Path) -> float:
    """Run so many exchanges, all of which must succeed, and return how many a second."""
    program = shutil.which("h2load")
    assert program is not None, "h2load is missing: install Debian's package nghttp2-client"
    data = folder / "exchange.bin"
    data.write_bytes(b"".join(b"\0" + struct.pack(">I", len(each)) + each for each in messages))
    shown = subprocess.run(
        [
            *(program, "-n", str(exchanges), "-c", "1", "-m", str(AT_ONCE), "-d", str(data)),
            *("-H", "content-type: application/grpc", "-H", "te: trailers"),
            *("-B", f"unix:{socket}", f"http://localhost{METHOD}"),
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
    ).stdout
    assert f" {exchanges} succeeded, 0 failed" in shown, shown
    rate = re.search(r"([0-9.]+) req/s", shown)
    assert rate is not None
    return float(rate[1])


def _fill(headers: HttpHeaders, fields: dict[str, str]) -> None:
    for name, text in fields.items():
        header = headers.headers.headers.add()
        header.key, header.raw_value = name, text.encode()
