"""No planted value comes out of the sidecar except by the answer that Envoy gets.

Two canaries go down every path: a value that a detector finds, and a word that none knows. What is
searched for them is all that the sidecar leaves behind: its log at debug level with standard
output and error, /metrics, the health pages, its folders with socket, policy and state, and the
status text of a stream that it refuses. Envoy's own log is Envoy's matter.
"""

from __future__ import annotations

import base64
import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import grpc
import pytest

from extproc.envoy_api.messages import (
    HeaderMap,
    HeaderValue,
    HttpBody,
    HttpHeaders,
    ProcessingRequest,
)
from tests.fakes.grpc_peer import METHOD
from tests.system.lab import BLOCK, REDACT, Lab, policy_text, running_lab, until
from tests.system.sidecar_process import SidecarProcess, running_sidecar
from tests.system.wire import Request, Script, chunk, chunked_head, get, post, whole
from weirline.specimen import SPECIMENS

pytestmark = pytest.mark.slow

KINDS = ("payment_card", "us_ssn", "iban", "email", "github_personal_token", "jwt")
OBSERVE = policy_text("observe")
SHADOW = policy_text("{redact: {mask: {}}}", name="shadow", mode="shadow")
DEBUG = ("--log-level", "debug")
PAGES = ("/metrics", "/healthz", "/readyz")


@dataclass(frozen=True, slots=True)
class Canaries:
    """The planted texts of one test, and the forms under which they would be recognised."""

    texts: tuple[bytes, ...]

    def forms(self) -> Iterator[bytes]:
        for text in self.texts:
            yield text
            yield quote(text).encode()
            yield base64.b64encode(text).rstrip(b"=")
            yield text.hex().encode()
            yield text.replace(b" ", b"").replace(b"-", b"")

    def found_in(self, haystack: bytes) -> list[bytes]:
        return [form for form in self.forms() if form in haystack]


@pytest.fixture
def canaries(rng: random.Random) -> Canaries:
    values = [SPECIMENS[kind].valid(rng) for kind in KINDS]
    words = [b"zq" + rng.randbytes(9).hex().encode() for _ in range(3)]
    return Canaries((*values, *words))


def _hits(sidecar: SidecarProcess, canaries: Canaries) -> dict[str, list[bytes]]:
    """Search everything the sidecar says and leaves behind."""
    left = [sidecar.log_file, *sidecar.state.rglob("*")]
    said = {page: sidecar.admin(page).text.encode() for page in PAGES}
    said |= {str(path): path.read_bytes() for path in left if path.is_file()}
    said["file names"] = "\n".join(str(path) for path in left).encode()
    said["command line"] = Path(f"/proc/{sidecar.pid}/cmdline").read_bytes()
    assert said[str(sidecar.log_file)]
    return {where: found for where, text in said.items() if (found := canaries.found_in(text))}


def _line(text: bytes) -> str:
    """One line's worth of a value, as it can stand in a header or a path."""
    return text.decode().replace("\n", "")


def _plant_everywhere(lab: Lab, canaries: Canaries) -> int:
    """Send each canary through each place of a request and of a response; return the exchanges."""
    asked = 0
    for text in canaries.texts:
        for request in _requests(text):
            lab.ask(request, lambda connection, _: connection.sendall(whole(b"{}")))
            asked += 1
        for answer in _answers(text):
            lab.ask(get("/a", extra="te: trailers\r\n"), _script(answer))
            asked += 1
    return asked


def _requests(text: bytes) -> list[bytes]:
    line = _line(text)
    body = b'{"%b":{"note":"%b"}}' % (text, text)
    return [
        get("/a", extra=f"x-note: {line}\r\ncookie: id={line}\r\nauthorization: Bearer {line}\r\n"),
        get(f"/a?q={quote(line)}"),
        get(f"/people/{quote(line)}/orders"),
        post("/a", body),
        post("/a", b"note=" + quote(line).encode(), content_type="x/" + "form"),
        post("/a", text, content_type=f"text/plain; note={quote(line)}"),
    ]


def _answers(text: bytes) -> list[bytes]:
    line = _line(text)
    body = b'{"%b":{"note":"%b"}}' % (text, text)
    streamed = chunked_head() + chunk(body[:20]) + chunk(body[20:]) + chunk(b"") + b"\r\n"
    trailed = chunked_head(extra="trailer: x-sum\r\n") + chunk(b"{}") + chunk(b"")
    return [
        whole(b"{}", extra=f"x-note: {line}\r\nset-cookie: id={line}\r\netag: {line}\r\n"),
        whole(
            b"{}", status="302 Found", extra=f"location: /people/{quote(line)}?q={quote(line)}\r\n"
        ),
        whole(body),
        whole(body, extra="content-encoding: gzip\r\n"),
        whole(body, content_type=f"text/html; note={quote(line)}"),
        streamed,
        trailed + f"x-sum: {line}\r\n\r\n".encode(),
        chunked_head() + chunk(body[:20]),  # and then nothing: the upstream goes away
    ]


def _script(answer: bytes) -> Script:
    def script(connection: socket.socket, _: Request) -> None:
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_RDWR)

    return script


