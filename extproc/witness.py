"""Says who talks, out of what Envoy verified and what a token proves; counts limits and windows.

Who called is what Envoy says of the certificate it verified; a header can say it only where a
gateway sent it that is trusted by its certificate. A token is looked at, hashed under our key and
forgotten: verified ones are remembered by that hash alone, so that a signature is checked once and
not at each request.
"""

from __future__ import annotations

import hmac
import time
from collections import OrderedDict
from collections.abc import Collection, Mapping
from threading import Lock
from typing import TYPE_CHECKING

from weirline.flow.events import Body, Headers, Trailers
from weirline.policy.actor import actors_of
from weirline.policy.compiled_window import CompiledWindow, Sighting
from weirline.policy.facts import Direction, Facts
from weirline.policy.forwarded import Gateways
from weirline.policy.limit import RateLimit
from weirline.policy.policy import JwtRule, TokenRule
from weirline.policy.who import Who
from weirline.window.bucket import Buckets
from weirline.window.sliding import CALM, MOST_ACTORS, OVERFLOW, Spec, Standing, Windows

if TYPE_CHECKING:
    from weirline.policy.jwt import VerifyKey

    KeySets = Mapping[str, tuple[VerifyKey, ...]]

MOST_TOKENS = 4096  # whose verification is remembered
CALLER_ATTRIBUTE = "connection.uri_san_peer_certificate"
CALLEE_ATTRIBUTE = "connection.uri_san_local_certificate"
ADDRESS_ATTRIBUTE = "source.address"

_Known = tuple[Mapping[str, tuple[str, ...]], bool, float, float]


