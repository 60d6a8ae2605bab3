"""Pages and PDFs say the same, whole and within their edges, and are the same at each run."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from pypdf import PdfReader
from reportlab.pdfbase.pdfmetrics import stringWidth

from photoscan.handouts import blocks, html, lessons, pdf, sheets
from photoscan.handouts.blocks import Block
from photoscan.handouts.sheets import Sheet
from tests.properties import sample

EVERY = [(language, sheet.name) for language in lessons.languages() for sheet in sheets.sheets(language)]
HEAVY = sample([("pt-BR", "plan-7-9"), ("en", "certificate"), ("ms", "rounds")], EVERY)


def sheet(language: str, name: str) -> Sheet:
    return next(sheet for sheet in sheets.sheets(language) if sheet.name == name)


@cache
def made(language: str, name: str) -> bytes:
    return pdf.page(sheet(language, name), language)


def texts(block: Block) -> Iterator[str]:
    """All that a block shows."""
    match block:
        case blocks.Heading() | blocks.Paragraph():
            yield block.text
        case blocks.Items():
            yield from block.rows
        case blocks.Table():
            yield from block.head if block.headed else ()
            for row in block.rows:
                yield from row
        case blocks.Fill():
            yield from block.labels
        case blocks.Round():
            yield from (block.title, block.note, block.rule)
        case blocks.Name():
            yield block.name or ""


def wanted(shown: Sheet) -> list[str]:
    return [bare(text) for text in (shown.title, *(text for block in shown.blocks for text in texts(block))) if text]


def bare(text: str) -> str:
    """Without spaces and marks: where lines end is the renderer's."""
    return re.sub(r"\s+", "", blocks.plain(text))


class Seen(HTMLParser):
    """The text of a page, its tags, and what it would load."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.text, self.tags, self.loads, self._quiet = "", [], [], False
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._quiet = tag == "style"
        self.tags.append((tag, dict(attrs)))
        self.loads += [value for name, value in attrs if name in ("src", "href", "action") and value]

    def handle_endtag(self, tag: str) -> None:
        self._quiet = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self._quiet else data


def pages(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def around(language: str, number: int, count: int) -> str:
    """What stands at the top and the foot of a page."""
    said = sheets.words(language)
    of = said["page"].format(page=number, pages=count) if count > 1 else ""
    return bare(said["name"] + said["footer"] + of)


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_a_page_shows_every_text_and_loads_nothing(language: str, name: str) -> None:
    seen = Seen(html.page(sheet(language, name), language))
    assert [text for text in wanted(sheet(language, name)) if text not in bare(seen.text)] == []
    assert [load for load in seen.loads if not load.startswith("data:image/jpeg;base64,")] in ([], ["index.html"])
    tags = [tag for tag, _ in seen.tags]
    assert "script" not in tags
    assert tags.count("h1") == tags.count("main") == 1
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h\d", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), "no level is left out"
    assert seen.tags[0] == ("html", {"lang": language})
    assert all(attributes.get("alt") for tag, attributes in seen.tags if tag == "img")
    assert all(attributes.get("scope") for tag, attributes in seen.tags if tag == "th")


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_a_pdf_shows_every_text_of_the_page(language: str, name: str) -> None:
    shown = sheet(language, name)
    read = PdfReader(io.BytesIO(made(language, name)))
    whole = ""
    for number, page in enumerate(read.pages, 1):
        text = bare(page.extract_text())
        frame = "" if shown.certificate else around(language, number, len(read.pages))
        assert text.startswith(frame)
        whole += text.removeprefix(frame)
    assert [text for text in wanted(shown) if text not in whole] == []
    assert read.metadata is not None
    assert (read.metadata.title, read.metadata.author) == (shown.title, "photoscan")
    assert read.trailer["/Root"]["/Lang"] == language
    assert str(read.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]) == "True"


def placed(data: bytes) -> Iterator[tuple[int, float, float, float, str]]:
    """Each run of text: its page, where it begins and ends, its height on the page, in points."""
    found: list[tuple[int, float, float, float, str]] = []
    for number, page in enumerate(PdfReader(io.BytesIO(data)).pages):

        def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float, n: int = number) -> None:
            if text.strip() and font:
                x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
                wide = max(stringWidth(line, str(font["/BaseFont"])[1:], size) for line in text.strip().split("\n"))
                found.append((n, x, x + wide * tm[0] * cm[0], y, text.strip()))

        page.extract_text(visitor_text=visit)
    yield from found


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_no_text_stands_over_an_edge(language: str, name: str) -> None:
    shown = sheet(language, name)
    width, height = (842, 595) if shown.certificate else (595, 842)
    runs = list(placed(made(language, name)))
    assert len(runs) > 4
    assert [text for _, x, end, y, text in runs if x < 50 or end > width - 50 or not 25 < y < height - 25] == []


def test_a_text_over_an_edge_would_be_seen() -> None:
    long = Sheet("x", "x", "", "home", (blocks.Fill(("W" * 40, "W" * 40)),))
    assert [end for _, _, end, _, _ in placed(pdf.page(long, "en")) if end > 545]


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_no_heading_stands_alone_at_the_end_of_a_page(language: str, name: str) -> None:
    shown = sheet(language, name)
    headings = {bare(block.text) for block in shown.blocks if isinstance(block, blocks.Heading)}
    for page in pages(made(language, name)):
        last = [bare(line) for line in page.splitlines() if line.strip()][-1]
        assert last not in headings


def test_plans_are_short() -> None:
    """A teacher has five minutes."""
    for language, name in EVERY:
        if name.startswith("plan-"):
            assert len(PdfReader(io.BytesIO(made(language, name))).pages) <= 3, (language, name)


@pytest.mark.parametrize(("language", "name"), HEAVY)
def test_two_runs_give_the_same_bytes(language: str, name: str) -> None:
    shown = sheet(language, name)
    assert pdf.page(shown, language) == pdf.page(shown, language)
    assert html.page(shown, language) == html.page(shown, language)
    assert not re.search(rb"D:20(?!00)\d\d", pdf.page(shown, language)), "a date of today"


def test_a_page_holds_nothing_that_a_photo_s_file_says() -> None:
    for name in ("rounds", "worksheet-7-9"):
        assert b"Exif" not in made("en", name)


NAMES = {
    "Nur Aisyah binti Abdullah": True,
    "José da Conceição": True,
    "D’Angelo O'Neil-Müller": True,
    "<b>&amp; <script>alert(1)</script>": True,
    "**bold** %s {} \\": True,
    "W" * 80: True,
    "张伟": False,
    "கவிதா": False,
    "نور عائشة": False,
}
"""Names, and whether the PDF's letters have all of theirs."""