@pytest.mark.parametrize(
    ("wiring", "policy"),
    [("enforce", REDACT), ("enforce", BLOCK), ("enforce", SHADOW), ("response-only", OBSERVE)],
    ids=["redact", "block", "shadow", "response-only"],
)
def test_no_canary_of_traffic_is_left_behind(
    wiring: str, policy: str, tmp_path: Path, canaries: Canaries
) -> None:
    with running_lab(tmp_path, policy, wiring=wiring, flags=DEBUG) as lab:
        asked = _plant_everywhere(lab, canaries)
        lab.settle()
        assert lab.metric("weirline_findings_total") >= len(KINDS)
        assert lab.metric("weirline_flows_total") >= asked * 0.9
        assert _hits(lab.sidecar, canaries) == {}


def test_no_canary_is_left_behind_by_a_sidecar_that_is_killed_and_started_again(
    tmp_path: Path, canaries: Canaries
) -> None:
    body = b" ".join(canaries.texts)
    held = b"%b%b" % (chunked_head(content_type="text/plain"), chunk(body + body[:7]))
    with running_lab(tmp_path, REDACT, flags=(*DEBUG, "--drain-seconds", "0.1")) as lab:
        for end in (signal.SIGKILL, signal.SIGTERM):
            lab.ask(post("/a", body), _script(whole(body)))
            lab.play(lambda connection, _: connection.sendall(held))
            with socket.create_connection(("127.0.0.1", lab.port)) as open_exchange:
                open_exchange.sendall(get("/stream"))
                assert open_exchange.recv(1)
                lab.sidecar.send(end)
                lab.sidecar.wait()
                lab.ask(get(f"/a?q={quote(_line(body))}"))
            lab.sidecar.start()
            lab.sidecar.wait_ready()
            assert _hits(lab.sidecar, canaries) == {}


def _broken_streams(text: bytes) -> list[list[bytes]]:
    """Streams that no Envoy sends: garbage, messages out of turn, values where none belong."""
    note = HeaderValue(key="x-" + text[:4].hex(), raw_value=text)
    headers = HttpHeaders(headers=HeaderMap(headers=[note]))
    response = ProcessingRequest(response_headers=headers).SerializeToString()
    request = ProcessingRequest(request_headers=headers).SerializeToString()
    body = ProcessingRequest(
        request_body=HttpBody(body=text, end_of_stream=True)
    ).SerializeToString()
    return [
        [text],
        [request, text],
        [request, request],
        [response, body, body],
        [request[:-3]],
        [body, request],
        [request],  # and then a clean end, too early
    ]


def test_no_canary_is_in_log_or_status_text_of_a_stream_that_is_refused(
    tmp_path: Path, canaries: Canaries
) -> None:
    with running_sidecar(tmp_path, REDACT, DEBUG) as sidecar:
        address = f"unix:{sidecar.socket}"
        with grpc.insecure_channel(address) as channel:
            streams = [stream for text in canaries.texts for stream in _broken_streams(text)]
            told = [_refusal_of(channel, messages) for messages in streams]
        assert canaries.found_in("\n".join(told).encode()) == []
        until(lambda: _faults(sidecar) == len(streams))
        assert _hits(sidecar, canaries) == {}


def _refusal_of(channel: grpc.Channel, messages: list[bytes]) -> str:
    """Send a stream of messages and return all that its refusal says."""
    method = channel.stream_stream(METHOD, request_serializer=bytes, response_deserializer=bytes)
    with pytest.raises(grpc.RpcError) as refused:
        list(method(iter(messages), timeout=10))
    return str(refused.value)


def _faults(sidecar: SidecarProcess) -> float:
    """Return how many streams did not end well, ours to blame or the peer's."""
    return sum(
        float(line.rpartition(" ")[2])
        for line in sidecar.admin("/metrics").text.splitlines()
        if line.startswith(("weirline_faults_total{", 'weirline_flows_total{outcome="abandoned"'))
    )


def test_no_canary_is_in_the_complaint_about_a_policy_or_a_setting(
    tmp_path: Path, canaries: Canaries
) -> None:
    """A policy, a settings file or the environment may hold secrets where they do not belong."""
    for text in canaries.texts[-2], canaries.texts[0]:
        word = json.dumps(text.decode())
        policy = tmp_path / "policy.yaml"
        policy.write_text(f"apiVersion: {word}\nmode: {word}\n{word}: {word}\nrules: {word}\n")
        settings = tmp_path / "settings.toml"
        settings.write_text(f"log_level = {word}\nunknown = {word}\npool_threads = {word}\n")
        variables = {"WEIRLINE_WIRING": _line(text), "WEIRLINE_DRAIN_SECONDS": _line(text)}
        said = _refusal(["--policy", str(policy), "--socket", str(tmp_path / "a.sock")], {})
        said += _refusal(["--config", str(settings)], variables)
        assert canaries.found_in(said) == []


def _refusal(flags: list[str], variables: dict[str, str]) -> bytes:
    refused = subprocess.run(
        [sys.executable, "-m", "extproc", *flags, "--admin", "127.0.0.1:0"],
        env={**os.environ, **variables},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert refused.returncode == 2, refused.stderr
    assert refused.stderr
    return refused.stdout + refused.stderr
