"""Telephone numbers: whether a run of digits and signs can be one, by the plan of its country.

With a calling code (`+`, `00`, `011`) the country is known. Without one, the three groups of North
America are checked by their own rules; every other form must be valid in one of `REGIONS`. An
extension behind the number is not looked at. Nothing is dialled and nobody is asked.
Source: ITU-T E.164; nationalnumberpool.com (NANP); python package phonenumbers, the port of
libphonenumber, which is imported at the first candidate (0.4 s once, then 2 to 50 us a number).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import ModuleType

# Countries whose numbers are told apart without a calling code, by how much is written there.
REGIONS: Final = (
    "GB", "DE", "FR", "IT", "ES", "NL", "BE", "CH", "AT", "SE", "NO", "DK", "FI", "PL", "CZ",
    "HU", "PT", "IE", "AU", "NZ", "ZA", "IN", "BR", "MX", "JP", "KR", "CN", "SG", "TR", "GR",
    "RO", "RU", "UA", "IL", "AR", "CL", "CO", "IS", "SI", "SK", "HR", "BG", "LT", "LV", "EE",
    "LU", "CY", "UY", "TN", "GL", "MY", "PH", "TH", "ID", "VN", "HK", "TW", "NG", "KE", "EG",
    "MA", "SA", "AE",
)  # fmt: skip
LONGEST: Final = 15  # digits, E.164 section 6

_SHORTEST_LABELLED: Final = 9  # digits
_INSTANT: Final = re.compile(rb"1[4-9]\d{8}(?:\d{3})?\Z")

_EXTENSION: Final = re.compile(rb"(?i)[ ,;]*(?:extension|ext\.?|x|#)[ .:]*\d{1,7}\Z")
_PREFIX: Final = re.compile(rb"\(?(?:\+|00|011)")
_NANP: Final = re.compile(rb"(?:1[ .-]?)?\(?[2-9]\d\d\)?[ ./-]{0,3}[2-9]\d\d[ .-]?\d{4}\Z")
_LOCAL: Final = re.compile(rb"[2-9]\d\d[ .-]\d{4}\Z")  # North America without its area code
# Days, times, social security numbers, postal codes of nine digits, decimals, addresses of hosts.
_ANOTHER: Final = re.compile(
    rb"\d{4}([./-])\d\d?\1\d\d?(?:[ T]?\d.*)?\Z|\d\d?([./-])\d\d?\2\d{4}(?:[ T]?\d.*)?\Z"
    rb"|\d{3}([ .-])\d\d\3\d{4}\Z|\d{5}-\d{4}\Z|\d+\.\d+\Z|(?:\d{1,3}\.){3}\d{1,3}\Z"
)
_NOT_DIGITS: Final = bytes(byte for byte in range(256) if byte not in b"0123456789")


def is_valid(value: bytes) -> bool:
    """Return whether `value` can be a telephone number; separators and extension are skipped."""
    number = _EXTENSION.sub(b"", value.strip())
    digits = number.translate(None, _NOT_DIGITS)
    if not 6 <= len(digits) <= LONGEST + 3 or len(set(digits)) < 2 or _ANOTHER.match(number):
        return False
    prefix = _PREFIX.match(number)
    if prefix is not None and _international(number[prefix.end() :]):
        return True
    if _NANP.match(number) or _LOCAL.match(number):
        return True
    return prefix is None and _national(digits.decode())


def is_labelled(value: bytes) -> bool:
    """Return whether `value`, right behind a word such as "phone", may be a telephone number.

    Nine digits or more need no plan there: numbers are reserved, ported and made up. Fewer do, and
    what reads as seconds or milliseconds since 1970 is none.
    """
    number = _EXTENSION.sub(b"", value.strip())
    digits = number.translate(None, _NOT_DIGITS)
    if not _SHORTEST_LABELLED <= len(digits) <= LONGEST:
        return is_valid(value)
    return len(set(digits)) > 2 and not (_ANOTHER.match(number) or _INSTANT.match(number))


def prepare() -> None:
    """Load the plans of all countries now, not at the first candidate: a quarter of a second."""
    _plans()


def _international(rest: bytes) -> bool:
    digits = rest.replace(b"(0)", b"").translate(None, _NOT_DIGITS)
    if digits[:1] == b"1":  # unassigned area codes are written as often as real ones
        return _NANP.match(digits) is not None
    if not 7 <= len(digits) <= LONGEST:
        return False
    codes = _lengths_by_code()
    for size in (2, 3, 1):  # no code begins with another
        lengths = codes.get(digits[:size])
        if lengths is not None:
            return len(digits) - size in lengths
    return False


@cache
def _lengths_by_code() -> dict[bytes, frozenset[int]]:
    """Return the lengths that numbers behind each calling code can have."""
    library = _library()
    lengths: dict[bytes, frozenset[int]] = {}
    for code, regions in library.COUNTRY_CODE_TO_REGION_CODE.items():
        plans = [
            library.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
            for region in regions[:1]  # the main one, whose lengths its neighbours share
        ]
        found = {size for plan in plans if plan for size in plan.general_desc.possible_length}
        lengths[b"%d" % code] = frozenset(found)
    return lengths


def _national(digits: str) -> bool:
    if len(digits) < (9 if digits[0] == "0" else 7):
        return False
    return _plans().fullmatch(digits) is not None


@cache
def _plans() -> re.Pattern[str]:
    """Return one expression for the numbers of `REGIONS`, with the digit dialled before them."""
    metadata = _library().PhoneMetadata.metadata_for_region
    plans = []
    for region in REGIONS:
        plan = metadata(region)
        kinds = (plan.fixed_line, plan.mobile, plan.toll_free, plan.voip, plan.uan)
        forms = {kind.national_number_pattern for kind in kinds if kind is not None} - {None, "NA"}
        prefix = f"(?:{plan.national_prefix})?" if plan.national_prefix else ""
        plans += [f"{prefix}(?:{form})" for form in sorted(forms)]
    return re.compile("|".join(plans))


@cache
def _library() -> ModuleType:
    import phonenumbers

    return phonenumbers
