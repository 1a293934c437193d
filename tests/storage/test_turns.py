"""Whoever asks for the lock first gets it first; nobody waits for a thread that writes portion after portion."""

from __future__ import annotations

import threading

import pytest

from storage.project import Project
from storage.turns import Turns


def test_one_at_a_time_and_none_is_lost() -> None:
    turns, inside, most, done = Turns(), 0, 0, []

    def work() -> None:
        nonlocal inside, most
        for _ in range(300):
            with turns:
                inside += 1
                most = max(most, inside)
                inside -= 1
        done.append(True)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, len(done)) == (1, 5)


def test_it_is_given_in_the_order_of_asking() -> None:
    turns, order = Turns(), []

    def work(number: int) -> None:
        with turns:
            order.append(number)

    threads = []
    with turns:
        for number in range(8):
            threads.append(threading.Thread(target=work, args=(number,)))
            threads[-1].start()
            while len(turns._waiting) <= number:
                threading.Event().wait(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_the_holder_may_ask_again() -> None:
    turns = Turns()
    with turns, turns:
        assert turns._depth == 2
    assert turns._holder is None


def test_an_interrupt_while_waiting_leaves_the_order_whole(monkeypatch) -> None:
    turns, held, go_on = Turns(), threading.Event(), threading.Event()

    def hold() -> None:
        with turns:
            held.set()
            go_on.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    real = threading.Lock

    class Interrupted:
        def __init__(self) -> None:
            self._calls = 0

        def acquire(self) -> None:
            self._calls += 1
            if self._calls == 2:
                raise KeyboardInterrupt

        def release(self) -> None:
            pytest.fail("the gate of one who has gone was opened")

    monkeypatch.setattr(threading, "Lock", Interrupted)
    with pytest.raises(KeyboardInterrupt), turns:
        pytest.fail("got in")
    monkeypatch.setattr(threading, "Lock", real)
    go_on.set()
    thread.join()
    with turns:
        assert turns._depth == 1


def test_decisions_get_in_between_portions_of_other_work(bench) -> None:
    project: Project = bench.project
    is_over, portions = threading.Event(), []

    def index() -> None:
        while not is_over.is_set():
            project.store_setting("portion", len(portions))
            portions.append(1)

    thread = threading.Thread(target=index)
    thread.start()
    waited = []
    try:
        while not portions:
            threading.Event().wait(0.001)
        for number in range(20):
            before = len(portions)
            project.store_setting("decision", number)
            waited.append(len(portions) - before)
    finally:
        is_over.set()
        thread.join()
    assert max(waited) <= 2  # the one under way, and what it began before we asked
