from __future__ import annotations

import pytest

from weirline.detect.validators.ip_address import is_6, is_private_4, is_public_4


@pytest.mark.parametrize(
    ("value", "public", "private"),
    [
        ("203.0.113.77", True, False), ("8.8.8.8", True, False), ("8.8.4.4", True, False),
        ("172.15.0.1", True, False), ("172.16.0.1", False, True), ("10.0.0.1", False, True),
        ("192.168.1.15", False, True), ("100.64.1.1", False, True), ("100.128.1.1", True, False),
        ("169.254.10.11", False, False), ("127.0.0.1", False, False), ("0.11.22.33", False, False),
        ("255.255.255.0", False, False), ("224.0.0.251", False, False), ("1.2.3.4", False, False),
        ("1.2.3.40", False, False), ("1.2.30.40", True, False), ("256.10.20.30", False, False),
        ("10.20.30", False, False), ("08.10.20.30", False, False), ("", False, False),
    ],
)  # fmt: skip
def test_address_of_version_4_is_told_public_or_private(
    value: str, *, public: bool, private: bool
) -> None:
    assert (is_public_4(value.encode()), is_private_4(value.encode())) == (public, private)


@pytest.mark.parametrize(
    "value",
    [
        "2001:db8::1", "fe80::1ff:fe23:4567:890a", "fe80::1f2e:1%eth0",
        "4d54:13a:5b8c:1:2:3:4:5", "a1::b2:c3",
    ],
)  # fmt: skip
def test_address_of_version_6_is_valid(value: str) -> None:
    assert is_6(value.encode())


@pytest.mark.parametrize(
    "value",
    [
        "::", "::1", "ff02::1", "abc::def", "a1::b2", "cafe::babe", "1:2:3",
        "1:2:3:4:5:6:7:8:9", "g::1", "",
    ],
)  # fmt: skip
def test_name_in_a_program_or_address_of_nobody_is_not(value: str) -> None:
    assert not is_6(value.encode())
