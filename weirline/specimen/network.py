"""Addresses of hosts and cards, numbers of devices, names inside a network.

Source: RFC 791, RFC 1918, RFC 4291, RFC 5952 (addresses), IEEE 802 (cards), 3GPP TS 23.003 (IMEI,
IMSI), ITU-T E.118 (SIM cards), RFC 1035 and RFC 3986 (names, URLs).
"""

from __future__ import annotations

from ipaddress import IPv6Address
from typing import Final

from weirline.detect.validators import ip_address
from weirline.specimen.payment_card import with_check_digit
from weirline.specimen.randomness import HEX, LOWER, Randomness, digits, letters, one_of
from weirline.specimen.specimen import Specimen

_TOO_SHORT: Final = 5


def public_4(rng: Randomness) -> bytes:
    """Return an address of version 4 on the open network."""
    while True:
        address = b"%d.%d.%d.%d" % tuple(rng.randrange(1, 255) for _ in range(4))
        if ip_address.is_public_4(address):
            return address


def broken_4(rng: Randomness) -> bytes:
    """Return four or five numbers that are no host's: too large, a mask, a version, too many."""
    parts = [b"%d" % rng.randrange(11, 255) for _ in range(4)]
    match rng.randrange(4):
        case 0:
            parts[rng.randrange(4)] = b"%d" % rng.randrange(256, 1000)
        case 1:
            parts[0] = b"255"
        case 2:
            parts = [b"%d" % rng.randrange(1, 8) for _ in range(3)] + [
                b"%d" % rng.randrange(10, 99)
            ]
        case _:
            parts.append(b"%d" % rng.randrange(11, 99))
    return b".".join(parts)


def private_4(rng: Randomness) -> bytes:
    """Return an address of a private network."""
    match rng.randrange(3):
        case 0:
            return b"10.%d.%d.%d" % tuple(rng.randrange(256) for _ in range(3))
        case 1:
            return b"172.%d.%d.%d" % (rng.randrange(16, 32), rng.randrange(256), rng.randrange(256))
        case _:
            return b"192.168.%d.%d" % (rng.randrange(256), rng.randrange(1, 255))


def not_private_4(rng: Randomness) -> bytes:
    """Return an address near a private network and not in it, or none at all."""
    match rng.randrange(3):
        case 0:
            return b"172.%d.%d.%d" % (rng.randrange(32, 99), rng.randrange(256), rng.randrange(256))
        case 1:
            return b"192.169.%d.%d" % (rng.randrange(256), rng.randrange(256))
        case _:
            return b"10.%d.%d.%d" % tuple(rng.randrange(256, 999) for _ in range(3))


def address_6(rng: Randomness) -> bytes:
    """Return an address of version 6, written out or abbreviated."""
    match rng.randrange(3):
        case 0:
            return b":".join(b"%x" % rng.randrange(1, 1 << 16) for _ in range(8))
        case 1:
            low = rng.randrange(1 << 16, 1 << 48)
            return str(IPv6Address(0x20010DB8 << 96 | low)).encode()
        case _:
            return b"fe80::%x:%x" % (rng.randrange(1, 1 << 16), rng.randrange(0x1000, 1 << 16))


def broken_6(rng: Randomness) -> bytes:
    """Return groups that are no address: too few, too many, a foreign letter."""
    groups = [b"%x" % rng.randrange(1, 1 << 16) for _ in range(8)]
    match rng.randrange(4):
        case 0:
            return b":".join(groups[:6])
        case 1:
            return b":".join([*groups, b"1f", b"2e"])
        case 2:
            return b":".join([*groups[:7], b"xyz"])
        case _:
            return letters(rng, LOWER, 4) + b"::" + letters(rng, b"ghijkl", 4)


def card(rng: Randomness) -> bytes:
    """Return the address of a network card."""
    pairs = [letters(rng, HEX, 2) for _ in range(6)]
    pairs[0] = b"00"
    match rng.randrange(3):
        case 0:
            return b"-".join(pairs).upper()
        case 1:
            whole = b"a4" + b"".join(pairs[1:])
            return b".".join((whole[:4], whole[4:8], whole[8:]))
        case _:
            return b":".join(pairs)


def broken_card(rng: Randomness) -> bytes:
    """Return pairs that are no such address: too few, too many, a foreign letter."""
    pairs = [letters(rng, HEX, 2) for _ in range(6)]
    match rng.randrange(3):
        case 0:
            return b":".join(pairs[:_TOO_SHORT])
        case 1:
            return b":".join([*pairs, b"0a", b"1b"])
        case _:
            return b":".join([*pairs[:_TOO_SHORT], b"gz"])


