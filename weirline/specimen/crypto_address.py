"""Addresses of crypto currencies with true checksums; nobody holds their keys.

Source: Base58Check and BIP 173/350 (Bitcoin and its kin), ERC-55 (Ethereum), getmonero.org
(Monero), XRP Ledger and TRON documentation, CIP 19 (Cardano).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from weirline.detect.validators import base58check, bech32
from weirline.detect.validators.ethereum_address import with_capitals
from weirline.detect.validators.keccak import keccak_256
from weirline.specimen.randomness import HEX, Randomness, letters, one_of
from weirline.specimen.specimen import Maker, Specimen

_MAIN: Final = {"bitcoin": 2, "litecoin": 2, "zcash": 2}  # versions of the main network; else one
_MONERO: Final = b"\x12"  # a standard address
_BLOCK: Final = 8


def in_base58(network: str) -> Maker:
    """Return the maker of addresses of `network`, one of `base58check.VERSIONS`."""

    def valid(rng: Randomness) -> bytes:
        while True:
            version = one_of(rng, base58check.VERSIONS[network][: _MAIN.get(network, 1)])
            payload = version + _bytes(rng, 20)
            alphabet = base58check.alphabet_of(network)
            address = base58check.encode(payload + base58check.checksum(payload), alphabet)
            if network != "litecoin" or address[:1] in b"LM":
                return address

    return valid


def in_bech32(prefix: bytes, sizes: tuple[int, ...]) -> Maker:
    """Return the maker of addresses behind `prefix`; `sizes` are letters without the checksum."""

    def valid(rng: Randomness) -> bytes:
        data = [rng.randrange(32) for _ in range(one_of(rng, sizes))]
        constant = bech32.BECH32
        if len(prefix) <= 3:  # a witness, with its version in front
            data[0] = rng.randrange(2)
            constant = bech32.BECH32M if data[0] else bech32.BECH32
        data += bech32.checksum(prefix, data, constant)
        return prefix + b"1" + bytes(bech32.ALPHABET[value] for value in data)

    return valid


def ethereum(rng: Randomness) -> bytes:
    """Return an address, half of them with the capitals of its checksum."""
    digits = letters(rng, HEX, 40)
    return b"0x" + (with_capitals(digits) if rng.randrange(2) else digits)


def broken_ethereum(rng: Randomness) -> bytes:
    """Return an address with one capital wrong, or a digit short."""
    digits = with_capitals(letters(rng, HEX, 39) + b"a")
    if rng.randrange(2) and digits[:-1] not in {digits[:-1].lower(), digits[:-1].upper()}:
        return b"0x" + digits[:-1] + digits[-1:].swapcase()
    return b"0x" + digits[:-1]


def monero(rng: Randomness) -> bytes:
    """Return a standard address."""
    payload = _MONERO + _bytes(rng, 64)
    data = payload + keccak_256(payload)[:4]
    blocks = [data[at : at + _BLOCK] for at in range(0, len(data), _BLOCK)]
    return b"".join(
        base58check.encode(block).rjust(11 if len(block) == _BLOCK else 7, b"1") for block in blocks
    )


def solana(rng: Randomness) -> bytes:
    """Return 32 bytes in base 58."""
    return base58check.encode(b"\xaa" + _bytes(rng, 31))


def broken_solana(rng: Randomness) -> bytes:
    """Return 30 bytes in base 58, or a letter it does not have."""
    if rng.randrange(2):
        return base58check.encode(b"\xaa" + _bytes(rng, 22))
    return solana(rng)[:20] + b"0" + solana(rng)[:10]


def changed(valid: Maker) -> Maker:
    """Return the maker of addresses of `valid` whose last letter is another one."""

    def broken(rng: Randomness) -> bytes:
        address = valid(rng)
        at = address[-1:]
        others = bytes(byte for byte in b"23456789acdefghjkmnpqrstuvwxyz" if byte not in at)
        return address[:-1] + letters(rng, others, 1)

    return broken


def _bytes(rng: Randomness, count: int) -> bytes:
    return bytes(rng.randrange(256) for _ in range(count))


def _summed(kind: str, key: str, valid: Callable[[Randomness], bytes]) -> Specimen:
    return Specimen(kind, key, valid, changed(valid))


CRYPTO_KINDS: Final = (
    _summed("bitcoin_address", "btc_address", in_base58("bitcoin")),
    _summed("bitcoin_segwit_address", "btc_address", in_bech32(b"bc", (33, 53))),
    _summed("litecoin_address", "ltc_address", in_base58("litecoin")),
    _summed("litecoin_segwit_address", "ltc_address", in_bech32(b"ltc", (33, 53))),
    _summed("dogecoin_address", "doge_address", in_base58("dogecoin")),
    _summed("dash_address", "dash_address", in_base58("dash")),
    _summed("zcash_address", "zec_address", in_base58("zcash")),
    _summed("tron_address", "trx_address", in_base58("tron")),
    _summed("ripple_address", "xrp_address", in_base58("ripple")),
    _summed("cardano_address", "ada_address", in_bech32(b"addr", (93,))),
    _summed("monero_address", "xmr_address", monero),
    Specimen("ethereum_address", "eth_address", ethereum, broken_ethereum),
    Specimen("solana_address", "solana_wallet", solana, broken_solana, needs_key=True),
)
