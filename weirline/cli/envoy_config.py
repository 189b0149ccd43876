"""Fits one of the bootstraps in envoy/ to a place: addresses, fail mode, certificates.

The files in envoy/ load as they are and are meant to be read and edited by people; the demo, the
bench and the tests need the same files with other ports. So this sets fields in the parsed YAML,
found by the names the files give to their parts (listener `ingress`, clusters `service` and
`weirline`), and keeps the comments. It refuses a file that lacks one of these parts.

Source: envoy.config.bootstrap.v3.Bootstrap and what it holds.
"""

from __future__ import annotations

import copy
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString as _Text

import weirline
from weirline.errors import WeirlineError

if TYPE_CHECKING:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

FILTER = "envoy.filters.http.ext_proc"


class TemplateError(WeirlineError):
    """A bootstrap without a part that is to be set; the text names the part."""


@dataclass(frozen=True, slots=True)
class Tcp:
    """An address of a host and a port; port 0 lets the system choose one."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Pipe:
    """A unix socket by its path (Envoy's own word for it)."""

    path: str


@dataclass(frozen=True, slots=True)
class Tls:
    """What Envoy needs for mutual TLS: paths of PEM files, and the name it expects."""

    certificate: str
    key: str
    ca: str
    server_name: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything is in one rendering.

    `unprotected`, if given, is a second listener like the first but without the filter. `tls` is
    for enforce-mtls.yaml and only for it.
    """

    listen: Tcp
    upstream: Tcp
    extproc: Tcp | Pipe
    admin: Tcp
    unprotected: Tcp | None = None
    tls: Tls | None = None


def template(name: str) -> str:
    """Return the text of one of the shipped bootstraps: enforce, response-only or enforce-mtls.

    An installed package has them beside the code, a checkout at its root. Raises OSError.
    """
    package = Path(weirline.__file__).parent
    installed = package / "_data" / "envoy"
    folder = installed if installed.is_dir() else package.parent / "envoy"
    return folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8")


def render(bootstrap: str, places: Places, *, failure_mode_allow: bool) -> str:
    """Return the text `bootstrap` with `places` and the fail mode of the policy set.

    Raises TemplateError where it lacks a part.
    """
    root = _load(bootstrap)
    _set_address(root["admin"], places.admin)
    ingress = _named(root, "listeners", "ingress")
    _set_address(ingress, places.listen)
    http_filter(root)["typed_config"]["failure_mode_allow"] = failure_mode_allow
    _set_address(_endpoint(_named(root, "clusters", "service")), places.upstream)
    weirline = _named(root, "clusters", "weirline")
    _set_address(_endpoint(weirline), places.extproc)
    if places.tls is not None:
        _set_tls(weirline, places.tls)
    if places.unprotected is not None:
        bare = copy.deepcopy(ingress)
        bare["name"] = "unprotected"
        _manager(bare)["stat_prefix"] = "unprotected"
        _set_address(bare, places.unprotected)
        _drop_filter(bare)
        root["static_resources"]["listeners"].append(bare)
    return _dump(root)


def remove_filter(bootstrap: str) -> str:
    """Return the bootstrap without Weirline: no filter in any listener, no cluster for it."""
    root = _load(bootstrap)
    for listener in root["static_resources"]["listeners"]:
        _drop_filter(listener)
    weirline = _named(root, "clusters", "weirline")
    root["static_resources"]["clusters"].remove(weirline)
    return _dump(root)


def http_filter(root: CommentedMap) -> CommentedMap:
    """Return the ext_proc filter of the listener `ingress` in a parsed bootstrap.

    Raises TemplateError where there is none.
    """
    found: CommentedMap
    for found in _http_filters(_named(root, "listeners", "ingress")):
        if found["name"] == FILTER:
            return found
    raise TemplateError(f"the listener ingress has no filter {FILTER}")


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _load(text: str) -> CommentedMap:
    root: CommentedMap = _yaml().load(text)
    return root


def _dump(root: object) -> str:
    out = io.StringIO()
    _yaml().dump(root, out)
    return out.getvalue()


def _named(root: CommentedMap, kind: str, name: str) -> CommentedMap:
    found: CommentedMap
    for found in root["static_resources"][kind]:
        if found["name"] == name:
            return found
    raise TemplateError(f"the bootstrap has no {name} among its {kind}")


def _manager(listener: CommentedMap) -> CommentedMap:
    manager: CommentedMap = listener["filter_chains"][0]["filters"][0]["typed_config"]
    return manager


def _http_filters(listener: CommentedMap) -> CommentedSeq:
    filters: CommentedSeq = _manager(listener)["http_filters"]
    return filters


def _drop_filter(listener: CommentedMap) -> None:
    filters = _http_filters(listener)
    for each in [each for each in filters if each["name"] == FILTER]:
        filters.remove(each)


def _endpoint(cluster: CommentedMap) -> CommentedMap:
    endpoint: CommentedMap = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0][
        "endpoint"
    ]
    return endpoint


def _set_address(owner: CommentedMap, address: Tcp | Pipe) -> None:
    # Quoted, as an IPv6 address without quotes is no YAML here.
    # In place where the kind is the same: comments that follow belong to the old nodes.
    if isinstance(address, Pipe):
        owner["address"].pop("socket_address", None)
        owner["address"].setdefault("pipe", {})["path"] = _Text(address.path)
    else:
        owner["address"].pop("pipe", None)
        place = owner["address"].setdefault("socket_address", {})
        place["address"], place["port_value"] = _Text(address.host), address.port


def _set_tls(cluster: CommentedMap, tls: Tls) -> None:
    if "transport_socket" not in cluster:
        raise TemplateError("the cluster weirline has no transport_socket to set certificates in")
    context = cluster["transport_socket"]["typed_config"]
    context["sni"] = tls.server_name
    common = context["common_tls_context"]
    common["tls_certificates"] = [
        {"certificate_chain": {"filename": tls.certificate}, "private_key": {"filename": tls.key}}
    ]
    common["validation_context"]["trusted_ca"] = {"filename": tls.ca}
    common["validation_context"]["match_typed_subject_alt_names"] = [
        {"san_type": "DNS", "matcher": {"exact": tls.server_name}}
    ]
