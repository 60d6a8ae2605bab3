"""Every text reader of the table, and one that is only there for the test: named once, known everywhere."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from fixtures.canvas import blank
from photoscan import Scanner, ScanOptions, models, readers, taught
from photoscan.budget import Budget
from photoscan.catalog import LANGUAGES
from photoscan.cli.models import models as command
from photoscan.cli.read import read
from photoscan.errors import NotInstalledError, UsageError
from photoscan.fingerprint import fingerprint
from photoscan.geometry import Box, corners
from photoscan.models import Runtime
from photoscan.photo import Photo
from photoscan.risk.policy import Policy
from photoscan.textline import TextLine
from photoscan.views import Views
from photoscan.vision import lettering, tesseract_engine
from photoscan.vision.pyramid import Pyramid
from photoscan.vision.reader import Page, Reader, open_reader

NAMES = sorted(readers.READERS)
POLICY = Policy.load("default")
NEEDY = [name for name in NAMES if readers.READERS[name].extra or readers.READERS[name].program]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    from PIL import Image

    file = tmp_path / "board.png"
    Image.fromarray(np.asarray(blank(320, 200, (235, 236, 230)), np.uint8)).save(file)
    return file


@pytest.mark.parametrize("name", NAMES)
def test_a_row_opens_a_reader_that_carries_row_threads_and_profile(name: str) -> None:
    reader = open_reader(ScanOptions(ocr=name, threads=3, profile="fast"))
    assert isinstance(reader, Reader)
    assert (reader.row, reader.runtime, reader.profile) == (readers.READERS[name], Runtime(3), "fast")


@pytest.mark.parametrize("name", NAMES)
def test_a_row_names_models_of_the_manifest_and_what_they_need(name: str) -> None:
    row = readers.READERS[name]
    groups = {models.find(model).group for model in row.models}
    assert groups <= {models.DEFAULT_GROUP, row.extra}
    assert row.scripts or row.program, "what it reads is known, unless a program's own files say it"


def test_what_is_taken_where_nothing_is_said_needs_nothing_more() -> None:
    row = readers.READERS[readers.DEFAULT]
    assert ScanOptions().ocr == row.name
    assert (row.extra, row.program) == (None, None)
    row.check()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NEEDY)
def test_a_missing_one_is_told_with_what_to_install(name: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda wanted: None)
    monkeypatch.setattr(shutil, "which", lambda wanted: None)
    row = readers.READERS[name]
    with pytest.raises(NotInstalledError) as told:
        row.check()
    words = told.value.text(language)
    assert f"--ocr {name} " in words
    assert (row.extra or row.program_package or "") in words
    assert "{" not in words


def test_an_unknown_one_is_told_with_all_that_there_are() -> None:
    with pytest.raises(UsageError) as told:
        ScanOptions(ocr="crystal ball")
    assert all(name in str(told.value) for name in NAMES)


def test_each_gives_answers_of_its_own() -> None:
    assert len({fingerprint(ScanOptions(ocr=name), POLICY) for name in NAMES}) == len(NAMES)


def test_models_of_a_reader_count_in_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(models, "recorded", lambda groups: asked.append(list(groups)) or ())
    for name in ("ppocr", "easyocr", "tesseract"):
        fingerprint(ScanOptions(ocr=name), POLICY)
    assert asked == [["default"], ["default", "easyocr"], ["default"]]


def test_tesseract_runs_with_as_many_threads_as_it_was_opened_with(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {}

    def run(command: list[str], **given: object) -> object:
        seen.update(given, command=command)
        header = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
        return type("Done", (), {"stdout": (header + "5\t1\t1\t1\t1\t1\t3\t4\t30\t12\t96\tHello\n").encode()})

    monkeypatch.setattr(shutil, "which", lambda wanted: f"/usr/bin/{wanted}")
    monkeypatch.setattr(tesseract_engine.subprocess, "run", run)
    reader = open_reader(ScanOptions(ocr="tesseract", threads=2))
    (line,) = reader.read(Pyramid(np.zeros((40, 60, 3), np.uint8)))
    assert line.text == "Hello"
    assert seen["env"]["OMP_THREAD_LIMIT"] == "2"  # type: ignore[index]


PROGRAM = """#!/bin/sh
if [ "$1" = --list-langs ]; then
  echo 'List of available languages in "/usr/share/tessdata/" (4):'; echo ara; echo eng; echo osd; echo tha; exit 0
