"""Fair admission: what one key may have while others have little or nothing, by a simulated service."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import AbstractContextManager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.service.gate import Gate
from photoscan.service.problem import ProblemError
from photoscan.service.share import Shares
from photoscan.workers.turns import Turns


class Simulated(Gate):
    """A gate, and the photos that are behind it."""

    def __init__(self, slots: int, workers: int, weights: dict[str, int], **more: float) -> None:
        super().__init__(slots, workers, 1000, shares=Shares(slots, workers, lambda: weights), **more)
        self.held: dict[str | None, list[AbstractContextManager[None]]] = {}

    def admits(self, who: str | None) -> bool:
        """Whether a photo is taken, and then held."""
        slot = self.slot(who)
        try:
            slot.__enter__()
        except ProblemError:
            return False
        self.held.setdefault(who, []).append(slot)
        return True

    def done(self, who: str | None) -> None:
        self.held[who].pop().__exit__(None, None, None)


ALONE = [
    # slots, workers, keys in the file, how many one of them gets alone
    (10, 2, 1, 10),
    (10, 2, 2, 9),
    (10, 2, 4, 7),
    (10, 2, 50, 5),
    (10, 8, 50, 8),
    (2, 2, 5, 2),
    (3, 2, 5, 2),
    (1, 1, 3, 1),
]


@pytest.mark.parametrize(("slots", "workers", "count", "wanted"), ALONE)
def test_what_one_key_gets_alone_leaves_room_for_others_and_no_worker_idle(
    slots: int, workers: int, count: int, wanted: int
) -> None:
    here = Simulated(slots, workers, {f"k{n}": 1 for n in range(count)})
    got = sum(here.admits("k0") for _ in range(100))
    assert got == wanted == here.shares.most
    assert got >= min(slots, workers)


def test_without_keys_all_slots_are_everybodys() -> None:
    here = Simulated(6, 2, {})
    assert sum(here.admits(None) for _ in range(100)) == 6


def test_after_a_while_keys_have_what_their_shares_say() -> None:
    here = Simulated(12, 2, {"a": 1, "b": 3})
    assert sum(here.admits("a") for _ in range(100)) == 11
    chance = random.Random(4)
    for _ in range(200):
        held = [who for who, count in here.shares.taken.items() for _ in range(count)]
        here.done(chance.choice(held))
        # Both ask as often as they can, the greedy one first.
        for who in ("a", "a", "a", "b", "a", "b"):
            here.admits(who)
    assert here.shares.taken == {"a": 3, "b": 9}


STEPS = st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=120)


@given(st.integers(1, 12), st.integers(1, 4), st.lists(st.integers(1, 5), min_size=2, max_size=5), STEPS)
def test_whoever_has_nothing_here_is_let_in(
    slots: int, workers: int, weights: list[int], steps: list[tuple[int, bool]]
) -> None:
    """As long as no more keys are known than can be kept a place for."""
    workers = min(workers, slots)
    here = Simulated(slots, workers, {f"k{n}": weight for n, weight in enumerate(weights)})
    keepable = min(slots // 2, slots - workers) >= len(weights) - 1
    for number, comes in steps:
        who = f"k{number % len(weights)}"
        held = here.shares.taken[who]
        if comes:
            taken = here.admits(who)
            assert taken or held or not keepable
            # No slot stays empty that a worker waits for, whoever asks.
            assert taken or here.taken >= workers
        elif held:
            here.done(who)
        assert here.taken == sum(here.shares.taken.values()) <= slots
    assert all(count > 0 for count in here.shares.taken.values())


def test_a_key_that_is_taken_back_keeps_what_it_has_and_harms_nobody() -> None:
    weights = {"a": 1, "b": 1}
    here = Simulated(8, 2, weights)
    assert sum(here.admits("a") for _ in range(20)) == 7
    del weights["a"]
    assert here.admits("b")
    for _ in range(7):
        here.done("a")
    assert (here.taken, here.shares.taken) == (1, {"b": 1})


@given(st.integers(1, 4), st.integers(0, 30), st.integers(0, 3))
def test_the_predicted_wait_is_by_turns(workers: int, flood: int, own: int) -> None:
    shares = Shares(100, workers)
    for _ in range(flood):
        shares.take("a")
    for _ in range(own):
        shares.take("b")
    ahead = shares.ahead("b", flood + own, workers)
    assert ahead == max(own + min(flood, own + 1), min(flood + own, workers))
    assert shares.ahead("a", flood + own, workers) <= flood + own


def test_one_who_sends_little_is_in_time_where_one_who_floods_is_late() -> None:
    here = Simulated(40, 2, {"a": 1, "b": 1}, deadline=5.0, seconds=1.0)
    while here.admits("a"):
        pass
    assert here.taken >= 8
    assert here.wait_of("a") > here.wait_of("b")
    assert here.admits("b")


@given(st.integers(1, 200), st.integers(1, 5), st.integers(1, 4))
def test_a_first_photo_waits_for_one_of_each_other_key(flood: int, keys: int, workers: int) -> None:
    """A simulated queue: `keys` of them have so many waiting each, then another comes with one."""
    queue: Turns[str] = Turns()
    for _ in range(flood):
        for n in range(keys):
            queue.append(f"k{n}", f"k{n}")
    for _ in range(min(workers, len(queue) - 1)):
        queue.pop()
    queue.append("late", "late")
    before: Counter[str] = Counter()
    while (who := queue.pop()) != "late":
        before[who] += 1
    assert sum(before.values()) <= keys
    assert all(count <= 1 for count in before.values())
