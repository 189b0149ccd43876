"""Whom the settings say to believe: gateways that name callers, addresses that name keys.

Both are texts with commas in the settings; what is none of either refuses the start.
"""

from __future__ import annotations

import re

from extproc.jwks_address import is_fetchable
from weirline.errors import Problem, SettingsError
from weirline.policy.forwarded import Gateways
from weirline.policy.selector import Party
from weirline.policy.selector_check import party_fault

_NAME = re.compile("[a-z][a-z0-9_-]{0,62}")


def gateways_of(written: str) -> Gateways | None:
    """Return the gateways of the setting `xfcc_from`, None for an empty one.

    Raises SettingsError for what is no SPIFFE id.
    """
    patterns = _listed(written)
    if any(party_fault(Party(spiffe=pattern)) is not None for pattern in patterns):
        expectation = "SPIFFE ids parted by commas, such as spiffe://prod/ns/edge/sa/gateway"
        raise _refused("xfcc_from", expectation)
    return Gateways(patterns) if patterns else None


def key_urls_of(written: str) -> dict[str, str]:
    """Return the addresses of the setting `jwks_urls` by the name of their key set.

    Raises SettingsError for what is none.
    """
    pairs = [pair.partition("=") for pair in _listed(written)]
    urls = {name.strip(): address.strip() for name, _, address in pairs}
    good = all(_NAME.fullmatch(name) and is_fetchable(urls[name]) for name in urls)
    if not good or len(urls) < len(pairs):
        raise _refused("jwks_urls", "NAME=https://ADDRESS parted by commas, each name once")
    return urls


def _listed(written: str) -> list[str]:
    return [part.strip() for part in written.split(",") if part.strip()]


def _refused(name: str, expectation: str) -> SettingsError:
    return SettingsError([Problem("S02", "settings", 0, 0, name, expectation)])
