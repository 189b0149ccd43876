"""The detectors and the policy in force, and the sessions that are opened with them.

It is loaded once, before anything is served, and refuses what cannot be used; a policy that is read
again later comes into force whole or not at all.
"""

from __future__ import annotations

from extproc.descriptors import load_schemas
from extproc.exchange import OpenExchange
from extproc.key_sets import load_key_sets
from extproc.logs import Log
from extproc.metrics import Tallies
from extproc.pack_store import load_pack
from extproc.policy_store import PolicyStore, ReadPolicy
from extproc.policy_watch import PolicyWatch
from extproc.secret_keys import load_keys
from extproc.session import SessionFactory
from extproc.settings import Settings
from extproc.witness import Witness
from weirline.flow.limits import Limits
from weirline.policy.evaluate import CompiledPolicy


class RulesInForce:
    """Holds the pack and the policy. Mutable: `open_exchange` is of the policy in force.

    Raises DetectorError or PolicyError where they cannot be used at the start.
    """

    def __init__(self, settings: Settings, *, tallies: Tallies, log: Log) -> None:
        self._settings = settings
        self._pack = load_pack(
            settings.packs, settings.state_dir, settings.max_findings, tallies=tallies, log=log
        )
        keys = load_keys(settings.key_file, settings.state_dir)
        key_sets = load_key_sets(settings.jwks_dir)
        self._witness = Witness(settings.identity, key_sets, actor_key=keys.derive("actor"))
        self._store = PolicyStore(
            settings.policy,
            self._pack.detectors,
            tallies=tallies,
            log=log,
            key_sets=key_sets,
            hash_key=keys.derive("hash"),
            tokenise_key=keys.derive("tokenise"),
            state_dir=settings.state_dir,
        )
        self._schemas = load_schemas(settings.grpc_descriptors)
        self._watch = PolicyWatch(settings.policy, settings.policy_watch_seconds)
        self.open_exchange: OpenExchange = self._opener(self._store.load())

    def prepare(self) -> None:
        """Load what checks need, off the loop, before traffic asks for it."""
        self._pack.scanner.prepare()

    def changed(self) -> bool:
        """Say, once, that the policy file is another one than was read."""
        return self._watch.changed()

    async def reload(self) -> bool:
        """Read the policy again in a thread; return whether it was taken."""
        self._watch.note()
        policy = await self._store.reload()
        if policy is not None:
            self.open_exchange = self._opener(policy)
        return policy is not None

    def reload_here(self) -> ReadPolicy | None:
        """Read the policy again without a thread, for a process that forks; None if it is bad.

        New sessions are opened with it at once; `announce` it when that is so everywhere.
        """
        self._watch.note()
        read = self._store.read_again()
        if read is not None:
            self.open_exchange = self._opener(read.policy)
        return read

    def announce(self, read: ReadPolicy) -> None:
        """Log and count that a policy that was read again is in force."""
        self._store.announce(read)

    def _opener(self, policy: CompiledPolicy) -> OpenExchange:
        settings = self._settings
        limits = Limits(
            envoy_buffer_bytes=settings.envoy_buffer_bytes,
            hold_back_bytes=settings.hold_back_bytes,
            frame_bytes=settings.frame_bytes,
            max_inflate_ratio=settings.max_inflate_ratio,
            tunnels=settings.tunnels,
            schemas=self._schemas,
        )
        factory = SessionFactory(
            policy,
            self._pack.scanner,
            limits=limits,
            wiring=settings.wiring.value,
            pool_threshold_bytes=settings.pool_threshold_bytes,
            witness=self._witness,
        )
        return factory.open
