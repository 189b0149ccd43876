"""Where policies come from: reads and compiles them, and says which one is in force.

A policy that cannot be used refuses the start, but never replaces a good one that is running.
Without a file the built-in policy runs: it observes and changes nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path

from extproc.logs import Event, Log
from extproc.metrics import POLICY_INFO, RELOADS, ReloadResult, Tallies
from weirline.detect.detector import Detector
from weirline.errors import PolicyError, Problem
from weirline.policy.evaluate import CompiledPolicy, compile_policy
from weirline.policy.observe_only import OBSERVE_ONLY
from weirline.policy.parse import parse_policy

BUILT_IN = "built-in"
LARGEST_POLICY_BYTES = 4 << 20


class PolicyStore:
    """Loads the policy of one path, at start and again when asked to."""

    def __init__(
        self, path: str, detectors: Sequence[Detector], *, tallies: Tallies, log: Log
    ) -> None:
        self._path = path
        self._detectors = detectors
        self._tallies = tallies
        self._log = log

    def load(self) -> CompiledPolicy:
        """Read and compile the policy. Raises PolicyError with every problem in it."""
        policy, digest = self._compile()
        self._announce(policy, digest)
        return policy

    async def reload(self) -> CompiledPolicy | None:
        """Read the policy again; return None, counted and logged, where the old one stays.

        A policy of some hundred lines takes longer than the loop may be held up, so a thread
        compiles it.
        """
        try:
            policy, digest = await asyncio.to_thread(self._compile)
        except PolicyError as error:
            self._tallies.add(RELOADS, (ReloadResult.REFUSED.value,))
            log_problems(self._log, Event.POLICY_REFUSED, error.problems)
            return None
        self._announce(policy, digest)
        self._tallies.add(RELOADS, (ReloadResult.LOADED.value,))
        return policy

    def _compile(self) -> tuple[CompiledPolicy, str]:
        text = _read(self._path) if self._path else OBSERVE_ONLY
        policy = parse_policy(text, self._path or BUILT_IN, self._detectors)
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        return compile_policy(policy, self._detectors), digest

    def _announce(self, policy: CompiledPolicy, digest: str) -> None:
        self._tallies.set_only(POLICY_INFO, (policy.name, policy.mode.value, digest))
        if self._path:
            self._log.info(
                Event.POLICY_LOADED, name=policy.name, mode=policy.mode.value, digest=digest
            )
        else:
            self._log.warning(Event.POLICY_BUILT_IN, mode=policy.mode.value)


def log_problems(log: Log, event: Event, problems: Sequence[Problem]) -> None:
    """Write one line for each problem, with its place and the way to mend it."""
    for problem in problems:
        log.error(
            event,
            code=problem.code,
            file=problem.file,
            line=problem.line,
            column=problem.column,
            field=problem.field,
            expectation=problem.expectation,
        )


def _read(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(LARGEST_POLICY_BYTES + 1)
        if len(content) <= LARGEST_POLICY_BYTES:
            return content.decode()
    except (OSError, UnicodeDecodeError):
        pass
    expectation = "the policy file must be readable, UTF-8 and at most 4 MiB"
    raise PolicyError([Problem("E01", path, 0, 0, "file", expectation)])
