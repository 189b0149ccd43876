"""`weirline doctor`: finds, in an Envoy configuration, what would let traffic pass unscanned.

Envoy loads all of these without a word, and each one makes a policy say something that does not
happen. It reads a file, or asks the admin page that it is given; a configuration without an
ext_proc filter is the first thing to find, since that is the silence it is there to break.
Sources: envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor, bootstrap v3.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from weirline.cli.envoy_admin import Version, fault_of, read_admin
from weirline.cli.output import complain, say
from weirline.errors import Problem, SettingsError
from weirline.policy.defaults import effective_defaults
from weirline.policy.parse import parse_policy
from weirline.policy.policy import ScannerDown

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

FILTER_TYPE = "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor"
ENVOY_BUFFER_DEFAULT_BYTES = 1 << 20
PER_ROUTE_TYPE = "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute"
SHORTEST_TIMEOUT_S = 0.5
UNSUPPORTED_MODES = ("GRPC",)
STREAMING = {"STREAMED", "FULL_DUPLEX_STREAMED"}
NAMESPACE = "weirline"  # of the metadata that the sidecar sends

# A parsed document: what YAML and JSON can hold.
Node = Mapping[str, "Node"] | Sequence["Node"] | str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing found: its code, and a sentence that says what happens and how to mend it."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the sidecar is set up with. `fail_open` is None where no policy was given."""

    envoy_buffer_bytes: int
    fail_open: bool | None


