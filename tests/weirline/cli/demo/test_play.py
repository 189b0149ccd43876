from __future__ import annotations

from weirline.cli.demo.leak import Leak
from weirline.cli.demo.play import MEASURED, file_play, planted_play

ONE = Leak("/same", "text/plain", b"one", (b"one",))
TWO = Leak("/same", "text/csv", b"two", (b"two",))


def test_planted_play_asks_twenty_times_and_for_each_leak_once() -> None:
    play = planted_play(4)
    assert len(play.requests) == 20
    assert sorted(request.leak.path for request in play.requests if request.leak) == [
        "/debug/config",
        "/orders/1041",
        "/v1/customers?limit=50",
    ]
    assert "--seed 4" in play.opening


def test_leaks_under_one_path_are_its_first_and_second_answer() -> None:
    play = file_play([ONE, TWO], "leaks.jsonl")
    assert [request.choice for request in play.requests] == [0, 1]
    assert [page.body for page in play.pages["/same"]] == [b"one", b"two"]
    assert play.values == (b"one", b"two")


def test_page_to_measure_is_served_beside_the_leaks() -> None:
    assert file_play([ONE], "leaks.jsonl").pages[MEASURED]


def test_leak_may_take_the_path_of_the_page_to_measure() -> None:
    leak = Leak(MEASURED, "text/plain", b"mine", (b"mine",))
    assert [page.body for page in file_play([leak], "f").pages[MEASURED]] == [b"mine"]
