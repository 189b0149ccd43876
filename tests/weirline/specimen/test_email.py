"""Addresses: of reserved domains only, and text that has the sign without being one."""

from __future__ import annotations

import random
import re
from email.headerregistry import Address

from weirline.specimen.email import broken, valid

MANY = 600


def test_valid_addresses_are_taken_by_the_standard_library(rng: random.Random) -> None:
    for _ in range(MANY):
        text = valid(rng).decode()
        address = Address(addr_spec=text)
        assert address.addr_spec == text


def test_valid_addresses_belong_to_nobody(rng: random.Random) -> None:
    reserved = re.compile(r"(?:^|\.)example\.(?:com|org|net|co\.uk)$", re.IGNORECASE)
    assert all(reserved.search(valid(rng).decode().partition("@")[2]) for _ in range(MANY))


def test_broken_ones_have_the_sign_and_no_domain_or_no_name(rng: random.Random) -> None:
    for _ in range(MANY):
        name, sign, domain = broken(rng).strip().partition(b"@")
        assert sign
        last = domain.rpartition(b".")[2]
        assert not name or last == domain or last.isdigit() or domain.endswith(b"x.png")
