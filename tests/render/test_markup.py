"""No sentence becomes markup, wherever it stands on a page: translators may write what they like."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from photoscan.render import RenderOptions, renderer
from photoscan.render.base import Words
from tests.render.test_formats import BROKEN, JPEG, found

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
    say, told = Words.say, set()

    def marked(self: Words, key: str, **values: object) -> str:
        told.add(key)
        return MARK + say(self, key, **values)

    monkeypatch.setattr(Words, "say", marked)
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
