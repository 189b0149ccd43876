"""Where policies come from: reads and compiles them, and says which one is in force.

A policy that cannot be used refuses the start, but never replaces a good one that is running.
Without a file the built-in policy runs: it observes and changes nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extproc.last_good import keep_last_good
from extproc.logs import Event, Log
from extproc.metrics import POLICY_INFO, RELOADS, ReloadResult, Tallies
from weirline.detect.detector import Detector
from weirline.errors import PolicyError, Problem
from weirline.policy.around import Around
from weirline.policy.evaluate import CompiledPolicy, compile_policy
from weirline.policy.observe_only import OBSERVE_ONLY
from weirline.policy.own_detector import own_detectors
from weirline.policy.parse import parse_policy
from weirline.policy.policy import Policy

BUILT_IN = "built-in"
LARGEST_POLICY_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class ReadPolicy:
    """A policy that can be used, the first hex digits of its file's SHA-256, its own detectors."""

    policy: CompiledPolicy
    digest: str
    text: str = field(repr=False)
    own: tuple[Detector, ...] = ()


class PolicyStore:
    """Loads the policy of one path, at start and again when asked to."""

    def __init__(
        self,
        path: str,
        detectors: Sequence[Detector],
        *,
        tallies: Tallies,
        log: Log,
        key_sets: Collection[str] = (),
        hash_key: bytes = bytes(32),
        tokenise_key: bytes = bytes(32),
        value_key: bytes = bytes(32),
        state_dir: str = "",
        ready: Callable[[ReadPolicy], object] = lambda _: None,
    ) -> None:
        """`key_sets` are names that policies verify tokens with, the keys for what they redact.

        `ready` makes what a policy needs, such as its scanner, and may raise PolicyError too.
        """
        self._ready = ready
        self._path = path
        self._key_sets = key_sets
        self._hash_key = hash_key
        self._tokenise_key = tokenise_key
        self._value_key = value_key
        self._state_dir = state_dir
        self._detectors = detectors
        self._tallies = tallies
        self._log = log

    def load(self) -> CompiledPolicy:
        """Read and compile the policy. Raises PolicyError with every problem in it."""
        read = self._made_ready()
        self._tell(read)
        return read.policy

    async def reload(self) -> CompiledPolicy | None:
        """Read the policy again; return None, counted and logged, where the old one stays.

        A policy of some hundred lines takes longer than the loop may be held up, so a thread
        compiles it.
        """
        try:
            read = await asyncio.to_thread(self._made_ready)
        except PolicyError as error:
            self.refuse(error)
            return None
        self.announce(read)
        return read.policy

    def read_again(self) -> ReadPolicy | None:
        """Do the same without a thread, for a process that forks; `announce` it when it is used."""
        try:
            return self._compile()
        except PolicyError as error:
            self.refuse(error)
            return None

    def announce(self, read: ReadPolicy) -> None:
        """Count and log that a policy that was read again is in force."""
        self._tell(read)
        self._tallies.add(RELOADS, (ReloadResult.LOADED.value,))

    def refuse(self, error: PolicyError) -> None:
        """Count and log that a policy that was read again stays out."""
        self._tallies.add(RELOADS, (ReloadResult.REFUSED.value,))
        log_problems(self._log, Event.POLICY_REFUSED, error.problems)

    def _made_ready(self) -> ReadPolicy:
        read = self._compile()
        self._ready(read)
        return read

    def _compile(self) -> ReadPolicy:
        text = _read(self._path) if self._path else OBSERVE_ONLY
        policy = parse_policy(text, self._path or BUILT_IN, self._detectors)
        self._refuse_unknown_keys(policy)
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        today = time.strftime("%Y-%m-%d", time.gmtime())
        around = Around(today, self._hash_key, self._tokenise_key, self._value_key)
        compiled = compile_policy(policy, self._detectors, around)
        return ReadPolicy(compiled, digest, text, own_detectors(policy.detectors))

    def _refuse_unknown_keys(self, policy: Policy) -> None:
        """Refuse a policy whose tokens nobody here could verify."""
        token = policy.defaults.token
        wanted = None if token is None or token.jwt is None else token.jwt.verify
        if wanted is not None and wanted not in self._key_sets:
            mend = "no key set of this name in the setting `jwks_dir`"
            field = "defaults.token.jwt.verify"
            raise PolicyError([Problem("E02", self._path or BUILT_IN, 0, 0, field, mend)])

    def _tell(self, read: ReadPolicy) -> None:
        policy, digest = read.policy, read.digest
        if self._path:
            keep_last_good(self._state_dir, read.text)
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