fi
echo "$@" >> "$(dirname "$0")/asked"; cat > /dev/null
printf 'level\\tpage_num\\tblock_num\\tpar_num\\tline_num\\tword_num\\tleft\\ttop\\twidth\\theight\\tconf\\ttext\\n'
printf '5\\t1\\t1\\t1\\t1\\t1\\t6\\t6\\t%s\\t40\\t%s\\tถนนสุขุมวิท\\n' "${WIDE:-500}" "${SURE:-93}"
"""
"""Stands for Tesseract: it knows two languages, and reads a street wherever it looks."""


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "tesseract"
    program.write_text(PROGRAM, "utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    taught.languages.cache_clear()
    yield folder
    taught.languages.cache_clear()


def test_installed_languages_are_listed(tesseract: Path) -> None:
    assert taught.languages() == ("ara", "eng", "tha")
    done = CliRunner().invoke(command, ["list"])
    assert "ara, eng, tha" in done.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_language_says_what_to_do(language: str, tesseract: Path) -> None:
    with pytest.raises(NotInstalledError) as caught:
        Scanner(ScanOptions(ocr_languages=("ara", "tam")))
    told = caught.value.text(language)
    assert all(part in told for part in ("tam", "apt install tesseract-ocr-tam", "ara, eng, tha"))


@pytest.mark.parametrize("name", ["", "a", "-c", "--psm", "ara+tam", "ara tam", "../tam", "ara;ls", "/etc/passwd"])
def test_what_is_no_language_never_comes_to_the_command_line(name: str) -> None:
    with pytest.raises(UsageError):
        ScanOptions(ocr_languages=(name,))


@pytest.mark.parametrize("name", ["ara", "chi_sim_vert", "script/Tamil"])
def test_names_of_languages(name: str) -> None:
    assert ScanOptions(ocr_languages=[name]).ocr_languages == (name,)  # type: ignore[arg-type]


def test_without_its_program_languages_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda wanted: None)
    with pytest.raises(NotInstalledError, match="tesseract-ocr"):
        Scanner(ScanOptions(ocr_languages=("ara",)))


def test_the_reader_tesseract_is_given_its_languages(tesseract: Path) -> None:
    reader = open_reader(ScanOptions(ocr="tesseract", ocr_languages=("ara", "tha")))
    assert [line.text for line in reader.read(Pyramid(np.zeros((60, 600, 3), np.uint8)))] == ["ถนนสุขุมวิท"]
    assert (tesseract / "asked").read_text().split() == ["stdin", "stdout", "-l", "ara+tha", "--psm", "11", "tsv"]


LEFT = [
    # what Tesseract reads of what was left: how wide, how surely; the lines then, and whether something stays unread
    ("480", "93", ["Ticket office", "ถนนสุขุมวิท"], False),
    ("200", "93", ["Ticket office", "LUIC 12", "ถนนสุขุมวิท"], True),
    ("480", "52", ["Ticket office", "LUIC 12"], True),
]


@pytest.mark.parametrize(("wide", "sure", "texts", "stays"), LEFT)
def test_tesseract_reads_what_is_left(
    wide: str, sure: str, texts: list[str], stays: bool, tesseract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = TextLine("LUIC 12", corners(Box(60, 300, 500, 60)), 0.8)
    read = TextLine("Ticket office", corners(Box(60, 100, 300, 40)), 0.99)
    monkeypatch.setattr("photoscan.vision.ppocr.PpOcr.page", lambda self, pyramid: Page((read, left)))
    monkeypatch.setattr("photoscan.vision.mirror.suspected", lambda *_: False)
    monkeypatch.setattr("photoscan.vision.unread._is_writing", lambda *_: True)
    monkeypatch.setenv("WIDE", wide)
    monkeypatch.setenv("SURE", sure)
    options = ScanOptions(ocr_languages=("tha",))
    pyramid = Pyramid(blank(800, 600, (235, 236, 230)))
    seen = lettering.read(pyramid, options, Budget())
    assert sorted(line.text for line in seen.lines) == sorted(texts)
    assert bool(lettering.unread(seen, pyramid, options)) is stays
    assert (tesseract / "asked").read_text().split() == ["stdin", "stdout", "-l", "tha", "--psm", "6", "tsv"]


@dataclass(frozen=True, slots=True)
class Parrot(Reader):
    """Reads the same address wherever it looks."""

    def read(self, pyramid: Pyramid) -> tuple[TextLine, ...]:
        """One line."""
        self.row.check()
        return (TextLine("parrot@gmail.com", corners(Box(10, 10, 200, 20)), 0.99),)


@pytest.fixture
def parrot(monkeypatch: pytest.MonkeyPatch) -> readers.Row:
    """The table with one row more, as a new module and its row would make it."""
    row = readers.Row("parrot", f"{__name__}:Parrot", scripts=("Latin",))
    monkeypatch.setitem(readers._TABLE, row.name, row)
    return row


def test_a_row_more_is_known_to_options_views_scans_and_fingerprints(parrot: readers.Row, photo: Path) -> None:
    options = ScanOptions(ocr="parrot", only=("text.email",))
    assert [line.text for line in Views(Photo.open(photo), options).lines] == ["parrot@gmail.com"]
    report = Scanner(options).scan(photo)
    assert [(f.kind, f.value) for f in report.findings] == [("text.email", "parrot@gmail.com")]
    assert report.models == (), "the parrot runs no model, and nothing else was asked to look"
    assert fingerprint(options, POLICY) != fingerprint(replace(options, ocr=readers.DEFAULT), POLICY)


@pytest.mark.parametrize("name", NAMES)
def test_the_command_line_offers_it(name: str, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers.Row, "check", lambda self: None)
    opened: list[str] = []

    def instead(options: ScanOptions, budget: object = None) -> Parrot:
        opened.append(options.ocr)
        return Parrot(readers.READERS[options.ocr], Runtime(), options.profile)

    monkeypatch.setattr("photoscan.vision.reader.open_reader", instead)
    done = CliRunner().invoke(read, ["--ocr", name, "--format", "jsonl", str(photo)], catch_exceptions=False)
    assert (done.exit_code, opened) == (0, [name])
    assert [line["text"] for line in json.loads(done.stdout)["lines"]] == ["parrot@gmail.com"]


def test_the_page_of_readers_tells_what_the_table_says() -> None:
    page = (Path(__file__).parents[2] / "docs" / "readers.md").read_text("utf-8")
    told = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    assert f"`{readers.DEFAULT}`" in [name for name, _, _ in told]
    for name, scripts, needs in told:
        row = readers.READERS[name.strip("`")]
        assert scripts == (", ".join(row.scripts) or "those of its installed languages")
        assert (row.extra or row.program_package or "nothing more") in needs
