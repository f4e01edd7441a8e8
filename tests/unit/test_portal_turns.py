"""Turns at the workers: who is served when, and that no country waits for the flood of another."""

import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.portal.turns import Turns

SECONDS = 10


def asked_in_order(turns, countries):
    """The order in which the turns of some countries begin, and their places, all asked for while both are busy."""
    go, begun, order = threading.Event(), threading.Semaphore(0), []

    def block():
        begun.release()
        go.wait()

    blockers = [turns.ask(f"block {number}", f"blocker {number}", block) for number in range(2)]
    for _ in blockers:
        begun.acquire(timeout=SECONDS)
    results = [
        turns.ask(f"{number}", code, lambda number=number: order.append(number))
        for number, code in enumerate(countries)
    ]
    places = [turns.place(f"{number}") for number in range(len(countries))]
    go.set()
    for result in [*blockers, *results]:
        result.result(SECONDS)
    return order, places


TURNS = Turns(2)


@given(st.lists(st.sampled_from("ABC"), max_size=12))
def test_places_are_those_of_taking_turns(countries):
    _, places = asked_in_order(TURNS, countries)
    assert sorted(places) == list(range(1, len(countries) + 1))
    seen, cycle = Counter(), list(dict.fromkeys(countries))
    expected = []
    for code in countries:
        expected.append((seen[code], cycle.index(code)))
        seen[code] += 1
    assert [places.index(place + 1) for place in range(len(places))] == sorted(
        range(len(countries)), key=lambda number: expected[number]
    )


def test_a_flood_does_not_come_before_the_first_file_of_another_country():
    order, places = asked_in_order(TURNS, ["LU"] * 200 + ["BE"])
    assert places[-1] == 2
    assert order.index(200) <= 2


def test_no_country_takes_the_last_worker():
    turns, go = Turns(2), threading.Event()
    flood = [turns.ask(f"{number}", "LU", go.wait) for number in range(5)]
    assert turns.ask("other", "BE", lambda: "served").result(SECONDS) == "served"
    assert turns.place("4") == 4
    assert (turns.does_wait("LU"), turns.does_wait("BE")) == (True, False)
    go.set()
    assert [each.result(SECONDS) for each in flood] == [True] * 5


def test_who_asks_again_gets_the_same_turn():
    turns, go = Turns(2), threading.Event()
    first = turns.ask("a", "LU", go.wait)
    assert turns.ask("a", "LU", lambda: "twice") is first
    go.set()
    assert first.result(SECONDS) is True


def test_an_error_is_the_asker_s_and_the_worker_lives_on():
    turns = Turns(2)
    with pytest.raises(ZeroDivisionError):
        turns.ask("a", "LU", lambda: 1 // 0).result(SECONDS)
    assert turns.ask("b", "LU", lambda: "served").result(SECONDS) == "served"
