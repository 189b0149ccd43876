"""The checks of payment, contact, network and health kinds, by the names detectors give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from weirline.detect.validators import (
    aba_routing,
    base58check,
    bech32,
    bic,
    calendar_day,
    card_track,
    ethereum_address,
    ip_address,
    mac_address,
    monero_address,
    phone,
    secret_text,
    subscriber,
    us_mbi,
    us_provider,
    vehicle,
)

CHECKS: Final[Mapping[str, Callable[[bytes], bool]]] = MappingProxyType(
    {
        "aba_routing": aba_routing.is_valid,
        **base58check.CHECKS,
        "bech32": bech32.is_valid,
        "bic": bic.is_valid,
        "calendar_day": calendar_day.is_valid,
        "card_track": card_track.is_valid,
        "ethereum_address": ethereum_address.is_valid,
        "iccid": subscriber.is_iccid,
        "imei": subscriber.is_imei,
        "imsi": subscriber.is_imsi,
        "mac_address": mac_address.is_valid,
        "monero_address": monero_address.is_valid,
        "phone": phone.is_valid,
        "phone_labelled": phone.is_labelled,
        **secret_text.CHECKS,
        "ipv4_private": ip_address.is_private_4,
        "ipv4_public": ip_address.is_public_4,
        "ipv6": ip_address.is_6,
        "us_dea": us_provider.is_dea,
        "us_hicn": us_mbi.is_hicn,
        "us_mbi": us_mbi.is_mbi,
        "us_npi": us_provider.is_npi,
        "vin": vehicle.is_valid,
    }
)