class Witness:
    """The one witness of a process. Mutable: limits and remembered tokens, both bounded.

    `identity` is our own SPIFFE id where Envoy has no certificate to say it.
    """

    def __init__(
        self,
        identity: str,
        key_sets: KeySets,
        *,
        actor_key: bytes,
        window_actors: int = MOST_ACTORS,
    ) -> None:
        self._identity = identity
        self._key_sets = key_sets
        self._actor_key = actor_key
        self._buckets = Buckets()
        self._gateways: Gateways | None = None
        self._windows = Windows(window_actors)
        self._counting = Lock()  # large messages are worked on in threads
        self._tokens: OrderedDict[bytes, _Known] = OrderedDict()

    def trust(self, gateways: Gateways | None) -> None:
        """Believe these when they say who called them."""
        self._gateways = gateways

    def use_keys(self, key_sets: KeySets) -> None:
        """Verify tokens with these keys from now on; what the old ones proved is forgotten."""
        self._key_sets = key_sets
        self._tokens.clear()

    def take(self, rule: str, key: str, limit: RateLimit) -> int:
        """Take one request from a budget; return 0, or the seconds until the next."""
        return self._buckets.take(
            f"{rule}\0{key}",
            requests=limit.requests,
            period_s=limit.period_s,
            now=time.monotonic(),
        )

    def keep_windows(self, specs: Collection[Spec]) -> None:
        """Forget the windows of policies that are no longer in force."""
        with self._counting:
            self._windows.keep(specs)

    def saw(self, sighting: Sighting, facts: Facts) -> bool:
        """Add what was seen to a window; return whether an actor went over its limit by that."""
        spec = sighting.window.spec
        face = self._face(facts)
        went = False
        now = time.monotonic()
        with self._counting:
            window = self._windows.of(spec)
            for actor in actors_of(sighting.window.per, facts):
                went |= window.add(
                    self._actor_hash(actor.text),
                    now,
                    amount=sighting.matches,
                    marks=sighting.marks,
                    face=face if actor.by_address else 0,
                )
        return went

    def standing(self, window: CompiledWindow, facts: Facts) -> Standing:
        """Say whether an actor is over a limit; of two that are, the one that may be blocked."""
        now = time.monotonic()
        with self._counting:
            known = self._windows.of(window.spec)
            standings = [
                known.standing(self._actor_hash(actor.text), now)
                for actor in actors_of(window.per, facts)
            ]
        over = [standing for standing in standings if standing.over]
        return min(over, key=lambda one: one.shared) if over else CALM

    def _actor_hash(self, text: str) -> bytes:
        if not text:
            return OVERFLOW
        return hmac.digest(self._actor_key, text.encode("utf-8", "replace"), "sha256")[:16]

    def _face(self, facts: Facts) -> int:
        """A number for whom a token proves, 0 for nobody: tells actors behind an address apart."""
        who = facts.who
        return int(who.actor[:15] or "0", 16) if who is not None and who.verified else 0

    def who(self, event: Headers | Body | Trailers, token: TokenRule | None) -> Who:
        """Return who talks, by the first message of a request or of its response."""
        get = event.attributes.get
        fields: tuple[tuple[bytes, bytes], ...] = ()
        if isinstance(event, Headers) and event.direction is Direction.REQUEST:
            fields = tuple(event.headers)
            target = next((value for name, value in fields if name == b":path"), b"")
            query = target.partition(b"?")[2].decode("latin-1")
        else:
            query = get("request.path", "").partition("?")[2]
        claims: Mapping[str, tuple[str, ...]] = {}
        proven, actor = False, ""
        text = "" if token is None else token_text(token, fields)
        if token is not None and text:
            if token.jwt is not None:
                claims, proven = self._read(text, token.jwt)
            actor = self._actor(text, claims, token.jwt)
        return Who(
            caller=self._caller(get(CALLER_ATTRIBUTE, ""), fields),
            callee=get(CALLEE_ATTRIBUTE, "") or self._identity,
            address=address_of(get(ADDRESS_ATTRIBUTE, "")),
            query=query,
            headers=fields,
            claims=claims,
            verified=proven,
            actor=actor,
        )

    def _caller(self, peer: str, fields: tuple[tuple[bytes, bytes], ...]) -> str:
        """Who sent the request: the peer, or whom a gateway that we trust says it came from."""
        gateways = self._gateways
        return gateways.caller(fields) if gateways and gateways.trusts(peer) else peer

    def _actor(self, text: str, claims: Mapping[str, tuple[str, ...]], jwt: JwtRule | None) -> str:
        """A keyed hash of whom a token stands for; of the token itself where it does not say."""
        named = [] if jwt is None else [claims.get(name, ()) for name in jwt.identify_by]
        subject = repr(named) if any(named) else text
        return hmac.digest(self._actor_key, subject.encode("utf-8", "replace"), "sha256").hex()[:32]

    def _read(self, text: str, jwt: JwtRule) -> tuple[Mapping[str, tuple[str, ...]], bool]:
        """The claims of a token and whether they are proven now."""
        mark = hmac.digest(self._actor_key, (jwt.verify or "").encode() + text.encode(), "sha256")
        now = time.time()
        known = self._tokens.get(mark)
        if known is None:
            known = self._verify(text, jwt, now)
            self._tokens[mark] = known
            if len(self._tokens) > MOST_TOKENS:
                self._tokens.popitem(last=False)
        claims, proven, begins, ends = known
        return claims, proven and begins <= now <= ends

    def _verify(self, text: str, jwt: JwtRule, now: float) -> _Known:
        # Loaded only where tokens are read: it brings a library of several MB.
        from weirline.policy.jwt import CLOCK_SKEW_S, read_token, verified

        token = read_token(text)
        if token is None:
            return {}, False, 0, 0
        keys = self._key_sets.get(jwt.verify or "", ())
        begins = (token.not_before or 0) - CLOCK_SKEW_S
        ends = CLOCK_SKEW_S + token.expires if token.expires is not None else float("inf")
        inside = min(max(now, begins), ends)  # its time is judged at each use
        return token.claims, verified(token, keys, now=inside), begins, ends


def token_text(token: TokenRule, fields: tuple[tuple[bytes, bytes], ...]) -> str:
    """Return the token of a request as text, empty where it has none or more than one."""
    wanted = (token.header or "cookie").lower().encode()
    values = [value.decode("latin-1") for name, value in fields if name == wanted]
    if token.cookie is not None:
        pairs = (pair.strip().partition("=") for value in values for pair in value.split(";"))
        values = [value for name, _, value in pairs if name == token.cookie]
    if len(values) != 1:
        return ""
    return values[0].strip().rpartition(" ")[2]


def address_of(peer: str) -> str:
    """Return the address of `address:port` or `[address]:port` without its port."""
    if peer.startswith("["):
        return peer[1:].partition("]")[0]
    head, colon, _ = peer.rpartition(":")
    return head if colon and ":" not in head else peer
