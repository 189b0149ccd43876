from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import weirline
from weirline.cli.envoy_config import (
    FILTER,
    Pipe,
    Places,
    Tcp,
    TemplateError,
    Tls,
    http_filter,
    remove_filter,
    render,
    template,
)

NAMES = (
    "callout",
    "enforce",
    "enforce-mtls",
    "observe-only",
    "response-only",
    "streaming",
)
PLACES = Places(
    listen=Tcp("127.0.0.2", 1001),
    upstream=Tcp("127.0.0.3", 1002),
    extproc=Pipe("/tmp/x.sock"),
    admin=Tcp("127.0.0.4", 1003),
)


def parsed(text: str) -> Any:  # noqa: ANN401 - a YAML tree
    return YAML(typ="safe").load(text)


def address(owner: Any) -> tuple[str, int]:  # noqa: ANN401 - a YAML tree
    found = owner["address"]["socket_address"]
    return found["address"], found["port_value"]


def endpoint(root: Any, cluster: str) -> Any:  # noqa: ANN401 - a YAML tree
    (found,) = (each for each in root["static_resources"]["clusters"] if each["name"] == cluster)
    return found["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]


def listeners(root: Any) -> dict[str, Any]:  # noqa: ANN401 - a YAML tree
    return {each["name"]: each for each in root["static_resources"]["listeners"]}


def filters(listener: Any) -> list[str]:  # noqa: ANN401 - a YAML tree
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    return [each["name"] for each in manager["http_filters"]]


@pytest.mark.parametrize("name", NAMES)
def test_places_are_set_where_they_belong(name: str) -> None:
    root = parsed(render(template(name), PLACES, failure_mode_allow=False))
    assert address(root["admin"]) == ("127.0.0.4", 1003)
    assert address(listeners(root)["ingress"]) == ("127.0.0.2", 1001)
    assert address(endpoint(root, "service")) == ("127.0.0.3", 1002)
    assert endpoint(root, "weirline")["address"] == {"pipe": {"path": "/tmp/x.sock"}}


@pytest.mark.parametrize("allow", [False, True])
def test_fail_mode_is_set_in_the_filter(allow: bool) -> None:
    root = parsed(render(template("enforce"), PLACES, failure_mode_allow=allow))
    assert http_filter(root)["typed_config"]["failure_mode_allow"] is allow


def test_ext_proc_server_may_be_reached_over_tcp() -> None:
    places = Places(PLACES.listen, PLACES.upstream, Tcp("127.0.0.5", 1004), PLACES.admin)
    root = parsed(render(template("enforce"), places, failure_mode_allow=False))
    assert address(endpoint(root, "weirline")) == ("127.0.0.5", 1004)


def test_rest_of_the_file_and_its_comments_stay() -> None:
    text = template("enforce")
    changed = render(text, PLACES, failure_mode_allow=False)
    comments = [line for line in text.splitlines() if line.strip().startswith("#")]
    assert [line for line in comments if line not in changed] == []
    before, after = parsed(text), parsed(changed)
    for root in (before, after):
        del root["admin"]
        for cluster in ("service", "weirline"):
            del endpoint(root, cluster)["address"]
        del listeners(root)["ingress"]["address"]
    assert before == after


def test_unprotected_listener_differs_only_in_name_place_and_filter() -> None:
    places = Places(
        PLACES.listen, PLACES.upstream, PLACES.extproc, PLACES.admin, unprotected=Tcp("::1", 7)
    )
    root = parsed(render(template("enforce"), places, failure_mode_allow=False))
    both = listeners(root)
    assert filters(both["ingress"]) == [FILTER, "envoy.filters.http.router"]
    assert filters(both["unprotected"]) == ["envoy.filters.http.router"]
    assert address(both["unprotected"]) == ("::1", 7)


def test_certificates_are_set_in_the_mtls_bootstrap() -> None:
    tls = Tls(certificate="c.pem", key="k.pem", ca="ca.pem", server_name="side.car")
    places = Places(PLACES.listen, PLACES.upstream, Tcp("127.0.0.5", 1004), PLACES.admin, tls=tls)
    root = parsed(render(template("enforce-mtls"), places, failure_mode_allow=False))
    (cluster,) = (c for c in root["static_resources"]["clusters"] if c["name"] == "weirline")
    context = cluster["transport_socket"]["typed_config"]
    common = context["common_tls_context"]
    assert context["sni"] == "side.car"
    assert common["tls_certificates"] == [
        {"certificate_chain": {"filename": "c.pem"}, "private_key": {"filename": "k.pem"}}
    ]
    assert common["validation_context"] == {
        "trusted_ca": {"filename": "ca.pem"},
        "match_typed_subject_alt_names": [{"san_type": "DNS", "matcher": {"exact": "side.car"}}],
    }


def test_certificates_of_the_file_itself_give_the_file() -> None:
    folder = "/etc/envoy/weirline"
    tls = Tls(
        certificate=f"{folder}/client.pem",
        key=f"{folder}/client-key.pem",
        ca=f"{folder}/ca.pem",
        server_name="weirline.internal",
    )
    places = Places(
        listen=Tcp("0.0.0.0", 10000),  # noqa: S104 - what the file has; nothing listens here
        upstream=Tcp("127.0.0.1", 8080),
        extproc=Tcp("127.0.0.1", 9443),
        admin=Tcp("127.0.0.1", 9901),
        tls=tls,
    )
    text = template("enforce-mtls")
    assert parsed(render(text, places, failure_mode_allow=False)) == parsed(text)


def test_certificates_for_a_bootstrap_without_tls_are_refused() -> None:
    tls = Tls(certificate="c.pem", key="k.pem", ca="ca.pem", server_name="side.car")
    places = Places(PLACES.listen, PLACES.upstream, PLACES.extproc, PLACES.admin, tls=tls)
    with pytest.raises(TemplateError, match="transport_socket"):
        render(template("enforce"), places, failure_mode_allow=False)


def test_filter_and_its_cluster_can_be_taken_out() -> None:
    root = parsed(remove_filter(template("enforce")))
    assert filters(listeners(root)["ingress"]) == ["envoy.filters.http.router"]
    assert [each["name"] for each in root["static_resources"]["clusters"]] == ["service"]


@pytest.mark.parametrize(
    ("old", "part"),
    [
        ("- name: ingress\n      address", "ingress"),
        ("- name: service\n", "service"),
        ("- name: weirline\n", "weirline"),
        (f"- name: {FILTER}\n", FILTER),
    ],
    ids=["listener", "service", "weirline", "filter"],
)
def test_bootstrap_without_a_part_is_refused_by_its_name(old: str, part: str) -> None:
    text = template("enforce").replace(old, old.replace(part, "other"))
    with pytest.raises(TemplateError, match=part):
        render(text, PLACES, failure_mode_allow=False)


def test_installed_bootstraps_are_found_before_those_of_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "weirline"
    (tmp_path / "envoy").mkdir()
    (tmp_path / "envoy" / "enforce.yaml").write_text("of the checkout", encoding="utf-8")
    monkeypatch.setattr(weirline, "__file__", str(package / "__init__.py"))
    assert template("enforce") == "of the checkout"
    (package / "_data" / "envoy").mkdir(parents=True)
    (package / "_data" / "envoy" / "enforce.yaml").write_text("installed", encoding="utf-8")
    assert template("enforce") == "installed"
