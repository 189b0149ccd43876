"""A real Envoy that ends mutual TLS for two services of a mesh, told apart by server name."""

from __future__ import annotations

import copy
import io
import ssl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection, socket
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from tests.fakes.certificates import Authority, Identity
from tests.system.envoy_process import running_envoy
from tests.system.sidecar_process import running_sidecar
from tests.system.wire import (
    Answer,
    Reader,
    Request,
    Upstream,
    read_answer,
    upstream,
    whole,
)
from weirline.cli.envoy_config import Pipe, Places, Tcp, render, template

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap

_TLS = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext"
_INSPECTOR = "type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector"


@dataclass(slots=True)
class Mesh:
    """What one test talks to; `body` is what the service answers."""

    port: int
    service: Upstream
    authority: Authority
    body: bytes = b"{}"

    def ask(self, server: str, request: bytes, client: Identity | None) -> Answer:
        """One exchange with the service of a server name, as `client`, or without a certificate."""
        context = ssl.create_default_context(cafile=str(self.authority.certificate))
        if client is not None:
            context.load_cert_chain(client.certificate, client.key)
        with (
            create_connection(("127.0.0.1", self.port), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=server) as connection,
        ):
            connection.sendall(request)
            return read_answer(Reader(connection))


@contextmanager
def running_mesh(
    folder: Path,
    policy: str,
    services: dict[str, str],
    *,
    flags: Sequence[str] = (),
    forwarding: str = "SANITIZE",
) -> Iterator[Mesh]:
    """Run sidecar, service and Envoy; `services` are SPIFFE ids by server name.

    `forwarding` is what Envoy does with x-forwarded-client-cert.
    """
    authority = Authority(folder)
    meshes: list[Mesh] = []

    def dispatch(connection: socket, _: Request) -> None:
        connection.sendall(whole(meshes[0].body))

    with ExitStack() as stack:
        sidecar = stack.enter_context(running_sidecar(folder, policy, flags))
        service = stack.enter_context(upstream(dispatch))
        places = Places(
            listen=Tcp("127.0.0.1", 0),
            upstream=Tcp("127.0.0.1", service.port),
            extproc=Pipe(str(sidecar.socket)),
            admin=Tcp("127.0.0.1", 0),
        )
        text = render(template("enforce"), places, failure_mode_allow=False)
        signed = {
            name: authority.sign(name, spiffe=identity) for name, identity in services.items()
        }
        text = _with_tls(_forwarding(text, forwarding), signed, authority)
        envoy = stack.enter_context(running_envoy(text, folder))
        meshes.append(Mesh(envoy.port(), service, authority))
        yield meshes[0]


def _forwarding(bootstrap: str, forwarding: str) -> str:
    yaml = YAML(typ="rt")
    root = yaml.load(bootstrap)
    (chain,) = root["static_resources"]["listeners"][0]["filter_chains"]
    manager = chain["filters"][0]["typed_config"]
    manager["forward_client_cert_details"] = forwarding
    manager["set_current_client_cert_details"] = {"uri": True}
    out = io.StringIO()
    yaml.dump(root, out)
    return out.getvalue()


def _with_tls(bootstrap: str, services: dict[str, Identity], authority: Authority) -> str:
    yaml = YAML(typ="rt")
    root = yaml.load(bootstrap)
    listener: CommentedMap = root["static_resources"]["listeners"][0]
    listener["listener_filters"] = [
        {"name": "tls_inspector", "typed_config": {"@type": _INSPECTOR}}
    ]
    (plain,) = listener["filter_chains"]
    listener["filter_chains"] = [
        {
            **copy.deepcopy(plain),
            "filter_chain_match": {"server_names": [name]},
            "transport_socket": _transport_socket(identity, authority),
        }
        for name, identity in services.items()
    ]
    out = io.StringIO()
    yaml.dump(root, out)
    return out.getvalue()


def _transport_socket(identity: Identity, authority: Authority) -> dict[str, object]:
    """A certificate may be left out, but one that is shown must be of our authority."""
    certificate = {
        "certificate_chain": {"filename": str(identity.certificate)},
        "private_key": {"filename": str(identity.key)},
    }
    trusted = {"trusted_ca": {"filename": str(authority.certificate)}}
    common = {"tls_certificates": [certificate], "validation_context": trusted}
    config = {"@type": _TLS, "common_tls_context": common, "require_client_certificate": False}
    return {"name": "envoy.transport_sockets.tls", "typed_config": config}