def add_parser(subparsers: Subparsers) -> None:
    """Add the verb `doctor`."""
    parser = subparsers.add_parser("doctor", help="find what lets traffic bypass the scanner")
    parser.add_argument(
        "envoy",
        metavar="FILE|URL",
        help="an Envoy bootstrap or listener, YAML or JSON, or the address of an admin page",
    )
    parser.add_argument("--policy", metavar="FILE", help="the policy the sidecar runs")
    parser.add_argument(
        "--envoy-buffer-bytes",
        type=int,
        default=ENVOY_BUFFER_DEFAULT_BYTES,
        metavar="N",
        help="the sidecar's setting of that name (default %(default)s)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Examine one file; return 0 if nothing was found, 1 otherwise."""
    fail_open = None if args.policy is None else _fails_open(args.policy)
    version: Version | None = None
    if args.envoy.startswith("http://"):
        document, version = read_admin(args.envoy)
    else:
        document = _read(args.envoy)
    found = list(examine(document, Expectation(args.envoy_buffer_bytes, fail_open)))
    if version is not None:
        found += of_version(version)
    found = list(dict.fromkeys(found))  # a dump says some things twice
    for advice in found:
        complain(f"{args.envoy}: {advice.code} {advice.text}")
    if not found:
        say(f"{args.envoy}: nothing found that lets traffic pass unscanned")
    return 1 if found else 0


def examine(document: Node, expectation: Expectation) -> Iterator[Advice]:
    """Return what is wrong with a parsed configuration."""
    filters = [node for node in _walk(document) if node.get("@type") == FILTER_TYPE]
    if not filters:
        yield Advice("D01", "no ext_proc filter: nothing is scanned")
    if len(filters) > 1:
        yield Advice(
            "D13",
            f"{len(filters)} ext_proc filters: in one chain they have cut bodies, and a value is "
            "counted by each; keep one",
        )
    for config in filters:
        yield from _of_filter(config, expectation)
        yield from _of_service(config)
    yield from _around(document, filters)
    for node in _walk(document):
        if node.get("@type") == PER_ROUTE_TYPE:
            yield from _of_route(node, expectation)
        if node.get("@type") == PER_ROUTE_TYPE and node.get("disabled") is True:
            yield Advice("D10", "a route sets ExtProcPerRoute disabled: its traffic is not scanned")
        limit = node.get("per_connection_buffer_limit_bytes")
        if isinstance(limit, int) and limit < expectation.envoy_buffer_bytes:
            yield Advice(
                "D07",
                f"per_connection_buffer_limit_bytes is {limit}: bodies between it and the "
                f"sidecar's envoy_buffer_bytes ({expectation.envoy_buffer_bytes}) fail; "
                "make both equal",
            )


def of_version(version: Version) -> Iterator[Advice]:
    """Return what is wrong with an Envoy of this version."""
    fault = fault_of(version)
    if fault is not None:
        yield Advice("D18", f"Envoy {'.'.join(map(str, version))}: {fault}; take a newer one")


def _of_route(config: Mapping[str, Node], expectation: Expectation) -> Iterator[Advice]:
    """What a route changes about the filter."""
    overrides = config.get("overrides")
    if not isinstance(overrides, Mapping):
        return
    allows = overrides.get("failure_mode_allow")
    if (
        isinstance(allows, bool)
        and expectation.fail_open is not None
        and (allows is not expectation.fail_open)
    ):
        yield Advice(
            "D19",
            "a route overrides failure_mode_allow against the policy's defaults.scanner_down; "
            "take the line out",
        )
    if "processing_mode" in overrides:
        yield Advice(
            "D20",
            "a route overrides processing_mode: what is skipped there passes unscanned, and the "
            "sidecar cannot ask for it; take the line out",
        )


def _of_filter(config: Mapping[str, Node], expectation: Expectation) -> Iterator[Advice]:
    if config.get("disable_immediate_response") is True:
        yield Advice(
            "D02",
            "disable_immediate_response is true: a block becomes an error, or passes where the "
            "filter fails open; remove the line",
        )
    mode = config.get("processing_mode")
    modes = mode if isinstance(mode, Mapping) else {}
    body = modes.get("response_body_mode", "NONE")
    if config.get("allow_mode_override") is not True:
        yield Advice(
            "D03",
            f"allow_mode_override is not true: bodies come as {body} whatever they are, so large "
            "ones fail or pass unseen; set it to true",
        )
    for name in ("request_body_mode", "response_body_mode"):
        if modes.get(name) in UNSUPPORTED_MODES:
            yield Advice("D04", f"{name} {modes[name]} is not spoken by this version")
    if modes.get("response_header_mode") == "SKIP":
        yield Advice(
            "D05",
            "response_header_mode is SKIP: a blocked response reaches the client as a cut one with "
            "its own status; set SEND",
        )
    allows = config.get("failure_mode_allow") is True
    if expectation.fail_open is not None and allows is not expectation.fail_open:
        wanted = "true" if expectation.fail_open else "false"
        yield Advice(
            "D06",
            f"failure_mode_allow does not follow the policy's defaults.scanner_down; set {wanted}",
        )
    if config.get("observability_mode") is True:
        yield Advice("D08", "observability_mode is true: everything passes, whatever is decided")
    if (
        modes.get("request_header_mode") == "SKIP"
        and modes.get("request_body_mode", "NONE") != "NONE"
    ):
        yield Advice("D11", "request_header_mode is SKIP: what requests carry in headers passes")
    timeout = config.get("message_timeout", "0.2s")
    if isinstance(timeout, str) and _seconds(timeout) < SHORTEST_TIMEOUT_S:
        yield Advice(
            "D12",
            f"message_timeout is {timeout}: large bodies on a busy machine end as if the sidecar "
            "were down; set 1s",
        )
    if "forward_rules" in config:
        yield Advice("D09", "forward_rules hides headers from the scanner: they pass unscanned")


def _of_service(config: Mapping[str, Node]) -> Iterator[Advice]:
    if "http_service" in config:
        yield Advice(
            "D21", "http_service carries headers alone: no body is scanned; set grpc_service"
        )
    if config.get("allowed_override_modes"):
        yield Advice(
            "D22",
            "allowed_override_modes: what the sidecar asks for and is not listed in all five "
            "fields is ignored without a word; take the list out",
        )


def _around(document: Node, filters: Sequence[Mapping[str, Node]]) -> Iterator[Advice]:
    """What stands elsewhere and changes what the filter sees."""
    streams = any(_body_modes(config) & STREAMING for config in filters)
    upgrades = False
    for node in _walk(document):
        upgrades = upgrades or bool(node.get("upgrade_configs"))
        policy = node.get("retry_policy")
        if streams and "cluster" in node and isinstance(policy, Mapping):
            yield Advice(
                "D14",
                "a route retries while bodies are streamed: a second try has sent a body twice; "
                "take retry_policy from routes whose requests have bodies",
            )
    for config in filters:
        if upgrades and "BUFFERED" in _request_mode(config):
            yield Advice(
                "D15",
                "request_body_mode BUFFERED beside upgrade_configs: an upgrade waits for a body "
                "that never ends; set NONE, the sidecar asks for what it needs",
            )
        modes = config.get("processing_mode")
        for way in ("request", "response"):
            mode = modes.get(f"{way}_body_mode") if isinstance(modes, Mapping) else None
            trailers = modes.get(f"{way}_trailer_mode") if isinstance(modes, Mapping) else None
            if mode == "FULL_DUPLEX_STREAMED" and trailers != "SEND":
                yield Advice(
                    "D16",
                    f"{way}_body_mode FULL_DUPLEX_STREAMED without {way}_trailer_mode SEND: Envoy "
                    "refuses it, and a held tail would have no place to go; set SEND",
                )
        options = config.get("metadata_options")
        receiving = options.get("receiving_namespaces") if isinstance(options, Mapping) else None
        if not isinstance(receiving, Mapping) or NAMESPACE not in _texts(receiving.get("untyped")):
            yield Advice(
                "D17",
                f"metadata_options.receiving_namespaces lacks {NAMESPACE}: verdicts and counts for "
                "your access log are dropped; list it under untyped",
            )


def _body_modes(config: Mapping[str, Node]) -> set[str]:
    modes = config.get("processing_mode")
    if not isinstance(modes, Mapping):
        return set()
    return {str(modes.get(name)) for name in ("request_body_mode", "response_body_mode")}


def _request_mode(config: Mapping[str, Node]) -> str:
    modes = config.get("processing_mode")
    return str(modes.get("request_body_mode")) if isinstance(modes, Mapping) else ""


def _texts(node: Node) -> Sequence[Node]:
    return node if isinstance(node, Sequence) and not isinstance(node, str) else ()


def _seconds(duration: str) -> float:
    """The seconds of a duration as protobuf writes it in JSON; 0 for what is none."""
    try:
        return float(duration.removesuffix("s"))
    except ValueError:
        return 0.0


def _walk(node: Node) -> Iterator[Mapping[str, Node]]:
    if isinstance(node, Mapping):
        yield node
        for child in node.values():
            yield from _walk(child)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for child in node:
            yield from _walk(child)


def _read(file: str) -> Node:
    try:
        document: Node = YAML(typ="safe").load(Path(file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError):
        expectation = "must be a readable YAML or JSON file"
        raise SettingsError([Problem("D00", file, 0, 0, "file", expectation)]) from None
    return document


def _fails_open(file: str) -> bool:
    from weirline.rulepack.shipped import shipped_detectors

    try:
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        expectation = "must be a readable policy file"
        raise SettingsError([Problem("D00", file, 0, 0, "policy", expectation)]) from None
    defaults = effective_defaults(parse_policy(text, file, shipped_detectors()))
    return defaults.scanner_down is ScannerDown.ALLOW
