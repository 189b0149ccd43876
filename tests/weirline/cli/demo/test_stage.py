from __future__ import annotations

import os
import re
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from extproc.h2.available import missing
from weirline.cli.demo.child import ChildFailed
from weirline.cli.demo.client import fetch
from weirline.cli.demo.sample_api import Page, serve
from weirline.cli.demo.stage import EnvoyMissing, Stage, find_envoy, set_up
from weirline.cli.envoy_config import template

PAGES = {"/": [Page("text/plain", b"hello")]}
POLICY = Path(__file__).parents[4] / "weirline" / "cli" / "demo" / "policy.yaml"


def test_envoy_of_the_package_is_found() -> None:
    assert os.access(find_envoy(None), os.X_OK)


def test_envoy_of_ones_own_is_taken_and_one_that_is_none_refused(tmp_path: Path) -> None:
    assert find_envoy(Path(sys.executable)) == Path(sys.executable).resolve()
    with pytest.raises(EnvoyMissing, match="no program there"):
        find_envoy(tmp_path)
    with pytest.raises(EnvoyMissing, match="no program there"):
        find_envoy(tmp_path / "envoy")


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


@pytest.mark.slow
def test_both_doors_lead_to_the_service_and_everything_ends_with_the_context(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    earlier = children()
    with TemporaryDirectory(prefix="wl-") as folder, serve(PAGES) as service:
        temporary = Path(folder)
        monkeypatch.setattr("tempfile.tempdir", folder)
        with set_up(
            service, envoy=find_envoy(None), bootstrap=template("enforce"), policy=POLICY
        ) as stage:
            assert len(list(temporary.iterdir())) == 1
            for port in (stage.doors.protected, stage.doors.unprotected):
                assert fetch(port, "/").body == b"hello"
            assert stage.sidecar is not None
            assert stage.sidecar.transport == ("h2" if missing() is None else "grpc")
            assert not stage.sidecar.counted().detectors
        assert children() == earlier
        assert list(temporary.iterdir()) == []


@pytest.mark.slow
def test_without_a_policy_there_is_no_sidecar() -> None:
    with serve(PAGES) as service, running_without_sidecar(service) as stage:
        assert stage.sidecar is None
        assert len(stage.children) == 1
        assert fetch(stage.doors.unprotected, "/").body == b"hello"
        assert fetch(stage.doors.protected, "/").body == b"hello"


def running_without_sidecar(service: int) -> AbstractContextManager[Stage]:
    return set_up(service, envoy=find_envoy(None), bootstrap=template("enforce"), policy=None)


@pytest.mark.slow
def test_temporary_folder_with_a_long_name_leaves_room_for_the_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("x" * 120)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    with serve(PAGES) as service, running_without_sidecar(service) as stage:
        assert fetch(stage.doors.unprotected, "/").body == b"hello"
        assert list(long.iterdir()) == []


@pytest.mark.slow
def test_envoy_that_refuses_its_configuration_is_told_with_its_last_lines() -> None:
    broken = re.sub(r"connect_timeout: 1s", "connect_timeout: soon", template("enforce"))
    earlier = children()
    with (
        serve(PAGES) as service,
        pytest.raises(ChildFailed, match=r"envoy ended with exit code 1(?s:.*)soon"),
        set_up(service, envoy=find_envoy(None), bootstrap=broken, policy=None),
    ):
        raise AssertionError("unreachable: Envoy cannot have started")
    assert children() == earlier


@pytest.mark.slow
def test_settings_of_another_sidecar_in_the_environment_are_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WEIRLINE_SOCKET", "/nowhere/extproc.sock")
    monkeypatch.setenv("WEIRLINE_NONSENSE", "1")
    with (
        serve(PAGES) as service,
        set_up(
            service, envoy=find_envoy(None), bootstrap=template("enforce"), policy=POLICY
        ) as stage,
    ):
        assert fetch(stage.doors.protected, "/").body == b"hello"
