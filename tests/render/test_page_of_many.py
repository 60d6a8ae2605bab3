"""The page of many photos: the worst first and open, filters that find what they name, links that lead somewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.catalog import LANGUAGES, text
from photoscan.finding import Finding, Region, with_ids
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.render import RenderOptions, renderer
from photoscan.render.html_cards import MOST_ITEMS
from photoscan.render.html_many import MOST_LINKS, MOST_WAYS
from photoscan.render.several import rank
from photoscan.report import DetectorOutcome, PhotoInfo, Report, Status
from photoscan.risk import assess
from tests.properties import share
from tests.render.test_formats import JPEG, POLICY
from tests.render.test_several import MANY, broken, photo

DONE = tuple(DetectorOutcome(name, Status.OK) for name in POLICY.required)
VOID = frozenset(["meta", "img", "input", "br"])
IN_SUMMARY = frozenset(["img", "span", "h2"])
"""Phrases and a heading: nothing in a line that unfolds can be pressed but the line itself."""


class Tree(HTMLParser):
    """A page as pairs of each element with those around it; fails on what is not nested or named as it should be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.around: list[tuple[str, dict[str, str]]] = []
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self.words: dict[str, str] = {}
        self.feed(page)
        self.close()
        assert self.around == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} says {names} twice"
        row = {name: value or "" for name, value in attrs}
        self.elements.append((tag, row, [name for name, _ in self.around]))
        if tag not in VOID:
            self.around.append((tag, row))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}, [name for name, _ in self.around]))

    def handle_endtag(self, tag: str) -> None:
        assert self.around.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, row in self.around:
            if name := row.get("id"):
                self.words[name] = self.words.get(name, "") + data

    def all(self, tag: str, class_: str = "") -> list[dict[str, str]]:
        return [row for name, row, _ in self.elements if name == tag and class_ in ["", *row.get("class", "").split()]]


def page(*reports: Report, **options: object) -> tuple[str, Tree]:
    shown = RenderOptions(picture=lambda report, longest: JPEG, **options)  # type: ignore[arg-type]
    written = "".join(renderer("html")(shown).render(reports))
    return written, Tree(written)


def names(tree: Tree) -> list[str]:
    """The photos in the order of the page."""
    return [tree.words[f"{row['id']}-h"].split(maxsplit=1)[1] for row in tree.all("details", "photo")]


