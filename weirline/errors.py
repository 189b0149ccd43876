"""The errors of the whole project, sorted by whose fault they are.

WeirlineError
├── ConfigurationError      the operator's input; carries every problem found, not the first
│   ├── DetectorError
│   ├── PolicyError
│   └── SettingsError
├── PeerProtocolError       the other end of a stream broke the protocol
├── FlowUsageError          our own shell called the core in a way it forbids
├── Unreadable              a body is not what it says it is, or unpacks to too much
└── LimitExceeded           a bound with a setting was reached

No text here ever quotes the value that was at fault: a policy or a settings file may hold secrets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class WeirlineError(Exception):
    """Root of every error this project raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with what an operator wrote, at one place, with the way to mend it.

    `line` and `column` count from 1; 0 means the place has none (an environment variable, a flag).
    """

    code: str
    file: str
    line: int
    column: int
    field: str
    expectation: str

    def __str__(self) -> str:
        place = self.file if not self.line else f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.code} {self.field}: {self.expectation}"


class ConfigurationError(WeirlineError):
    """Input of an operator that cannot be used; `problems` lists everything found, at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DetectorError(ConfigurationError):
    """A detector file that cannot be used."""


class PolicyError(ConfigurationError):
    """A policy that cannot be used."""


class SettingsError(ConfigurationError):
    """Settings of a server that cannot be used."""


class PeerProtocolError(WeirlineError):
    """The peer sent what the protocol does not allow in this state."""


class FlowUsageError(WeirlineError):
    """The shell handed the core something its contract rules out: a bug of ours."""


class OverBudget(WeirlineError):
    """There is no room for what a flow would have to keep: it is shed, as the fail mode says."""


class Unreadable(WeirlineError):
    """A body cannot be read as what its headers say it is; `why` is a fixed word, no text of it."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"body unreadable: {why}")


class LimitExceeded(WeirlineError):
    """A bound was reached; `limit` is the name of its setting."""

    def __init__(self, limit: str) -> None:
        self.limit = limit
        super().__init__(f"limit reached: {limit}")
