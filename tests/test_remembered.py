"""What tests remember is what the network said, for that question and those weights alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.remembered import Memory, Session, once


class Doubling:
    """A network that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    outputs = ("twice", "total")

    def run(self, batch: Any) -> dict[str, Any]:
        self.asked += 1
        return {"twice": 2 * batch, "total": batch.sum(keepdims=True)}


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "face-detector" / "weights.onnx"
    path.parent.mkdir()
    path.write_bytes(b"1")
    return path


def asked(network: Session, given: Any) -> list[Any]:
    return list(network.run(given).values())


def test_the_same_question_is_answered_from_memory_also_in_another_process(weights: Path, tmp_path: Path) -> None:
    real, given = Doubling(), np.arange(6, dtype=np.float32).reshape(2, 3)
    for _ in range(2):
        network = Session(real, weights, "1", Memory(tmp_path / "answers"))
        for _ in range(2):
            twice, total = asked(network, given)
            assert np.array_equal(twice, 2 * given)
            assert total == given.sum()
            twice += 1  # whoever asks may write into the answer
    assert real.asked == 1
    assert network.outputs == ("twice", "total")


def test_another_question_is_asked(weights: Path, tmp_path: Path) -> None:
    real, memory = Doubling(), Memory(tmp_path / "answers")
    given = np.arange(6, dtype=np.float32)
    network = Session(real, weights, "1", memory)
    for question in (given, given + 1, given.reshape(2, 3), given.astype(np.float64)):
        assert np.array_equal(asked(network, question)[0], 2 * question)
    asked(Session(real, weights, "2", memory), given)
    other = weights.with_name("other.onnx")
    other.write_bytes(b"2")
    asked(Session(real, other, "1", memory), given)
    assert real.asked == 6


def test_of_a_softmax_what_is_likely_is_exact(tmp_path: Path) -> None:
    weights = tmp_path / "text-recogniser" / "weights.onnx"
    weights.parent.mkdir()
    weights.write_bytes(b"1")
    network = Session(Doubling(), weights, "1", Memory(tmp_path / "answers"))
    given = np.array([[0.3, 1e-9, 1e-6], [0.5, 0.0, 0.2]], np.float32)
    for _ in range(2):
        twice, _ = asked(network, given)
        assert np.array_equal(twice, np.where(given < 1e-7, 0, 2 * given))


def test_what_was_not_asked_for_longest_makes_room(weights: Path, tmp_path: Path) -> None:
    real = Doubling()
    network = Session(real, weights, "1", Memory(tmp_path / "answers", space=100_000))
    for number in range(100):
        asked(network, np.full(1000, number, np.float32))
    assert sum(path.stat().st_size for path in (tmp_path / "answers").iterdir()) < 120_000
    asked(network, np.full(1000, 99, np.float32))
    assert real.asked == 100
    asked(network, np.full(1000, 0, np.float32))
    assert real.asked == 101


def test_a_folder_is_made_once(tmp_path: Path) -> None:
    made = []

    def make(folder: Path) -> None:
        folder.mkdir()
        made.append(folder)

    assert once(tmp_path / "a", make) == once(tmp_path / "a", make) == tmp_path / "a"
    assert made == [tmp_path / "a"]


def test_nobody_waits_for_ever_for_a_folder(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        once(tmp_path / "a", fail)
    with pytest.raises(TimeoutError):
        once(tmp_path / "a", fail, patience=0.2)
