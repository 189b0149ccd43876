from __future__ import annotations

import pytest

from loadtest.target import Target, TargetRefused, read_target


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (
            "http://127.0.0.1:10000/a/b?c=d",
            Target("tcp:127.0.0.1:10000", "127.0.0.1:10000", "/a/b?c=d"),
        ),
        ("http://shop.example", Target("tcp:shop.example:80", "shop.example", "/")),
        ("http://[::1]:8080/", Target("tcp:[::1]:8080", "[::1]:8080", "/")),
        ("http://h/a b\r\nx: y", Target("tcp:h:80", "h", "/a%20bx:%20y")),
    ],
)
def test_a_url_becomes_an_address_a_host_and_a_path(url: str, target: Target) -> None:
    assert read_target(url) == target


@pytest.mark.parametrize(
    "url",
    ["https://h/", "h:80/", "http:///x", "http://h:port/", "http://h:99999/", "http://a:b@h/"],
)
def test_what_is_no_plain_http_url_is_refused(url: str) -> None:
    with pytest.raises(TargetRefused):
        read_target(url)
