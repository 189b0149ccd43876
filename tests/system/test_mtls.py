"""A real Envoy speaks to a real sidecar over mutual TLS, and only with the right certificates."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.fakes.certificates import Authority, Identity
from tests.system.envoy_process import running_envoy
from tests.system.lab import REDACT, value
from tests.system.sidecar_process import SidecarProcess, running_sidecar
from tests.system.wire import Answer, always, ask, get, upstream, whole
from weirline.cli.envoy_config import Places, Tcp, Tls, render, template

pytestmark = pytest.mark.slow

NAME = "weirline.internal"
CARD = value("payment_card")
BODY = b'{"card":"%b"}' % CARD


@contextmanager
def sidecar_on_tls(folder: Path, authority: Authority) -> Iterator[SidecarProcess]:
    server = authority.sign(NAME)
    flags = [
        *("--listen", "127.0.0.1:0"),
        *("--tls-cert", str(server.certificate), "--tls-key", str(server.key)),
        *("--tls-client-ca", str(authority.certificate)),
    ]
    with running_sidecar(folder, REDACT, flags) as sidecar:
        yield sidecar


def ask_through_envoy(
    folder: Path,
    sidecar: SidecarProcess,
    tls: Tls,
    edit: Callable[[str], str] = str,
) -> tuple[Answer, int]:
    """One exchange; returns the answer and how many messages the sidecar took of it."""
    (port,) = (
        int(str(line["address"]).rpartition(":")[2])
        for line in sidecar.events()
        if line["event"] == "listening" and "unix:" not in str(line["address"])
    )
    with upstream(always(whole(BODY))) as service:
        places = Places(
            listen=Tcp("127.0.0.1", 0),
            upstream=Tcp("127.0.0.1", service.port),
            extproc=Tcp("127.0.0.1", port),
            admin=Tcp("127.0.0.1", 0),
            tls=tls,
        )
        text = edit(render(template("enforce-mtls"), places, failure_mode_allow=False))
        with running_envoy(text, folder) as envoy:
            answer = ask(envoy.port(), get("/a"))
    return answer, int(sidecar.metric("weirline_messages_total"))


def tls_of(client: Identity, trusted: Path) -> Tls:
    return Tls(str(client.certificate), str(client.key), str(trusted), NAME)


def without_certificate(bootstrap: str) -> str:
    """The same bootstrap with no certificate of Envoy's own."""
    yaml = YAML(typ="rt")
    root = yaml.load(bootstrap)
    (cluster,) = (c for c in root["static_resources"]["clusters"] if c["name"] == "weirline")
    del cluster["transport_socket"]["typed_config"]["common_tls_context"]["tls_certificates"]
    out = io.StringIO()
    yaml.dump(root, out)
    return out.getvalue()


def test_envoy_with_the_right_certificate_is_served(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with sidecar_on_tls(tmp_path, authority) as sidecar:
        client = authority.sign("envoy.internal")
        answer, messages = ask_through_envoy(
            tmp_path, sidecar, tls_of(client, authority.certificate)
        )
    assert answer.status == 200
    assert len(answer.body) == len(BODY)
    assert CARD not in answer.raw
    assert messages == 3


def test_envoy_signed_by_another_authority_is_refused(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    stranger = Authority(tmp_path, "stranger").sign("stranger.internal")
    with sidecar_on_tls(tmp_path, authority) as sidecar:
        answer, messages = ask_through_envoy(
            tmp_path, sidecar, tls_of(stranger, authority.certificate)
        )
    assert answer.status == 500
    assert CARD not in answer.raw
    assert messages == 0


def test_sidecar_signed_by_another_authority_is_not_spoken_to(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    other = Authority(tmp_path, "other")
    with sidecar_on_tls(tmp_path, authority) as sidecar:
        client = authority.sign("envoy.internal")
        answer, messages = ask_through_envoy(tmp_path, sidecar, tls_of(client, other.certificate))
    assert answer.status == 500
    assert CARD not in answer.raw
    assert messages == 0


def test_envoy_without_a_certificate_is_refused(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with sidecar_on_tls(tmp_path, authority) as sidecar:
        tls = tls_of(authority.sign("envoy.internal"), authority.certificate)
        answer, messages = ask_through_envoy(tmp_path, sidecar, tls, without_certificate)
    assert answer.status == 500
    assert CARD not in answer.raw
    assert messages == 0
