"""The settings that are one of a few words, and those words."""

from __future__ import annotations

import enum


class Transport(enum.StrEnum):
    """Which server speaks gRPC."""

    AUTO = "auto"
    H2 = "h2"
    GRPC = "grpc"


class Wiring(enum.StrEnum):
    """Which of the shipped Envoy files is in use; asked only where Envoy does not say."""

    ENFORCE = "enforce"
    RESPONSE_ONLY = "response-only"


class LogFormat(enum.StrEnum):
    """How a log line is written."""

    JSON = "json"
    TEXT = "text"


class LogLevel(enum.StrEnum):
    """The least level that is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
