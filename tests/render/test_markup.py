"""No sentence becomes markup, wherever it stands on a page: translators may write what they like."""

from __future__ import annotations

import ast
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import Markup

from photoscan.render import RenderOptions, renderer
from photoscan.render.base import Words
from photoscan.render.markup import html, joined, ours
from tests.render.test_formats import BROKEN, JPEG, found

RENDER = Path(__file__).parents[2] / "photoscan" / "render"
MARK = "<u x='1' y=\"2\">&lt;"


class Reader(HTMLParser):
    """What a browser would make of a page: its text, its tags, the values of attributes."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.values: list[str] = []
        self.tags: set[str] = set()
        self.title, self.last = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.values += [value for _, value in attrs if value]
        self.last = tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.last == "title":
            self.title += data


@pytest.mark.parametrize("many", [False, True])
def test_sentences_are_text_on_a_page(many: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    text, told = Words.text, set()

    def marked(self: Words, key: str, **values: object) -> str:
        told.add(key)
        return MARK + text(self, key, **values)

    monkeypatch.setattr(Words, "text", marked)
    reports = [found(), found(path="b.jpg", number=1), BROKEN][: 3 if many else 1]
    options = RenderOptions(picture=lambda report, longest: JPEG, show_values=True)
    page = "".join(renderer("html")(options).render(reports))
    read = Reader(page)
    assert len(told) > 20
    assert "u" not in read.tags
    assert read.title.startswith(MARK)
    # As text every mark is whole: neither cut by a quote of its own, nor read twice as '<'.
    assert sum(text.count(MARK) for text in (*read.texts, *read.values)) == page.count("&lt;u x=")
    assert page.count("&lt;u x=") > len(told)


PAGES = [*sorted(RENDER.glob("html*.py")), RENDER / "worldmap.py"]


@pytest.mark.parametrize("module", PAGES, ids=lambda path: path.stem)
def test_markup_stands_only_in_patterns(module: Path) -> None:
    """What is filled in is escaped by MarkupSafe: no tag is written in another text, nor escaped by hand."""
    tree = ast.parse(module.read_text("utf-8"))
    patterns = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "html":
            assert isinstance(node.args[0], ast.Constant), ast.unparse(node)
            patterns.add(node.args[0])
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        assert called not in ("Markup", "escape", "markupsafe.escape", "ours.format"), ast.unparse(node)
    texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [node.value for node in texts if "<" in node.value and node not in patterns] == []


def test_text_becomes_text_and_markup_stays() -> None:
    inner = html("<b>{}</b>", "<i>'\"&")
    assert html('<p title="{}">{}{:.1f}</p>', '"', inner, 1.25) == (
        '<p title="&#34;"><b>&lt;i&gt;&#39;&#34;&amp;</b>1.2</p>'
    )
    assert joined([inner, html("<br>")], ", ") == f"{inner}, <br>"
    assert ours("<style>") + "<" == "<style>&lt;"


def test_every_piece_of_a_page_is_markup() -> None:
    pieces = renderer("html")(RenderOptions(picture=lambda report, longest: JPEG)).render([found(), BROKEN])
    assert all(isinstance(piece, Markup) for piece in pieces)