@pytest.mark.parametrize("name", NAMES)
def test_a_certificate_shows_the_name_as_it_is(name: str) -> None:
    shown = sheet("en", "certificate")
    each = sheets.certificates(shown, [name])
    seen = Seen(html.certificates(shown, each, "en"))
    assert name in seen.text
    assert not {"script", "b"} & {tag for tag, _ in seen.tags}
    assert "bdi" in [tag for tag, _ in seen.tags], "it turns no text around it"
    (page,) = pages(pdf.certificates(shown, each, "en"))
    assert (re.sub(r"\s", "", name) in re.sub(r"\s", "", page)) is NAMES[name]
    assert bare("This is to certify that") in bare(page)
    runs = list(placed(pdf.certificates(shown, each, "en")))
    assert [end for _, x, end, _, _ in runs if x < 50 or end > 842 - 50] == []


def test_each_name_has_a_page() -> None:
    shown = sheet("pt-BR", "certificate")
    each = sheets.certificates(shown, ["Ana", "Bruno", "Caio"])
    shown_on = [re.findall("Ana|Bruno|Caio", page) for page in pages(pdf.certificates(shown, each, "pt-BR"))]
    assert shown_on == [["Ana"], ["Bruno"], ["Caio"]]
    seen = Seen(html.certificates(shown, each, "pt-BR"))
    assert [tag for tag, _ in seen.tags].count("section") == 3


def test_pictures_are_smaller_and_say_nothing(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    from photoscan import shipped
    from photoscan.handouts import pictures

    monkeypatch.setattr(shipped, "HOME", tmp_path)
    (tmp_path / "workshop" / "rounds").mkdir(parents=True)
    exif = Image.Exif()
    exif[0x010E] = "Jalan Kenari 12"
    Image.new("RGB", (1280, 853), "red").save(tmp_path / "workshop" / "rounds" / "tried.jpg", exif=exif)
    pictures.picture.cache_clear()
    pictures.size.cache_clear()
    data = pictures.picture("tried")
    assert data is not None
    assert b"Kenari" not in data
    assert pictures.size("tried") == (1000, 666)
    assert pictures.picture("absent") is None
    with pytest.raises(KeyError):
        pictures.size("absent")
    block = blocks.Picture("tried", "A <red> photo", 62)
    assert 'alt="A &lt;red&gt; photo"' in html.drawn(block)
    page = Sheet("x", "x", "", "home", (block, blocks.Round("1  Tried", block, "Ask.", "The rule", "Look.")))
    assert len(PdfReader(io.BytesIO(pdf.page(page, "en"))).pages[0].images) == 1, "the same twice lies there once"
    assert "Look." in pages(pdf.page(page, "en"))[0]
    pictures.picture.cache_clear()
    pictures.size.cache_clear()
