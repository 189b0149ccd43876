"""The settings of the sidecar: one table, and the frozen object that everything is built from.

A setting exists if, and only if, it has a row in `SETTINGS`; the file, the environment, the flags,
`--show-settings` and docs/reference/settings.md are all read off that table. This module holds no
value's origin and opens no file (settings_sources does).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

import msgspec

from extproc.settings_choices import LogFormat, LogLevel, Transport, Wiring
from weirline.flow.limits import Tunnels

__all__ = ["LogFormat", "LogLevel", "Settings", "Transport", "Wiring"]

Value = str | int | float

KIB = 1024
MIB = 1024 * KIB


class Kind(enum.Enum):
    """How the text of a setting is read."""

    TEXT = "text"
    PATH = "path"
    ADDRESS = "host:port"
    CHOICE = "one of"
    WHOLE = "whole number"
    SECONDS = "number"
    FILE_MODE = "octal file mode"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Every setting with its value; units and bounds stand in `SETTINGS`."""

    socket: str = "/run/weirline/extproc.sock"
    socket_mode: int = 0o660
    socket_group: str = ""
    peer_users: str = ""
    listen: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    tls_client_ca: str = ""
    transport: Transport = Transport.AUTO
    workers: int = 1
    worker_memory_bytes: int = 512 * MIB
    worker_hang_seconds: float = 2.0
    packs: str = "default"
    policy: str = ""
    policy_watch_seconds: float = 2.0
    identity: str = ""
    jwks_dir: str = ""
    jwks_urls: str = ""
    jwks_refresh_seconds: float = 300.0
    xfcc_from: str = ""
    key_file: str = ""
    grpc_descriptors: str = ""
    wiring: Wiring = Wiring.ENFORCE
    admin: str = "127.0.0.1:9464"
    state_dir: str = "/var/lib/weirline"
    log_format: LogFormat = LogFormat.JSON
    log_level: LogLevel = LogLevel.INFO
    envoy_buffer_bytes: int = MIB
    hold_back_bytes: int = 64 * KIB
    frame_bytes: int = 4 * MIB
    max_inflate_ratio: int = 100
    tunnels: Tunnels = Tunnels.UNREAD
    max_findings: int = 10_000
    window_actors: int = 20_000
    max_message_bytes: int = 16 * MIB
    max_concurrent_streams: int = 1024
    max_streams: int = 8192
    budget_bytes: int = 128 * MIB
    pool_threads: int = 2
    pool_threshold_bytes: int = 256 * KIB
    slow_answer_seconds: float = 0.5
    answer_seconds: float = 10.0
    stream_idle_seconds: float = 600.0
    drain_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: how a setting is spelt, read, bounded and explained.

    `least` and `most` are inclusive and only for numbers; `unit` is empty where there is none.
    """

    name: str
    kind: Kind
    doc: str
    unit: str = ""
    least: float = 0
    most: float = 0
    choices: tuple[str, ...] = ()

    @property
    def flag(self) -> str:
        """The spelling on the command line."""
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        """The spelling in the environment."""
        return "WEIRLINE_" + self.name.upper()

    @property
    def default(self) -> Value:
        """The value without any file, variable or flag."""
        value: Value = getattr(DEFAULTS, self.name)
        return value


def _choice(name: str, choices: type[enum.StrEnum], doc: str) -> Setting:
    return Setting(name, Kind.CHOICE, doc, choices=tuple(choice.value for choice in choices))


def _whole(name: str, doc: str, unit: str, *, least: int, most: int) -> Setting:
    return Setting(name, Kind.WHOLE, doc, unit, least, most)


def _seconds(name: str, doc: str, *, least: float, most: float) -> Setting:
    return Setting(name, Kind.SECONDS, doc, "seconds", least, most)


DEFAULTS = Settings()

SETTINGS: tuple[Setting, ...] = (
    Setting("socket", Kind.PATH, "Unix socket that Envoy connects to; empty for none."),
    Setting(
        "socket_mode", Kind.FILE_MODE, "File mode of the unix socket.", least=0o600, most=0o777
    ),
    Setting("socket_group", Kind.TEXT, "Group of the unix socket, by name or number."),
    Setting(
        "peer_users",
        Kind.TEXT,
        "Users, by name or number and parted by commas, that may connect to the unix socket; "
        "empty is everybody whom its rights let in. Needs the transport h2.",
    ),
    Setting(
        "listen",
        Kind.ADDRESS,
        "TCP address to serve on as well; without TLS it must be a loopback address.",
    ),
    Setting("tls_cert", Kind.PATH, "Certificate chain (PEM) for `listen`."),
    Setting("tls_key", Kind.PATH, "Private key (PEM) that belongs to `tls_cert`."),
    Setting(
        "tls_client_ca",
        Kind.PATH,
        "Authorities (PEM) one of which must have signed the client's certificate.",
    ),
    _choice(
        "transport",
        Transport,
        "Which server speaks gRPC: h2 is the fast one, grpc is grpcio; auto takes h2 where it is "
        "built and `listen` has no TLS.",
    ),
    _whole(
        "workers",
        "Processes that serve, on the transport h2; with more than one each has its own socket: "
        "SOCKET.0, SOCKET.1 and so on, all endpoints of one cluster in Envoy.",
        "workers",
        least=1,
        most=64,
    ),
    _whole(
        "worker_memory_bytes",
        "A worker that grows beyond it is replaced, beyond twice as much killed; 0 is no bound.",
        "bytes",
        least=0,
        most=1 << 40,
    ),
    _seconds(
        "worker_hang_seconds",
        "A worker without a sign of life for this long is killed and replaced.",
        least=1,
        most=600,
    ),
    Setting(
        "packs",
        Kind.TEXT,
        "Shipped packs of detectors to look for, parted by commas: `default`, `core` (51 kinds, "
        "the quickest), `secrets`, `pci`, `gdpr`, `hipaa`, `americas`, `europe`, `asia_pacific`, "
        "`middle_east_africa`.",
    ),
    Setting("policy", Kind.PATH, "Policy file; empty runs the built-in observe-only policy."),
    _seconds(
        "policy_watch_seconds",
        "A policy file that changed is read again when it stayed the same for so long; 0 waits for "
        "SIGHUP.",
        least=0,
        most=3_600,
    ),
    Setting(
        "identity",
        Kind.TEXT,
        "SPIFFE id of the workload beside this sidecar, where Envoy has no certificate to say it.",
    ),
    Setting(
        "jwks_dir",
        Kind.PATH,
        "Folder of key sets (NAME.json, each a JWKS) that policies verify tokens with.",
    ),
    Setting(
        "jwks_urls",
        Kind.TEXT,
        "Key sets that are fetched in the background: NAME=https://ADDRESS, parted by commas.",
    ),
    _seconds("jwks_refresh_seconds", "How often they are fetched.", least=1, most=86_400),
    Setting("xfcc_from", Kind.TEXT, "SPIFFE ids of gateways whose word on their callers counts."),
    Setting(
        "key_file",
        Kind.PATH,
        "File with at least 32 secret bytes, from which the keys of hashes are derived; without it "
        "one is made in `state_dir`.",
    ),
    Setting(
        "grpc_descriptors",
        Kind.PATH,
        "File with a FileDescriptorSet (`protoc --include_imports --descriptor_set_out`) that "
        "names the fields of gRPC messages; without it they are read without names.",
    ),
    _choice("wiring", Wiring, "The wiring to assume where Envoy does not tell its modes."),
    Setting(
        "admin",
        Kind.ADDRESS,
        "Address of /healthz, /readyz and /metrics; port 0 takes a free one, empty is none.",
    ),
    Setting("state_dir", Kind.PATH, "Directory for the pattern cache; empty for none."),
    _choice("log_format", LogFormat, "How log lines are written."),
    _choice("log_level", LogLevel, "The least level that is written."),
    _whole(
        "envoy_buffer_bytes",
        "Envoy's per_connection_buffer_limit_bytes; longer bodies are not buffered.",
        "bytes",
        least=16 * KIB,
        most=1024 * MIB,
    ),
    _whole(
        "hold_back_bytes",
        "Most bytes of a stream that may wait for the rest of a value.",
        "bytes",
        least=KIB,
        most=16 * MIB,
    ),
    _whole(
        "frame_bytes",
        "Largest gRPC message, event or WebSocket message that is read; larger ones are counted.",
        "bytes",
        least=KIB,
        most=256 * MIB,
    ),
    _whole(
        "max_inflate_ratio",
        "Most bytes that a packed body may unpack to for each of its own, beyond 1 MiB.",
        "times",
        least=2,
        most=10_000,
    ),
    _choice(
        "tunnels",
        Tunnels,
        "What is done with connections that stop being HTTP: unread counts them, websocket reads "
        "WebSocket and counts the rest.",
    ),
    _whole(
        "max_findings",
        "Most findings in one text; more are not looked for, and counted.",
        "findings",
        least=1,
        most=10_000_000,
    ),
    _whole(
        "window_actors",
        "Most actors that each window of a policy tells apart at once, in each worker; further "
        "ones share one. About 1 KB each.",
        "actors",
        least=100,
        most=1_000_000,
    ),
    _whole(
        "max_message_bytes",
        "Largest message taken from Envoy; must be above `envoy_buffer_bytes` by 64 KiB.",
        "bytes",
        least=128 * KIB,
        most=1536 * MIB,
    ),
    _whole(
        "max_concurrent_streams",
        "Most streams at once on one connection; Envoy opens another one above it.",
        "streams",
        least=1,
        most=1_000_000,
    ),
    _whole(
        "max_streams",
        "Most streams at once in all; more are refused with UNAVAILABLE.",
        "streams",
        least=1,
        most=1_000_000,
    ),
    _whole(
        "budget_bytes",
        "Most bytes that the streams of one worker may keep between messages, and as many again in "
        "messages begun and answers waiting; a stream that needs more is ended.",
        "bytes",
        least=MIB,
        most=1 << 40,
    ),
    _whole("pool_threads", "Threads that scan large messages.", "threads", least=1, most=64),
    _whole(
        "pool_threshold_bytes",
        "Messages above this size are worked on in the thread pool.",
        "bytes",
        least=KIB,
        most=1024 * MIB,
    ),
    _seconds(
        "slow_answer_seconds",
        "Answers that take longer are counted: below Envoy's message_timeout, which ends them.",
        least=0.001,
        most=3_600,
    ),
    _seconds(
        "answer_seconds",
        "An answer that takes longer ends its stream; one that cannot be stopped, its worker.",
        least=1,
        most=3_600,
    ),
    _seconds(
        "stream_idle_seconds",
        "A stream without a message for this long is ended with UNAVAILABLE; 0 is never.",
        least=0,
        most=86_400,
    ),
    _seconds(
        "drain_seconds",
        "How long running streams may go on after SIGTERM.",
        least=0,
        most=3_600,
    ),
)
