"""`photoscan workshop --handouts`: every file is made, nothing is lost, and names stay where they were asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from photoscan.errors import NotReadableError, UsageError
from photoscan.handouts import lessons, sheets, writing
from photoscan.handouts.names import LARGEST, LONGEST, MOST, names
from tests.conftest import Run

SHEETS = [sheet.name for sheet in sheets.sheets("en")]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def no_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the library for PDF is not installed."""
    monkeypatch.delitem(sys.modules, "photoscan.handouts.pdf", raising=False)
    monkeypatch.delattr("photoscan.handouts.pdf", raising=False)
    monkeypatch.setitem(sys.modules, "reportlab.lib.pagesizes", None)


def test_every_file_of_every_language_is_written(run: Run, tmp_path: Path) -> None:
    done = run("workshop", "--handouts", tmp_path / "class")
    assert done.returncode == 0, done.stderr
    made = files(tmp_path / "class")
    expected = {
        f"{language}/{name}.{end}" for language in lessons.languages() for name in SHEETS for end in ("html", "pdf")
    }
    expected |= {f"{language}/index.html" for language in lessons.languages()} | {"index.html"}
    assert set(made) == expected
    assert [line.rpartition(": ")[2] for line in done.stdout.splitlines()] == [
        str(tmp_path / "class" / language / "index.html") for language in lessons.languages()
    ]
    for language in lessons.languages():
        index = made[f"{language}/index.html"].decode()
        assert [
            name for name in SHEETS if f'href="{name}.html"' not in index or f'href="{name}.pdf"' not in index
        ] == []
        assert f'href="{language}/index.html"' in made["index.html"].decode()
    assert {data[:5] for name, data in made.items() if name.endswith(".pdf")} == {b"%PDF-"}


@pytest.mark.parametrize("language", ["ms", "pt-BR"])
def test_one_language_alone_and_no_pdf(language: str, run: Run, tmp_path: Path) -> None:
    done = run("workshop", "--handouts", tmp_path, "--lang", language, "--no-pdf")
    assert done.returncode == 0, done.stderr
    assert set(files(tmp_path)) == {f"{language}/{name}.html" for name in [*SHEETS, "index"]}
    assert ".pdf" not in (tmp_path / language / "index.html").read_text("utf-8")
    assert len(done.stdout.splitlines()) == 1


def test_two_runs_write_the_same(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        writing.write(tmp_path / folder, ["id"], ["Ana"])
    assert files(tmp_path / "a") == files(tmp_path / "b")


def test_a_file_that_is_there_is_kept_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "en" / "letter.html"
    kept.parent.mkdir()
    kept.write_text("mine")
    done = run("workshop", "--handouts", tmp_path, "--lang", "en", "--no-pdf")
    assert done.returncode == 2
    assert "letter.html already exists" in done.stderr
    assert files(tmp_path) == {"en/letter.html": b"mine"}
    done = run("workshop", "--handouts", tmp_path, "--lang", "en", "--no-pdf", "--overwrite")
    assert done.returncode == 0, done.stderr
    assert b"Dear parents" in kept.read_bytes()


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_a_link_to_nowhere_is_in_the_way_too(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "index.html").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError):
        writing.write(tmp_path, ["en"], pdf=False)
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_that_can_t_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "en").write_text("a file")
    with pytest.raises(NotReadableError, match="en"):
        writing.write(tmp_path, ["en"], pdf=False)


def test_a_folder_that_is_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert run("workshop", "--handouts", tmp_path / "file").returncode == 2


@pytest.mark.usefixtures("no_pdf")
def test_without_the_library_the_extra_is_named_and_pages_are_written(run: Run, tmp_path: Path) -> None:
    done = run("workshop", "--handouts", tmp_path, "--lang", "en")
    assert done.returncode == 2
    assert "[workshop]" in done.stderr
    assert "--no-pdf" in done.stderr
    assert files(tmp_path) == {}
    assert run("workshop", "--handouts", tmp_path, "--lang", "en", "--no-pdf").returncode == 0


@pytest.mark.parametrize("option", [("--names", "x"), ("--no-pdf",), ("--overwrite",)])
def test_what_belongs_to_handouts_needs_them(option: tuple[str, ...], run: Run) -> None:
    done = run("workshop", *option)
    assert done.returncode == 2
    assert "--handouts" in done.stderr


def test_a_language_without_texts_gets_english(monkeypatch: pytest.MonkeyPatch) -> None:
    assert writing.chosen(None) == lessons.languages()
    assert writing.chosen("ms") == ("ms",)
    assert writing.chosen("tlh") == ("en",)


# Names


def listed(tmp_path: Path, said: str | bytes) -> Path:
    file = tmp_path / "names.txt"
    file.write_bytes(said if isinstance(said, bytes) else said.encode())
    return file


def test_certificates_with_names_are_written_and_linked(run: Run, tmp_path: Path) -> None:
    names_file = listed(tmp_path, "Nur Aisyah\n\n  José  \n张伟\n")
    done = run("workshop", "--handouts", tmp_path / "out", "--lang", "en", "--names", names_file)
    assert done.returncode == 0, done.stderr
    made = files(tmp_path / "out")
    page = made["en/certificates.html"].decode()
    assert [page.count(name) for name in ("Nur Aisyah", "José", "张伟")] == [1, 1, 1]
    assert 'href="certificates.pdf"' in made["en/index.html"].decode()
    assert "certificates.html has them all" in done.stderr
    assert ": 1." in done.stderr, "one name"
    others = [data for name, data in made.items() if "certificates" not in name]
    assert not [data for data in others if b"Aisyah" in data]
    assert "Aisyah" not in done.stdout + done.stderr


READ = {
    "Ana\nBruno": ("Ana", "Bruno"),
    "\ufeffAna\r\nBruno\r\n": ("Ana", "Bruno"),
    "\n \t \n Ana  Maria \n": ("Ana Maria",),
    "Ana\tMaria": ("Ana Maria",),
    "\u202eanA\u2066\x07": ("anA",),
    "Jose\u0301": ("José",),
    "க்\u200cஷ": ("க்\u200cஷ",),
    "x" * LONGEST: ("x" * LONGEST,),
}


@pytest.mark.parametrize("said", READ)
def test_names_are_read(said: str, tmp_path: Path) -> None:
    assert names(listed(tmp_path, said)) == READ[said]


REFUSED = {
    "empty": (b"", "no names"),
    "blank": (b" \n\n", "no names"),
    "many": (b"Secret\n" * (MOST + 1), "more than"),
    "long": (b"Ana\n" + b"Secret" * 100, "line 2"),
    "large": (b"\n" * (LARGEST + 1), "UTF-8"),
    "other coding": ("Secret José".encode("latin-1"), "UTF-8"),
    "two bytes a letter": ("Secret".encode("utf-16"), "UTF-8"),
    "a picture": (b"\xff\xd8\xff\xe0Secret", "UTF-8"),
    "zeros": (b"Secret\0", "UTF-8"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_list_of_names_is_refused_without_telling_it(case: str, tmp_path: Path) -> None:
    data, said = REFUSED[case]
    with pytest.raises(UsageError, match=said) as refused:
        names(listed(tmp_path, data))
    assert "Secret" not in str(refused.value)


def test_a_list_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    with pytest.raises(NotReadableError):
        names(tmp_path / "absent")
    done = run("workshop", "--handouts", tmp_path / "out", "--names", tmp_path / "absent")
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()
