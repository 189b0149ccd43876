from __future__ import annotations

from weirline.detect.validators import VALIDATORS
from weirline.detect.validators.named_checks import CHECKS


def test_every_check_is_registered_and_takes_any_bytes() -> None:
    for name, check in CHECKS.items():
        assert VALIDATORS[name] is check
        for odd in (b"", b" ", b"\xff\xfe", b"-", b"0" * 70, "é".encode()):
            assert isinstance(check(odd), bool), name
        assert not check(b""), name
