"""How far a text looks like a secret, and not like what stands in its place.

Keys without a mark of their own are told from words, references, placeholders, ids and numbers of
versions by their letters alone. None of this is arithmetic: a text that passes may still be none,
so these checks lift no confidence and beat no other kind (`HEURISTIC`). What they refuse on
purpose: UUIDs, hashes and ids by their form are judged by the key name beside them, not here.
Sources: Shannon, A Mathematical Theory of Communication (1948), section 6, for entropy; letter
pairs after the counts of Norvig, English Letter Frequency Counts.
"""

from __future__ import annotations

import binascii
import math
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Final

_STAND_INS: Final = re.compile(
    rb"^(?:test|demo|some|my|the|your|mock|stub)[_ -]|example|placehold|change[_ -]?(?:me|it|this)"
    rb"|replace[_ -]?(?:me|this|with)|your[_ -]|[_ -]here|my[_-](?:secret|token|key|api|pass)"
    rb"|insert[_ -]|dummy|redacted|\bfake|sample|xxxx|\*\*\*|\.\.\.|not[_ -]?(?:set|used|real)"
    rb"|to[_ -]?do\b|<[a-z_ -]+>|1234567890|abcdefgh|0123456789"
    rb"|^sha(?:1|256|384|512)[=:-]",
    re.IGNORECASE,
)
# Whole texts that stand for «none», for a type, or for the thing itself.
_EMPTY_WORDS: Final = frozenset(
    b"none null nil true false undefined void string str bytes int integer number boolean bool text"
    b" object optional required any password passwd passphrase pass pwd secret token key apikey"
    b" api_key api-key credential credentials auth authorization test testing default empty unset"
    b" username user value hidden masked redacted changeme foo bar baz foobar xxx todo unknown self"
    b" this return private public basic bearer disabled enabled yes no on off static const var let"
    b" char varchar uuid oauth oauth2 cookie session login admin_password mypassword mysecret"
    b" function sha256 sha1 md5 base64 utf8 utf-8 input output error invalid prompt confirm".split()
)
_REFERENCE: Final = re.compile(
    rb"""
      [$%]\{[^}]*\}(?:[/:.-]?[$%]\{[^}]*\})* | \$\([^)]*\) | \$\$?[A-Za-z_][\w.>-]*(?:\[[^\]]*\])?
    | \{+[^}]*\}+ | <[^>]*> | \[[^\]]*\] | %[A-Za-z_]\w*% | %\([^)]*\)[sd] | %[sdvq@] | @[\w.]+@
    | :[a-z_]\w* | &\w+ | \#\{[^}]*\} | __\w+__ | \*[A-Za-z_][\w.]*
    | .*\s\|\s\w+ | [A-Za-z_]\w*(?:(?:\.|->|::|\?\.)[A-Za-z_]\w*)*[(\[].*
    | (?:new|await|lambda|not|if)\b.*
    | (?:os|process|env|self|this|config|settings|app|request|req|args|options|params|props|data|ctx
        |var|local|secrets|vars|credentials|user|ENV|System|module|conf|cfg|opts|kwargs|state|event
        |response|res|context|inputs|github|steps|matrix|client|account|body|form|data)
        (?:\.|->|::|\?\.)\w[\w.>?:-]*
    """,
    re.VERBOSE | re.DOTALL,
)
_PATH: Final = re.compile(
    rb"(?:~|\.{1,2})?/[\w.@-]+(?:/[\w.@ -]*)+|[A-Za-z]:\\.*|[\w.-]+/[\w./-]*\.[a-z]{2,5}"
    rb"|[\w./-]+\.(?:pem|key|crt|cer|txt|json|ya?ml|env|py|js|ts|go|rb|java|php|html?|png|svg|conf)"
    rb"|[a-z][a-z0-9+.-]{1,9}://[^@]*",
    re.IGNORECASE,
)
_VERSION: Final = re.compile(rb"v?\d+(?:[.-]\d+)+(?:[.+-][0-9A-Za-z]+)*|\d{4}-\d\d-\d\d.*")
_SPELLED: Final = re.compile(rb"[A-Za-z]+(?:[ _./:-]+[A-Za-z]+)*")  # words and signs
_FILLER: Final = re.compile(rb"(?i:example|your_)|x{6}|X{6}|\*{6}|0{10}|\.{3}")
_UUID: Final = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_LEAST_SIGNS: Final = 3
_LEAST_LETTERS: Final = 6  # of a password that is letters alone
_HEX_LETTERS: Final = 16
_LEAST_SHARE: Final = 0.66  # of the entropy that a long text of hex digits has
_LETTERS: Final = re.compile(rb"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]")
_DOTTED: Final = re.compile(rb"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_SPELLED_SHARE: Final = 0.85
_WORD_SHARE: Final = 0.65  # the same of a password that is letters alone
_LEAST_PAIRS: Final = 3
_PAIRS: Final = frozenset((
    "th", "he", "in", "er", "an", "re", "on", "at", "en", "nd", "ti", "es", "or", "te", "of",
    "ed", "is", "it", "al", "ar", "st", "to", "nt", "ng", "se", "ha", "as", "ou", "io", "le",
    "ve", "co", "me", "de", "hi", "ri", "ro", "ic", "ne", "ea", "ra", "ce", "li", "ch", "ll",
    "be", "ma", "si", "om", "ur", "ca", "el", "ta", "la", "ns", "di", "fo", "ho", "pe", "ec",
    "pr", "no", "ct", "us", "ac", "ot", "il", "tr", "ly", "nc", "et", "ut", "ss", "so", "rs",
    "un", "lo", "wa", "ge", "ie", "wh", "ee", "wi", "em", "ad", "ol", "rt", "po", "we", "na",
    "ul", "ni", "ts", "mo", "ow", "pa", "im", "mi", "ai", "sh", "ir", "su", "id", "os", "iv",
    "ia", "am", "fi", "ci", "vi", "pl", "ig", "tu", "ev", "ld", "ry", "mp", "fe", "bl", "ab",
    "gh", "ty", "op", "wo", "sa", "ay", "ex", "ke", "fr", "oo", "av", "ag", "if", "ap", "gr",
    "od", "bo", "sp", "rd", "do", "uc", "bu", "ei", "ov", "by", "rm", "ep", "tt", "oc", "fa",
    "ef", "cu", "rn", "sc", "gi", "da", "yo", "cr", "cl", "du", "ga", "qu", "ue", "ff", "ba",
    "ey", "ls", "va", "um", "pp", "ua", "up", "lu", "go", "ht", "ru", "ug", "ds", "lt", "pi",
    "rc", "rr", "eg", "au", "ck", "ew", "mu", "br", "bi", "pt", "ak", "pu", "ui", "rg", "ib",
    "tl", "ny", "ki", "rk", "ys", "ob", "mm", "fu", "ph", "og", "ms", "ye", "ud", "mb", "ip",
    "ub", "oi", "rl", "gu", "dr", "hr", "cc", "tw", "ft", "wn", "nu", "af", "hu", "nn", "eo",
    "vo", "rv", "nf", "xp", "gn", "sm", "fl", "iz", "ok", "nl", "my", "gl", "aw", "ju", "oa",
    "eq", "sy", "sl", "ps", "jo", "lf", "nv", "je", "nk", "kn", "gs", "dy", "hy", "ze", "ks",
    "xt", "bs", "ik", "dd", "pt", "py",
))  # fmt: skip


def entropy(text: bytes) -> float:
    """Return the entropy of the letters of `text` in bits a letter, 0 to 8."""
    size = len(text)
    return -sum(n / size * math.log2(n / size) for n in Counter(text).values()) if size else 0.0


def is_stand_in(text: bytes) -> bool:
    """Return whether `text` stands where a secret would: a word, reference, path or filler."""
    return (
        text.strip(b"_- :.?").lower().rstrip(b"0123456789") in _EMPTY_WORDS
        or _STAND_INS.search(text) is not None
        or _REFERENCE.fullmatch(text) is not None
        or _PATH.fullmatch(text) is not None
        or _VERSION.fullmatch(text) is not None
        or (
            _DOTTED.fullmatch(text) is not None
            and is_spelled(text.rpartition(b".")[2].translate(None, b"0123456789"))
        )
        or is_monotonous(text)
    )


def is_monotonous(text: bytes) -> bool:
    """Return whether few letters, or letters that follow one another, make up most of `text`."""
    if len(set(text)) < min(5, max(2, len(text) // 2)):
        return True
    steps = [later - former for former, later in pairwise(text)]
    even = sum(step in (0, 1, -1) for step in steps)
    if even * 2 > len(steps):
        return True
    half = len(text) // 2
    return len(text) >= 12 and any(text[:at] * (len(text) // at) == text[: len(text) // at * at]
                                   for at in range(1, min(half, 16) + 1))  # fmt: skip


def is_spelled(text: bytes, share: float = _SPELLED_SHARE) -> bool:
    """Return whether `text` reads like words: of its letter pairs, `share` are common in English.

    Chance makes four in ten common.
    """
    runs = [run.lower().decode() for run in _LETTERS.findall(text)]
    pairs = [run[at : at + 2] for run in runs for at in range(len(run) - 1)]
    letters = sum(map(len, runs))
    if letters * 4 < len(text) * 3 or len(pairs) < _LEAST_PAIRS:
        return False
    return sum(pair in _PAIRS for pair in pairs) >= len(pairs) * share and len(pairs) * 2 >= letters


def is_random(text: bytes) -> bool:
    """Return whether `text`, of a fixed form that a provider issues, looks drawn by chance."""
    if is_stand_in(text) or is_spelled(text):
        return False
    size = len(text)
    if _UUID.fullmatch(text):
        return entropy(text) > 2.8
    return entropy(text) >= _LEAST_SHARE * math.log2(min(_HEX_LETTERS, size))


def is_secret(text: bytes) -> bool:
    """Return whether `text`, under a key that names a secret of any provider, looks like one."""
    if is_stand_in(text) or is_spelled(text) or text.isdigit() or b"://" in text:
        return False
    if _UUID.fullmatch(text) or not entropy(text) >= 3.0:
        return False
    digits = sum(48 <= byte < 58 for byte in text)
    letters = sum(chr(byte).isalpha() for byte in text)
    if digits == 0:
        return len(text) >= 20 and _is_mixed(text)
    return letters > 0 and digits + letters >= len(text) * 0.6


def is_password(text: bytes) -> bool:
    """Return whether `text`, under a key that says password, could be one; words may be."""
    if is_stand_in(text) or not 4 <= len(text) <= 128:
        return False
    if b" " in text and text.count(b" ") > 2:
        return False
    if text.isalpha():
        return len(text) >= _LEAST_LETTERS and not is_spelled(text, _WORD_SHARE)
    return not _is_identifier(text) and _SPELLED.fullmatch(text.strip()) is None


def is_bare_password(text: bytes) -> bool:
    """Return whether an unquoted text under a key that says password could be one, not code."""
    if not is_password(text) or text.isdigit():
        return False
    kinds = sum(any(test(byte) for byte in text) for test in _SORTS)
    return kinds >= 2 and b"(" not in text and not text.endswith((b":", b",", b"."))


def is_full_of_signs(text: bytes) -> bool:
    """Return whether a quoted text under a key that says secret holds signs as passwords do."""
    signs = sum(33 <= byte < 127 and not chr(byte).isalnum() for byte in text)
    plain = sum(byte in b"._-/:, " for byte in text)
    return is_password(text) and signs - plain >= _LEAST_SIGNS and b" " not in text


def is_no_filler(text: bytes) -> bool:
    """Return whether `text`, of a form nobody else has, is none of the values printed in manuals.

    It refuses what says that it is an example, and what repeats one letter six times in a row.
    """
    return bool(text) and _FILLER.search(text) is None


def is_basic(text: bytes) -> bool:
    """Return whether `text` is the base 64 of a user and a password (RFC 7617), none of filler."""
    try:
        user, colon, password = b64decode(text, validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return False
    plain = all(32 <= byte < 127 for byte in user + password)
    return bool(colon and user and password) and plain and not is_stand_in(password)


def is_hash(text: bytes) -> bool:
    """Return whether a hashed password holds a hash and no filler."""
    return not _STAND_INS.search(text) and entropy(text) > 3.0


def _is_mixed(text: bytes) -> bool:
    """Return whether capitals and small letters alternate as chance does it."""
    changes = sum(chr(one).isupper() != chr(two).isupper() for one, two in pairwise(text))
    return changes * 4 >= len(text) and not is_spelled(text)


def _is_identifier(text: bytes) -> bool:
    """Return whether `text` is a name of a program: words joined by signs, in small letters."""
    return (
        re.fullmatch(
            rb"[a-z]+(?:[_.-][a-z]+)+|[A-Z]+(?:_[A-Z]+)+|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){2,}", text
        )
        is not None
    )


_SORTS: Final[tuple[Callable[[int], bool], ...]] = (
    lambda byte: 97 <= byte <= 122,
    lambda byte: 65 <= byte <= 90,
    lambda byte: 48 <= byte <= 57,
    lambda byte: not chr(byte).isalnum() and byte not in b"._-",
)
CHECKS: Final[Mapping[str, Callable[[bytes], bool]]] = MappingProxyType(
    {
        "random_text": is_random,
        "secret_text": is_secret,
        "password_text": is_password,
        "bare_password_text": is_bare_password,
        "signs_text": is_full_of_signs,
        "no_filler": is_no_filler,
        "basic_credentials": is_basic,
        "password_hash": is_hash,
    }
)
HEURISTIC: Final = frozenset(CHECKS)
