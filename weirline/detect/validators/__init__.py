"""The checks a detector can name: arithmetic or form, one file a number.

Each file has `is_valid(value) -> bool` over the bytes of a finding, separators and all; it looks at
nothing else and raises nothing. A new one is added here and in rules/README.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from weirline.detect.validators import (
    base62_crc32,
    card,
    iban,
    jwt,
    luhn,
    named_checks,
    national_americas,
    national_asia_pacific,
    national_europe,
    national_middle_east,
    phone,
    us_ssn,
)
from weirline.detect.validators.stdnum_number import MODULES, StdnumValidator

Validator = Callable[[bytes], bool]

# What a check loads at its first candidate, if that takes longer than a message may wait.
PREPARATIONS: Mapping[str, Callable[[], None]] = MappingProxyType(
    {"phone": phone.prepare, "phone_labelled": phone.prepare}
)

VALIDATORS: Mapping[str, Validator] = MappingProxyType(
    {
        "base62_crc32": base62_crc32.is_valid,
        "card": card.is_valid,
        "iban": iban.is_valid,
        "jwt": jwt.is_valid,
        "luhn": luhn.is_valid,
        "luhn_digits": luhn.digits_are_valid,
        "us_ssn": us_ssn.is_valid,
        **named_checks.CHECKS,
        **national_americas.CHECKS,
        **national_asia_pacific.CHECKS,
        **national_europe.CHECKS,
        **national_middle_east.CHECKS,
        **{f"stdnum.{module}": StdnumValidator(module) for module in MODULES},
    }
)