def test_the_worst_photo_is_first_and_alone_open() -> None:
    _, tree = page(*MANY)
    assert names(tree) == [Path(report.photo.path).name for report in sorted(MANY, key=rank)]
    assert names(tree)[:4] == ["11.jpg", "7.jpg", "12.jpg", "13.jpg"]
    assert ["open" in row for row in tree.all("details", "photo")] == [True] + [False] * (len(MANY) - 1)
    assert [row for row in tree.all("details") if "open" in row] == tree.all("details", "photo")[:1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_says_what_matters(language: str) -> None:
    written, _ = page(*MANY, language=language, named=("trip/",))
    first = written.partition('<section class="folder"')[2].partition("</section>")[0]
    assert text("stranger.kind.text.secret", language) in first
    assert "<code>photoscan clean trip/ -o safe/</code>" in first
    counts = list(map(int, re.findall(r'<li class="tally tone-\w+"><strong>(\d+)</strong>', first)))
    assert sum(counts) == len(MANY)
    assert f"<strong>1</strong> {text('headline.unseen', language)}" in first.replace("&#39;", "'")


def test_a_photo_of_its_own_says_the_same() -> None:
    written, tree = page(MANY[7], named=("trip/7.jpg",))
    assert "<code>photoscan clean trip/7.jpg -o safe/</code>" in written
    assert tree.all("p", "lead")
    assert tree.all("details", "photo") == tree.all("form") == []


def styles(written: str) -> str:
    return written.partition("<style>")[2].partition("</style>")[0]


def test_filters_find_the_photos_that_they_count() -> None:
    """What is ticked, what the style sheet asks for, and what photos are, go by the same names, in the same numbers."""
    written, tree = page(*MANY)
    photos = [set(row["class"].split()) for row in tree.all("details", "photo")]
    boxes = [row["class"].split() for row in tree.all("input") if "only-" in row.get("class", "")]
    levels = {box[1].removeprefix("only-") for box in boxes if box[0] == "only-level"}
    kinds = {box[1].removeprefix("only-") for box in boxes if box[0] == "only-kind"}
    assert levels == {name.removeprefix("of-") for photo in photos for name in photo if name.startswith("of-")}
    assert kinds == {name.removeprefix("has-") for photo in photos for name in photo if name.startswith("has-")}
    assert kinds == {"plate", "text-school", "metadata-gps", "text-secret", "text-phone"}
    for name in kinds:
        assert f"main:has(.only-{name}:checked) .photo.has-{name}{{display:block}}" in styles(written)
    for name in levels:
        assert f":not(:has(.only-{name}:checked)) .photo.of-{name}{{" in styles(written)
    counted = re.findall(r'only-level only-(\w+)"> <span class="level-\w+">[^<]*</span> (\d+)</label>', written)
    assert {name: int(count) for name, count in counted} == {
        name: sum(f"of-{name}" in photo for photo in photos) for name in levels
    }
    rows = re.findall(r'only-kind only-([\w-]+)">.*?</th><td>\d+</td><td>(\d+)</td>', written)
    assert {name: int(count) for name, count in rows} == {
        name: sum(f"has-{name}" in photo for photo in photos) for name in kinds
    }


def test_what_is_only_possible_is_no_filter() -> None:
    perhaps = with_ids([Finding(Kind.PLATE, 0.3, Region(Box(1, 2, 30, 40)), "test", "drawn", "WKM 4821")])
    report = assess(Report(PhotoInfo("a.jpg", "1" * 64, 1, "jpeg", 80, 60), "1", perhaps, DONE), POLICY)
    written, tree = page(report, MANY[0])
    assert "only-plate" not in written
    assert "has-plate" not in written
    assert len(tree.all("details", "unsure")) == 1


def verify(tree: Tree) -> None:
    """Ids are unique, links and labels lead to them, headings leave out no level, lines of photos hold no switch."""
    ids = [row["id"] for _, row, _ in tree.elements if "id" in row]
    assert len(ids) == len(set(ids))
    assert {row["href"][1:] for _, row, _ in tree.elements if row.get("href", "").startswith("#")} <= set(ids)
    assert {word for _, row, _ in tree.elements for word in row.get("aria-labelledby", "").split()} <= set(ids)
    levels = [int(tag[1]) for tag, _, _ in tree.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= sooner + 1 for sooner, later in pairwise(levels))
    for tag, _, around in tree.elements:
        assert "summary" not in around or tag in IN_SUMMARY
    ways = [row for row in tree.all("a") if row["href"] == "#list"]
    assert len(ways) == len(tree.all("details", "photo"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_many_is_sound(language: str) -> None:
    _, tree = page(*MANY, language=language, show_values=True)
    verify(tree)
    _, tree = page(MANY[7], language=language)
    verify(tree)


HOSTILE = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12) | st.sampled_from(
    [
        "</details>",
        "<script>x()</script>",
        '" onload="x',
        "'><img src=x>",
        "{}",
        "{0.__class__}",
        "&#60;b&#62;",
        "</style>",
    ]
)


@share(0.1)
@given(st.lists(HOSTILE, min_size=2, max_size=4), HOSTILE)
def test_no_name_and_no_value_becomes_markup(paths: list[str], value: str) -> None:
    rows = with_ids([Finding(Kind.TEXT_PHONE, 0.9, Region(Box(1, 2, 30, 40)), "test", "drawn", value)])
    reports = [
        assess(Report(PhotoInfo(f"{n}{path}", "1" * 64, 1, "jpeg", 80, 60), "1", rows, DONE), POLICY)
        for n, path in enumerate(paths)
    ]
    written, tree = page(*reports, show_values=True)
    plain, _ = page(*(photo("a.jpg", Kind.TEXT_PHONE) for _ in paths), show_values=True)
    verify(tree)
    tags = {tag for tag, _, _ in tree.elements}
    assert "script" not in tags
    assert written.count("<img") == plain.count("<img")
    assert not [name for _, row, _ in tree.elements for name in row if name.startswith("on") or name == "style"]


def test_many_of_a_kind_are_one_card_with_the_first_in_sight() -> None:
    faces = with_ids(
        Finding(Kind.FACE, 0.9 if n < 7 else 0.45, Region(Box(40 * n, 5, 30, 30)), "test", "drawn", None)
        for n in range(9)
    )
    report = assess(Report(PhotoInfo("a.jpg", "1" * 64, 1, "jpeg", 800, 600), "1", faces, DONE), POLICY)
    written, tree = page(report)
    sure = [finding for finding in report.findings if finding.likely]
    assert len(sure) == 7
    (card, *_) = re.findall(r'<article class="card.*?</article>', written)
    shown, _, folded = card.partition('<details class="rest">')
    assert "×" in re.sub(r"<.*?>", "", card.partition("</h4>")[0])
    assert shown.count("<li>") == MOST_ITEMS
    assert folded.count("<li>") == card.count("<li>") - MOST_ITEMS >= 2
    numbers = re.findall(r"<text [^>]*>(\d+)</text>", written)
    assert sorted(map(int, numbers)) == list(range(1, 10))
    verify(tree)


def test_what_links_photos_is_told_in_a_few_sentences_that_lead_to_them() -> None:
    reports = [photo(f"{n}.jpg", Kind.PLATE) for n in range(MOST_WAYS + 5)]
    same = [
        assess(
            Report(
                PhotoInfo(f"{n}.jpg", "1" * 64, 1, "jpeg", 800, 600),
                "1",
                with_ids(
                    Finding(Kind.PLATE, 0.9, Region(Box(9 * k, 2, 30, 40)), "test", "drawn", f"WKM {k}{k}21")
                    for k in range(1, MOST_LINKS + 3)
                ),
                DONE,
            ),
            POLICY,
        )
        for n in range(len(reports))
    ]
    written, tree = page(*same)
    first = written.partition('<section class="folder"')[2].partition("</section>")[0]
    shown, _, folded = first.partition('<details class="rest">')
    assert (shown.count('<li class="sev-'), folded.count('<li class="sev-')) == (MOST_LINKS, 2)
    assert shown.count('href="#p') == MOST_LINKS * MOST_WAYS
    assert text("html.more", count=5) in shown
    verify(tree)


def test_five_hundred_photos_are_a_bounded_page_written_in_pieces() -> None:
    """Without pictures: pictures have bounds of their own."""
    reports = [MANY[n % 30] if n % 30 else photo(f"trip/{n}.jpg", Kind.FACE, Kind.METADATA_GPS) for n in range(500)]
    pieces = list(renderer("html")(RenderOptions()).render(reports))
    assert len(pieces) > len(reports)
    assert sum(map(len, pieces)) < 350_000 + 8_000 * len(reports)
    assert sorted(map(len, pieces))[-3] < 30_000  # but for the styles and the map


def test_pictures_get_smaller_down_the_page() -> None:
    asked: list[tuple[str, int]] = []

    def picture(report: Report, longest: int) -> bytes:
        asked.append((report.photo.path, longest))
        return JPEG

    reports = [photo(f"{n}.jpg", *([Kind.PLATE] if n < 60 else [])) for n in range(230)]
    list(renderer("html")(RenderOptions(picture=picture)).render(reports))
    sizes = [longest for _, longest in asked]
    assert [sizes.count(longest) for longest in (1400, 640, 260)] == [40, 160, 230]
    assert {path for path, longest in asked if longest == 1400} == {f"{n}.jpg" for n in range(40)}


def test_a_photo_that_could_not_be_opened_has_a_line_and_no_picture() -> None:
    written, tree = page(broken("trip/a.jpg"), photo("trip/b.jpg"))
    assert "it ends early" in written
    assert len(tree.all("img", "thumb")) == 1
    assert tree.all("details", "photo")[0]["class"] == "photo of-incomplete"
