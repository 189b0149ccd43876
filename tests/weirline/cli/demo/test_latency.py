from __future__ import annotations

from weirline.cli.demo.latency import Latency, measure
from weirline.cli.demo.sample_api import Page, serve


class CountedPages(dict[str, list[Page]]):
    """Pages that know how often they were asked for."""

    asked = 0

    def __getitem__(self, target: str) -> list[Page]:
        self.asked += 1
        return super().__getitem__(target)


def test_both_ways_are_measured_equally_often_after_a_tenth_to_warm_up() -> None:
    pages = CountedPages({"/": [Page("text/plain", b"x")]})
    others = CountedPages({"/": [Page("text/plain", b"x")]})
    with serve(pages) as one, serve(others) as other:
        latency = measure(one, other, target="/", pairs=10)
    assert latency.pairs == 10
    assert (pages.asked, others.asked) == (11, 11)
    assert latency.without_us > 0
    assert latency.with_us > 0


def test_added_is_the_difference_of_the_medians() -> None:
    assert Latency(1, without_us=200.0, with_us=950.0).added_us == 750.0
