"""The detectors and the policy in force, and the sessions that are opened with them.

It is loaded once, before anything is served, and refuses what cannot be used; a policy that is read
again later comes into force whole or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from extproc.descriptors import load_schemas
from extproc.exchange import OpenExchange
from extproc.fetched_keys import FetchedKeys
from extproc.key_sets import load_key_sets
from extproc.logs import Log
from extproc.metrics import Tallies
from extproc.pack_store import Pack, PackStore
from extproc.policy_compile import Made, Order
from extproc.policy_store import PolicyStore, ReadPolicy
from extproc.policy_watch import PolicyWatch
from extproc.secret_keys import load_keys
from extproc.session import SessionFactory
from extproc.settings import Settings
from extproc.trusted import gateways_of, key_urls_of
from extproc.witness import Witness
from weirline.errors import FlowUsageError, PolicyError
from weirline.flow.byte_budget import ByteBudget
from weirline.flow.limits import Limits
from weirline.policy.evaluate import CompiledPolicy
from weirline.scan import TextScanner

if TYPE_CHECKING:
    from weirline.policy.jwt import VerifyKey


class RulesInForce:
    """Holds the pack and the policy. Mutable: `open_exchange` is of the policy in force.

    Raises DetectorError or PolicyError where they cannot be used at the start.
    """

    def __init__(self, settings: Settings, *, tallies: Tallies, log: Log) -> None:
        self._settings = settings
        self._packs = PackStore(
            settings.packs, settings.state_dir, settings.max_findings, tallies=tallies, log=log
        )
        self._pack: Pack | None = None
        self._waiting: ReadPolicy | None = None
        keys = load_keys(settings.key_file, settings.state_dir)
        self._fetched = FetchedKeys(
            key_urls_of(settings.jwks_urls), settings.state_dir, tallies=tallies, log=log
        )
        self._key_files = load_key_sets(settings.jwks_dir)
        key_sets = self._key_sets()
        self._witness = Witness(
            settings.identity,
            key_sets,
            actor_key=keys.derive("actor"),
            window_actors=settings.window_actors,
        )
        self._witness.trust(gateways_of(settings.xfcc_from))
        self._store = PolicyStore(
            settings.policy,
            self._packs.shipped,
            tallies=tallies,
            log=log,
            key_sets=key_sets,
            hash_key=keys.derive("hash"),
            tokenise_key=keys.derive("tokenise"),
            value_key=keys.derive("value"),
            state_dir=settings.state_dir,
            ready=self._make_pack,
        )
        self._budget = ByteBudget(settings.budget_bytes)
        self._schemas = load_schemas(settings.grpc_descriptors)
        self._watch = PolicyWatch(settings.policy, settings.policy_watch_seconds)
        self.open_exchange: OpenExchange = self._opener(self._store.load())

    def prepare(self) -> None:
        """Load what checks need, off the loop, before traffic asks for it."""
        if self._pack is not None:
            self._pack.scanner.prepare()

    def changed(self) -> bool:
        """Say, once, that the policy file is another one than was read."""
        return self._watch.changed()

    def kept_bytes(self) -> int:
        """Return how many bytes all flows of this process keep now."""
        return self._budget.used

    @property
    def keys_to_fetch(self) -> bytes:
        """What the child that fetches key sets is told; empty where there are none to fetch."""
        return self._fetched.wanted

    def fetched(self, answer: bytes) -> bool:
        """Take the answer of that child; return whether tokens are verified by other keys now."""
        if not self._fetched.take(answer):
            return False
        self._witness.use_keys(self._key_sets())
        return True

    def _key_sets(self) -> dict[str, tuple[VerifyKey, ...]]:
        return {**self._key_files, **self._fetched.sets}

    async def reload(self) -> bool:
        """Read the policy again in a thread; return whether it was taken."""
        self._watch.note()
        policy = await self._store.reload()
        if policy is not None:
            self.open_exchange = self._opener(policy)
        return policy is not None

    def reload_here(self) -> ReadPolicy | None:
        """Read the policy again without a thread, for a process that forks; None if it is bad.

        New sessions are opened with it at once; `announce` it when that is so everywhere. None also
        where it brings detectors that have to be compiled first: `to_compile` says which then.
        """
        self._watch.note()
        self._waiting = None
        read = self._store.read_again()
        if read is None:
            return None
        pack = self._known_pack(read)
        if pack is None:
            self._waiting = read
            return None
        return self._take(read, pack)

    @property
    def to_compile(self) -> Order | None:
        """What has to be compiled before the policy that was read last can be used."""
        if self._waiting is None:
            return None
        return Order(self._waiting.text, self._settings.policy, self._packs.shipped)

    def compiled(self, made: Made) -> ReadPolicy | None:
        """Use the policy that waited, now that its detectors are compiled; None if they are bad."""
        read, self._waiting = self._waiting, None
        if read is None:
            return None
        try:
            return self._take(read, self._packs.take(read.own, made))
        except PolicyError as error:
            self._store.refuse(error)
            return None

    def _take(self, read: ReadPolicy, pack: Pack) -> ReadPolicy:
        self._pack = pack
        self.open_exchange = self._opener(read.policy)
        return read

    def _make_pack(self, read: ReadPolicy) -> None:
        """Make the pack that a policy needs, however long it takes. Raises PolicyError."""
        pack = self._known_pack(read)
        self._pack = pack or self._packs.load_with(read.own, read.text, self._settings.policy)

    def _known_pack(self, read: ReadPolicy) -> Pack | None:
        """The pack that a policy needs, where it can be had without compiling."""
        shipped = self._packs.shipped
        if self._pack is not None and self._pack.detectors[len(shipped) :] == read.own:
            return self._pack
        return self._packs.at_hand(read.own) if read.own else self._packs.load()

    def announce(self, read: ReadPolicy) -> None:
        """Log and count that a policy that was read again is in force."""
        self._store.announce(read)

    def _scanner(self) -> TextScanner:
        if self._pack is None:
            raise FlowUsageError("a pack is made before a policy comes into force")
        return self._pack.scanner

    def _opener(self, policy: CompiledPolicy) -> OpenExchange:
        settings = self._settings
        self._witness.keep_windows({window.spec for window in policy.windows})
        limits = Limits(
            envoy_buffer_bytes=settings.envoy_buffer_bytes,
            hold_back_bytes=settings.hold_back_bytes,
            frame_bytes=settings.frame_bytes,
            max_inflate_ratio=settings.max_inflate_ratio,
            tunnels=settings.tunnels,
            schemas=self._schemas,
            budget=self._budget,
        )
        factory = SessionFactory(
            policy,
            self._scanner(),
            limits=limits,
            wiring=settings.wiring.value,
            pool_threshold_bytes=settings.pool_threshold_bytes,
            witness=self._witness,
        )
        return factory.open
