from __future__ import annotations

import io
from pathlib import Path

import grpc
import pytest

from extproc.grpc_aio import GrpcTransport
from extproc.logs import Log
from extproc.metrics import Tallies
from extproc.settings import Settings
from tests.fakes.certificates import Authority, Identity
from tests.fakes.exchange import Exchanges
from tests.fakes.grpc_peer import Ended, peer, run
from weirline.errors import SettingsError

THREE = (b"1", b"2", b"3")
SERVER = "sidecar.mesh"


def _settings(folder: Path, *, client_ca: Path | None) -> Settings:
    server = Authority(folder, "server-ca").sign(SERVER)
    return Settings(
        socket="",
        listen="127.0.0.1:0",
        admin="",
        tls_cert=str(server.certificate),
        tls_key=str(server.key),
        tls_client_ca=str(client_ca) if client_ca else "",
    )


def _credentials(folder: Path, client: Identity | None = None) -> grpc.ChannelCredentials:
    return grpc.ssl_channel_credentials(
        (folder / "server-ca.pem").read_bytes(),
        client.key.read_bytes() if client else None,
        client.certificate.read_bytes() if client else None,
    )


def _exchanged(
    settings: Settings, credentials: grpc.ChannelCredentials | None, name: str = SERVER
) -> tuple[Ended, Exchanges]:
    async def test() -> tuple[Ended, Exchanges]:
        exchanges = Exchanges()
        log = Log(io.StringIO())
        transport = GrpcTransport(exchanges.open, settings, tallies=Tallies(), log=log)
        (address,) = await transport.start()
        try:
            async with peer(address, credentials, name if credentials else "") as envoy:
                return await envoy.exchange(*THREE), exchanges
        finally:
            await transport.drain(0)

    return run(test())


def test_client_without_certificate_is_served_where_none_is_asked_for(tmp_path: Path) -> None:
    settings = _settings(tmp_path, client_ca=None)
    end, _ = _exchanged(settings, _credentials(tmp_path))
    assert end.code is grpc.StatusCode.OK


def test_client_with_a_certificate_of_the_right_authority_is_served(tmp_path: Path) -> None:
    clients = Authority(tmp_path, "client-ca")
    settings = _settings(tmp_path, client_ca=clients.certificate)
    end, _ = _exchanged(settings, _credentials(tmp_path, clients.sign("envoy.mesh")))
    assert end.code is grpc.StatusCode.OK


@pytest.mark.parametrize("client", ["none", "another authority", "the server's authority", "plain"])
def test_client_without_a_certificate_of_the_right_authority_is_refused(
    tmp_path: Path, client: str
) -> None:
    settings = _settings(tmp_path, client_ca=Authority(tmp_path, "client-ca").certificate)
    credentials = {
        "none": _credentials(tmp_path),
        "another authority": _credentials(tmp_path, Authority(tmp_path, "other").sign("evil.mesh")),
        "the server's authority": _credentials(
            tmp_path, Identity(tmp_path / f"{SERVER}.pem", tmp_path / f"{SERVER}.key")
        ),
        "plain": None,
    }[client]
    end, exchanges = _exchanged(settings, credentials)
    assert (end.code, end.answers) == (grpc.StatusCode.UNAVAILABLE, ())
    assert not exchanges.opened


def test_client_refuses_a_sidecar_of_another_name_or_authority(tmp_path: Path) -> None:
    settings = _settings(tmp_path, client_ca=None)
    end, exchanges = _exchanged(settings, _credentials(tmp_path), "elsewhere.mesh")
    assert end.code is grpc.StatusCode.UNAVAILABLE
    stranger = grpc.ssl_channel_credentials(Authority(tmp_path, "x").certificate.read_bytes())
    end, exchanges = _exchanged(settings, stranger)
    assert end.code is grpc.StatusCode.UNAVAILABLE
    assert not exchanges.opened


@pytest.mark.parametrize("name", ["tls_cert", "tls_key", "tls_client_ca"])
def test_file_that_cannot_be_read_is_refused_by_its_setting(tmp_path: Path, name: str) -> None:
    settings = _settings(tmp_path, client_ca=Authority(tmp_path, "client-ca").certificate)
    Path(getattr(settings, name)).unlink()
    with pytest.raises(SettingsError) as refusal:
        _exchanged(settings, None)
    assert [(each.code, each.field) for each in refusal.value.problems] == [("S05", name)]


def test_key_that_does_not_fit_the_certificate_is_refused(tmp_path: Path) -> None:
    settings = _settings(tmp_path, client_ca=None)
    other = Authority(tmp_path, "other").sign("other.mesh")
    Path(settings.tls_key).write_bytes(other.key.read_bytes())
    with pytest.raises(SettingsError) as refusal:
        _exchanged(settings, None)
    assert [each.field for each in refusal.value.problems] == ["listen"]
