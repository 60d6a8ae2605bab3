"""The order in which jobs wait: by turns of their owners."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from photoscan.workers.turns import Turns


def drained(queue: Turns[str]) -> list[str]:
    return [queue.pop() for _ in range(len(queue))]


@given(st.lists(st.text(max_size=2)))
def test_for_one_owner_it_is_first_come_first_served(items: list[str]) -> None:
    queue: Turns[str] = Turns()
    for item in items:
        queue.append(item)
    assert list(queue) == items
    assert drained(queue) == items


def test_owners_take_turns() -> None:
    queue: Turns[str] = Turns()
    for name in ("a1", "a2", "a3", "a4", "b1", "b2", "c1"):
        queue.append(name, name[0])
    assert drained(queue) == ["a1", "b1", "c1", "a2", "b2", "a3", "a4"]


def test_by_their_weights() -> None:
    queue: Turns[str] = Turns()
    for n in range(40):
        queue.append(f"a{n}", "a", 1)
        queue.append(f"b{n}", "b", 3)
    first = Counter(name[0] for name in drained(queue)[:40])
    assert first == {"a": 10, "b": 30}


def test_who_has_waited_long_ago_has_no_more_than_a_turn() -> None:
    queue: Turns[str] = Turns()
    for n in range(100):
        queue.append(f"a{n}", "a")
    for _ in range(50):
        queue.pop()
    for n in range(3):
        queue.append(f"b{n}", "b")
    assert drained(queue)[:6] in (["b0", "a50", "b1", "a51", "b2", "a52"], ["a50", "b0", "a51", "b1", "a52", "b2"])


def test_what_is_put_back_is_first() -> None:
    queue: Turns[str] = Turns()
    queue.append("a", "a")
    queue.append("b", "b")
    taken = queue.pop()
    queue.put_back(taken)
    assert queue.first() == taken
    assert drained(queue) == ["a", "b"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2), st.floats(0.5, 5))))
def test_nothing_is_lost_and_each_owners_order_is_kept(steps: list[tuple[str, int, float]]) -> None:
    queue: Turns[str] = Turns()
    put: dict[str, list[str]] = {"a": [], "b": [], "c": []}
    got: dict[str, list[str]] = {"a": [], "b": [], "c": []}
    for number, (owner, pops, weight) in enumerate(steps):
        queue.append(f"{owner}{number}", owner, weight)
        put[owner].append(f"{owner}{number}")
        for _ in range(min(pops, len(queue))):
            item = queue.pop()
            got[item[0]].append(item)
    for item in drained(queue):
        got[item[0]].append(item)
    assert got == put
    # Nothing of owners stays behind.
    assert (len(queue), queue._next, queue._now) == (0, {}, 0.0)