def imei(rng: Randomness) -> bytes:
    """Return the number of a device with its check digit."""
    number = with_check_digit(b"35" + digits(rng, 12))
    if rng.randrange(2):
        return number
    return b"-".join((number[:2], number[2:8], number[8:14], number[14:]))


def broken_imei(rng: Randomness) -> bytes:
    """Return fifteen digits with a wrong check digit, or fourteen."""
    number = with_check_digit(b"35" + digits(rng, 12))
    if rng.randrange(2):
        return number[:14]
    return number[:14] + b"%d" % ((number[14] - 48 + rng.randrange(1, 10)) % 10)


def imsi(rng: Randomness) -> bytes:
    """Return the number of a subscriber: country, network, and nine or ten digits."""
    return one_of(rng, (b"310", b"262", b"234", b"208", b"404", b"724")) + digits(rng, 12)


def broken_imsi(rng: Randomness) -> bytes:
    """Return digits that begin with no country, or too few."""
    if rng.randrange(2):
        return b"9" + digits(rng, 14)
    return b"310" + digits(rng, 8)


def iccid(rng: Randomness) -> bytes:
    """Return the number of a SIM card with its check digit."""
    return with_check_digit(b"89" + digits(rng, one_of(rng, (16, 17))))


def broken_iccid(rng: Randomness) -> bytes:
    """Return such digits with a wrong check digit, or of another industry."""
    number = with_check_digit(b"89" + digits(rng, 16))
    if rng.randrange(2):
        return with_check_digit(b"88" + digits(rng, 16))
    return number[:-1] + b"%d" % ((number[-1] - 48 + rng.randrange(1, 10)) % 10)


def host(rng: Randomness) -> bytes:
    """Return the name of a host inside a network."""
    name = letters(rng, LOWER, rng.randrange(2, 9)) + b"-" + digits(rng, 2)
    tails = (b".internal", b".corp", b".lan", b".prod.local", b".eu-west-1.compute.internal")
    if rng.randrange(3):
        return name + one_of(rng, tails)
    return letters(rng, LOWER, 6) + b".default.svc.cluster.local"


def broken_host(rng: Randomness) -> bytes:
    """Return an expression of a program, or a name on the open network."""
    name = letters(rng, LOWER, rng.randrange(3, 9))
    return name + one_of(rng, (b".local()", b".internal", b"-1.example.com", b".lan = 1"))


def url(rng: Randomness) -> bytes:
    """Return the address of a page."""
    name = letters(rng, LOWER, rng.randrange(3, 9))
    start = one_of(rng, (b"https://", b"http://", b"https://www.", b"www."))
    tail = one_of(rng, (b"", b"/", b"/a/b", b"/a?b=c"))
    return start + name + b".example.com" + tail


def broken_url(rng: Randomness) -> bytes:
    """Return what has another scheme, or none."""
    name = letters(rng, b"abcdefghijk", rng.randrange(3, 9))
    return one_of(rng, (b"x-", b"data:", b"file:///", b"ww.")) + name


def domain(rng: Randomness) -> bytes:
    """Return the name of a domain."""
    name = letters(rng, LOWER, rng.randrange(3, 12))
    return name + one_of(rng, (b".com", b".org", b".net", b".co.uk", b".de", b".example.fr"))


def broken_domain(rng: Randomness) -> bytes:
    """Return the name of a file, or a domain nobody can have."""
    return letters(rng, LOWER, 6) + one_of(rng, (b".txt", b".py", b".html", b".com()", b".c0m"))


NETWORK_KINDS: Final = (
    Specimen("ipv4_address", "client_ip", public_4, broken_4),
    Specimen("ipv6_address", "remote_ip", address_6, broken_6),
    Specimen("mac_address", "mac", card, broken_card),
    Specimen("private_ip_address", "server_ip", private_4, not_private_4),
    Specimen("internal_hostname", "hostname", host, broken_host),
    Specimen("imei", "imei", imei, broken_imei, needs_key=True),
    Specimen("imsi", "imsi", imsi, broken_imsi, needs_key=True),
    Specimen("iccid", "iccid", iccid, broken_iccid, needs_key=True),
    Specimen("url", "link", url, broken_url),
    Specimen("domain_name", "domain", domain, broken_domain),
)
