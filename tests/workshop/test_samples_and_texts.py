"""The samples are what fixtures/ draws and show what they promise; every text that the page names is there."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from fixtures import workshop as drawn
from fixtures.manifest import Sample
from photoscan import catalog
from photoscan.catalog import LANGUAGES
from photoscan.clean_phrases import RefusedError
from photoscan.errors import Phrase
from photoscan.geometry import Box
from photoscan.scanner import Scanner
from photoscan.workshop import plain, samples
from photoscan.workshop.app import STATIC, TEXTS
from photoscan.workshop.samples import NAMES

LARGEST = 120_000
"""Bytes of a sample: they are part of the package."""


@pytest.fixture(scope="module")
def redrawn() -> dict[str, tuple[bytes, Sample]]:
    return {sample.file.removesuffix(".jpg"): (data, sample) for data, sample in drawn.draw()}


def pixels(data: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.float32)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_what_is_drawn_today(name: str, redrawn: dict[str, tuple[bytes, Sample]]) -> None:
    kept = samples.sample(name)
    assert kept is not None
    assert len(kept) <= LARGEST
    # Coded by another version of a library, a picture differs a little.
    assert np.abs(pixels(kept) - pixels(redrawn[name][0])).mean() < 2


@pytest.mark.parametrize("name", ["class_trip", "identity_card"])
def test_a_sample_with_drawn_heads_shows_what_it_promises(
    name: str, scanner: Scanner, redrawn: dict[str, tuple[bytes, Sample]]
) -> None:
    sample = redrawn[name][1]
    report = scanner.scan(samples.sample(name) or b"", name=sample.file)
    for expected in sample.expected:
        near = [f for f in report.findings if f.kind.within(expected.kind)]
        if expected.box is not None:
            near = [f for f in near if f.box is not None and f.box.intersection(Box(*expected.box))]
        assert near, f"{name}: {expected.kind}"
    assert [f.kind.value for f in report.findings if f.likely and any(f.kind.within(k) for k in sample.must_not)] == []
    # The other scenes are those of the demo, which is held to its manifest in test_demo.


def test_names_that_are_none_are_not_remembered() -> None:
    before = samples._file.cache_info().currsize
    assert [samples.sample(name) for name in ("", "../samples/holiday", "holiday.jpg", "nobody")] == [None] * 4
    assert samples._file.cache_info().currsize == before


def test_no_other_file_lies_among_the_samples() -> None:
    assert {path.stem for path in drawn.FOLDER.iterdir()} == set(NAMES)
    assert samples.sample("../catalog") is None


SCRIPTS = {path: path.read_text("utf-8") for path in STATIC.rglob("*.js")}
BUILT = {
    "kind": "title why do", "severity": "", "level": "", "verdict": "", "rule": "", "law": "", "country": "",
    "linddun": "", "detector": "", "error": "", "reason": "",
}  # fmt: skip
"""Families whose keys the page builds from what it is told."""


def named() -> set[str]:
    """Every key that a script writes out in full."""
    quoted = {key for text in SCRIPTS.values() for key in re.findall(r"'([a-z_]+(?:\.[a-z_0-9]+)+)'", text)}
    return {key for key in quoted if key.split(".")[0] in TEXTS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_the_page_names_is_sent_to_it(language: str, client: TestClient) -> None:
    sent = set(client.get(f"/api/texts/{language}").json())
    assert named() - sent == set()
    assert {f"workshop.sample.{name}" for name in NAMES} <= sent
    assert {family for family in BUILT if not any(key.startswith(f"{family}.") for key in sent)} == set()


def test_no_text_of_the_page_is_left_over() -> None:
    families = [
        "sample", "step", "error", "cli", "clean", "present", "key", "map", "notes", "game.place", "game.team",
        "game.what", "round", "leak", "lan", "class.photo", "player.error", "player.found", "player.how", "player.out",
        "player.pick", "player.sent", "player.tab",
    ]  # fmt: skip
    built = (*(f"workshop.{family}." for family in families), "workshop.cover_", "workshop.strips_")
    known = {key.removesuffix(".one") for key in catalog.rows() if key.startswith("workshop.")}
    ours = {key for key in known if not key.startswith(built)}
    assert ours - named() == set()


SHOWN = ("kind.", "rule.", "law.", "detail.", "note.", "headline.", "advice.", "level.", "verdict.", "reason.")
"""Families of texts that stand on cards and views."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_told_an_option_of_the_command_line_here(language: str) -> None:
    rows = catalog.rows(language)
    ours = {key for key in rows if key.startswith((*SHOWN, "workshop.")) and not key.startswith("workshop.cli.")}
    assert {key for key in ours if "--" in rows[key] or "photoscan " in rows[key]} - {"workshop.footer"} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_that_names_an_option_is_said_otherwise_or_not_at_all(language: str) -> None:
    rows = catalog.rows(language)
    for key in (key for key in rows if key.startswith("clean.") and "--" in rows[key]):
        values = dict.fromkeys(re.findall(r"{(\w+)}", rows[key]), "x")
        assert all("--" not in words for words in plain.sentences([Phrase(key, values)], language))
        error = RefusedError(key.removeprefix("clean.refused."), **values)
        if key.startswith("clean.refused.") and (said := plain.refusal(error)) is not None:
            assert "--" not in said[language]
    assert plain.refusal(RefusedError("frames", format="GIF")) is not None
    assert plain.refusal(RefusedError("exists", path="x")) is None


def test_the_page_needs_no_text_of_the_command_line(client: TestClient) -> None:
    assert not [key for key in client.get("/api/texts/en").json() if key.startswith(("cli.", "help."))]


def test_every_import_of_a_script_is_there() -> None:
    for script, text in SCRIPTS.items():
        for other in re.findall(r"from '(\.{1,2}/[\w./]+)'", text):
            assert (script.parent / other).exists(), f"{script.name} imports {other}"
    page = (STATIC / "index.html").read_text("utf-8")
    assert all((STATIC / Path(path).name).exists() for path in re.findall(r'(?:src|href)="/static/([^"]+)"', page))
