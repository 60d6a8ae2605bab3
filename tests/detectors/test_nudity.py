"""Nudity: looked for on request alone, possible at most, and with a child the first thing that is told."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from photoscan import Photo, Scanner, ScanOptions, models
from photoscan.catalog import LANGUAGES
from photoscan.detectors.nudity import NudityDetector
from photoscan.errors import NotInstalledError
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.risk import assess
from photoscan.risk.policy import Policy
from photoscan.views import Views
from photoscan.vision import nudity
from tests.risk.reports import DEFAULT, finding, made


def views(asked: bool = True) -> Views:
    buffer = io.BytesIO()
    Image.new("RGB", (400, 300), (128, 128, 128)).save(buffer, "PNG")
    return Views(Photo.open(buffer.getvalue()), ScanOptions(nudity=asked))


def answers(monkeypatch: pytest.MonkeyPatch, score: float) -> list[np.ndarray[Any, Any]]:
    """Let the network answer so; returns what it was given."""
    given: list[np.ndarray[Any, Any]] = []

    def run(batch: np.ndarray[Any, Any]) -> dict[str, np.ndarray[Any, Any]]:
        given.append(batch)
        return {"scores": np.array([[1 - score, score]], np.float32)}

    monkeypatch.setattr(models.Runtime, "network", lambda self, name: SimpleNamespace(run=run))
    return given


@pytest.mark.parametrize("score", [0.5, 0.8, 1.0])
def test_a_high_score_is_possible(monkeypatch: pytest.MonkeyPatch, score: float) -> None:
    given = answers(monkeypatch, score)
    (found,) = NudityDetector().find(views())
    assert (found.kind, found.box) == (Kind.NUDITY, Box(0, 0, 400, 300))
    assert not found.likely
    assert given[0].shape == (1, 224, 224, 3)
    assert np.allclose(given[0].reshape(-1, 3).mean(axis=0), 128 - nudity.MEAN, atol=2)


def test_a_low_score_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    answers(monkeypatch, 0.49)
    assert list(NudityDetector().find(views())) == []


def test_nobody_looks_who_was_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    given = answers(monkeypatch, 1.0)
    assert list(NudityDetector().find(views(asked=False))) == []
    assert given == []
    assert not ScanOptions().wants("nudity")
    assert not ScanOptions(only=("nudity",)).wants("nudity")
    assert ScanOptions(nudity=True).wants("nudity")


def test_without_its_model_the_way_to_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "has", lambda name: False)
    with pytest.raises(NotInstalledError, match="photoscan models install nudity"):
        Scanner(ScanOptions(nudity=True))


@pytest.mark.parametrize("face", ["face.child", "face.child@0.3"])
def test_with_a_child_it_is_told_first_who_helps(face: str) -> None:
    report = assess(made(finding("nudity@0.4"), finding(face)), DEFAULT)
    first = report.decision.notices[0]
    assert first.code == "exposed_minor"
    assert len(first.findings) == 2
    for language in LANGUAGES:
        assert "takeitdown.ncmec.org" in first.sentence.text(language)
    assert "15999" in first.sentence.text("ms")
    assert "129" in first.sentence.text("id")
    assert "100" in first.sentence.text("pt-BR")


@pytest.mark.parametrize("policy", ["default", "platform", "strict", "workshop"])
def test_with_a_child_no_policy_allows_it(policy: str) -> None:
    report = assess(made(finding("nudity@0.4"), finding("face.child")), Policy.load(policy))
    assert report.verdict in ("review", "block")


@pytest.mark.parametrize("words", [("nudity@0.4",), ("face.child",), ("nudity@0.4", "face")])
def test_without_a_minor_or_nudity_there_is_no_such_notice(words: tuple[str, ...]) -> None:
    report = assess(made(*map(finding, words)), DEFAULT)
    assert "exposed_minor" not in [notice.code for notice in report.decision.notices]
