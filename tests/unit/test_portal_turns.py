"""Turns at the workers: who is served when, and that no country waits for the flood of another."""

import sys
import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.portal.sending.turns import Turns
from ingestion.portal.web.guard import Rate

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


def test_who_no_longer_waits_takes_no_worker_away():
    turns, begun, go = Turns(2), threading.Event(), threading.Event()
    under_way = turns.ask("a", "LU", lambda: begun.set() or go.wait())
    begun.wait(SECONDS)
    waits = turns.ask("b", "LU", lambda: "nobody reads this")
    assert (under_way.cancel(), waits.cancel()) == (False, True)
    go.set()
    assert under_way.result(SECONDS) is True
    assert turns.ask("c", "LU", lambda: "served").result(SECONDS) == "served"
    assert (turns.place("a"), turns.place("b")) == (None, None)


def test_attempts_from_many_threads_are_counted_without_a_fault():
    rate, faults = Rate(most=10, seconds=0.0005), []

    def attempt(thread):
        try:
            for number in range(5000):
                rate.allows(f"{thread} {number % 50}")
        except (KeyError, RuntimeError) as fault:
            faults.append(fault)

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=attempt, args=(number,)) for number in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    finally:
        sys.setswitchinterval(usual)
    assert faults == []
