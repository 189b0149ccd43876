from __future__ import annotations

import random

import pytest

from weirline.detect.validators.base58check import (
    CHECKS,
    VERSIONS,
    alphabet_of,
    checksum,
    decode,
    encode,
    is_address,
)

# Known from their networks' own documents, in joined parts.
KNOWN = {
    "bitcoin": "1A1zP1eP5QGefi2" + "DMPTfTL5SLmv7DivfNa",
    "ripple": "rHb9CJAWyB4rj91VRW" + "n96DkukG4bwdtyTh",
    "tron": "TR7NHqjeKQxGTCi8" + "q8ZY4pL8otSzgjLj6t",
}


@pytest.mark.parametrize("network", sorted(KNOWN))
def test_known_address_is_valid_on_its_network_only(network: str) -> None:
    address = KNOWN[network].encode()
    assert [name for name in VERSIONS if is_address(address, name)] == [network]
    assert CHECKS[f"{network}_base58"](address)


@pytest.mark.parametrize("network", sorted(VERSIONS))
def test_address_with_one_letter_changed_is_not(network: str, rng: random.Random) -> None:
    payload = VERSIONS[network][0] + rng.randbytes(20)
    address = encode(payload + checksum(payload), alphabet_of(network))
    assert is_address(address, network)
    for place in range(len(address)):
        other = b"2" if address[place : place + 1] != b"2" else b"3"
        assert not is_address(address[:place] + other + address[place + 1 :], network)


def test_bytes_come_back_from_base58(rng: random.Random) -> None:
    for size in range(40):
        data = bytes(size % 4) + rng.randbytes(size)
        assert decode(encode(data)) == data


@pytest.mark.parametrize("value", [b"", b"0", b"1", b"O0Il", b"1111111111111111111111111"])
def test_odd_text_is_no_address(value: bytes) -> None:
    assert not is_address(value, "bitcoin")


def test_key_of_32_bytes_is_told_by_its_size(rng: random.Random) -> None:
    check = CHECKS["base58_32_bytes"]
    assert check(encode(b"\x01" + rng.randbytes(31)))
    assert not check(encode(b"\x01" + rng.randbytes(30)))
    assert not check(b"not base 58: 0OIl")
