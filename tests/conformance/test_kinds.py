"""Every kind that has a card goes through the whole house, and so does one of a family that nobody knows yet.

Findings are made up; no model is asked. What is tested here holds for kinds that come later without a line more.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from html import unescape
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import numpy as np
import pytest
from PIL import Image, ImageDraw

from photoscan import Photo, Policy, Report, Scanner, ScanOptions
from photoscan import card as cards
from photoscan.catalog import LANGUAGES, has, rows, text
from photoscan.cleaning import CleanPlan
from photoscan.detectors import REGISTRY
from photoscan.detectors.base import Detector, Input
from photoscan.errors import CleaningError
from photoscan.finding import Field, Finding, Region, with_ids
from photoscan.geometry import Box
from photoscan.kind import ALL, Card, Family, Kind, Severity, families, register
from photoscan.masking import HIDDEN, mask
from photoscan.render import REGISTRY as FORMATS
from photoscan.render import RenderOptions, renderer
from photoscan.report import DetectorOutcome, PhotoInfo, Status
from photoscan.risk import assess, laws
from photoscan.risk.policy import SHIPPED
from photoscan.safe_copy import make_safe_copy
from photoscan.views import Views
from photoscan.workshop import view
from photoscan.workshop.covers import covers
from tests.cleaning.samples import coded

SCHEMA = json.loads(resources.files("photoscan").joinpath("schema/report-v1.json").read_text("utf-8"))
VALUE = "Qanary 48213-Q zebra"
"""A value of which no mask knows any part to be everybody's."""
BOX = Box(200, 160, 120, 80)
COLOUR = (0, 200, 40)
SIZE = (640, 480)
THINGS = Family(
    "made_up", "picture", "#808000", "M3 3h18v18H3z", (0.1, 0.2), personal=True, label={"en": "Things & more"}
)
NEWCOMER = Card(
    "made_up.key",
    Severity.LOW,
    "nothing",
    THINGS,
    texts={"en": {"title": "Key", "why": "It can be cut again from its picture.", "do": "Hide the key."}},
)
"""A card of a new family. Its harm is low: what a policy hides for all kinds may not hang on that."""
NAMES = [*(kind.value for kind in Kind), NEWCOMER.name]


@pytest.fixture(params=NAMES)
def kind(request: pytest.FixtureRequest, newcomers: None) -> Kind:
    """Each kind, and the newcomer."""
    register(NEWCOMER)
    return Kind(request.param)


def finding(kind: Kind, confidence: float = 0.95) -> Finding:
    place = Region(BOX) if kind.in_picture else Field("jpeg/exif", "Made up", 120, 20)
    made = Finding(kind, confidence, place, "made_up", "made up", VALUE)
    return with_ids([made])[0]


def report(kind: Kind, policy: str = "default", language: str = "en") -> Report:
    info = PhotoInfo("photo.jpg", "ab" * 32, 12345, "jpeg", *SIZE)
    chosen = Policy.load(policy)
    done = tuple(DetectorOutcome(name, Status.OK) for name in chosen.required)
    return assess(Report(info, "1.2.3", (finding(kind),), done), chosen, language)


def rendered(name: str, seen: Report, language: str = "en", **options: Any) -> str:
    """The report in a format; ends of lines, which a narrow window asks for, are spaces."""
    shown = RenderOptions(language=language, picture=lambda *_: b"\xff\xd8\xff\xd9", **options)
    return " ".join("".join(renderer(name)(shown).render([seen])).split())


def test_report(kind: Kind) -> None:
    row = report(kind).to_dict()
    jsonschema.validate(row, SCHEMA)
    (told,) = row["findings"]
    assert (told["kind"], told["severity"]) == (kind.value, kind.severity.label)
    assert told["explanation"]
    assert VALUE not in json.dumps(row)
    assert told["value_masked"] == mask(kind, VALUE) != VALUE
    if kind.mask == "nothing":
        assert set(told["value_masked"]) == {HIDDEN}


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_formats(kind: Kind, name: str) -> None:
    for language in LANGUAGES:
        page = rendered(name, report(kind, language=language), language, verbose=True)
        assert VALUE not in page
        title = text(f"kind.{kind.value}.title", language)
        if name in ("json", "jsonl"):
            assert [f["kind"] for f in json.loads(page)["findings"]] == [kind.value]
        elif name == "sarif":
            (rule,) = json.loads(page)["runs"][0]["tool"]["driver"]["rules"]
            assert (rule["id"], rule["shortDescription"]["text"]) == (kind.value, title)
        else:
            assert title in unescape(page), language


def test_the_table_of_what_a_file_says(kind: Kind) -> None:
    page = rendered("text", report(kind), only_metadata=True)
    if not kind.in_picture:
        assert text(f"metadata.group.{kind.card.section}") in page


def test_page_of_html_has_a_switch_and_a_colour_for_the_family(kind: Kind) -> None:
    page = rendered("html", report(kind))
    name = kind.family.name
    style = page.partition("<style>")[2].partition("</style>")[0]
    assert f".fam-{name}{{--family:{kind.family.colour}}}" in style
    assert f".photo:has(.t-{name}:not(:checked)) .b-{name}{{display:none}}" in style
    assert (f'class="t-{name}"' in page and f'class="b b-{name}"' in page) is kind.in_picture
    assert (f'class="card fam-{name} ' in page) is (kind.in_picture or kind.severity > Severity.LOW)


def test_texts(kind: Kind) -> None:
    for language in LANGUAGES:
        for part in ("title", "why", "do"):
            said = text(f"kind.{kind.value}.{part}", language)
            assert said == said.strip() != ""
        assert assess(report(kind), Policy.load("default"), language).findings[0].explanation
    if kind.in_picture:
        assert has(kind.family.key)
    else:
        assert has(f"metadata.group.{kind.card.section}")


@pytest.mark.parametrize("policy", SHIPPED)
def test_plan(kind: Kind, policy: str) -> None:
    """What is in the picture is covered by what names it, and by nothing else; with the margin of its card."""
    made = finding(kind)
    family = kind.family.name
    across, down = kind.margin
    for named in (ALL, family, kind.value):
        if kind.in_picture:
            (patch,) = CleanPlan(redact=(named,)).patches([made])
            assert patch.box == BOX.grown(across, down)
        else:
            assert CleanPlan(redact=(named,)).patches([made]) == ()
    others = tuple(other.name for other in families() if other.name != family)
    assert CleanPlan(redact=others).patches([made]) == ()
    hides = CleanPlan.by_policy(Policy.load(policy)).hides(made)
    asked = Policy.load(policy).redaction.kinds
    if not kind.in_picture:
        assert not hides
    elif asked is None:
        assert hides is (kind.severity >= Severity.MEDIUM)
    else:
        assert hides is any(kind.within(prefix) for prefix in asked)
    assert hides or not kind.in_picture or policy not in ("strict", "workshop")


def test_page(kind: Kind) -> None:
    """The page is told of each finding in words of every language, with a place to cover where there is one."""
    seen = report(kind, "workshop")
    row = view.finding(seen.findings[0], seen.photo)
    assert row["family"] in {family.name for family in families()}
    assert ("cover" in row, "box" in row, "field" in row) == (kind.in_picture, kind.in_picture, not kind.in_picture)
    assert len(covers(seen.findings)) == kind.in_picture
    assert VALUE not in json.dumps(row)
    for language in LANGUAGES:
        assert {f"kind.{kind.value}.title", f"kind.{kind.value}.why"} <= set(rows(language))
        assert row["said"][language]["where"]
        assert row["said"][language]["do"]
    assert json.dumps(view.judgement(seen))


def test_laws_speak_of_personal_data(kind: Kind) -> None:
    named = {law.id for law in laws.engaged([finding(kind)])}
    assert ("eu-gdpr" in named) is (kind.personal or kind.value == "metadata.serial")


def test_policies_can_name_it(kind: Kind) -> None:
    for prefix in (ALL, kind.family.name, kind.value):
        chosen = Policy.parse({"name": "x", "version": "1", "kinds": {prefix: "block"}})
        assert chosen.rule(kind) == chosen.kinds[prefix]
    chosen = Policy.parse({"name": "x", "version": "1", "kinds": {kind.value: "allow", ALL: "block"}})
    rule = chosen.rule(kind)
    assert rule is not None
    assert rule.decision == "allow"


class Blind(Detector):
    """Stands for a detector that a policy requires, and sees nothing."""

    def __init__(self, like: Detector) -> None:
        self.name = like.name  # type: ignore[misc]
        self.kinds = like.kinds  # type: ignore[misc]
        self.source = like.source  # type: ignore[misc]

    def find(self, views: Views) -> Iterable[Finding]:
        return ()


class Painted(Detector):
    """Finds what has the colour, wherever it still shows, and says that it is of the kind it was made for."""

    name: ClassVar[str] = "painted"
    source: ClassVar[Input] = "pixels"

    def __init__(self, kind: Kind) -> None:
        self.kinds = (kind,)  # type: ignore[misc]

    def find(self, views: Views) -> Iterable[Finding]:
        if shows(views.photo):
            yield Finding(self.kinds[0], 0.9, Region(BOX), self.name, "painted", VALUE)


@cache
def drawn() -> bytes:
    image = Image.new("RGB", SIZE, "white")
    ImageDraw.Draw(image).rectangle((BOX.x, BOX.y, BOX.x2 - 1, BOX.y2 - 1), COLOUR)
    return coded("PNG", image)


def shows(photo: Photo) -> bool:
    there = photo.pixels()[BOX.y : BOX.y2, BOX.x : BOX.x2, ::-1].astype(int)
    return bool((np.abs(there - COLOUR).max(axis=2) < 30).any())


def watched(kind: Kind, monkeypatch: pytest.MonkeyPatch, policy: str) -> Scanner:
    ours = (detector if detector.source == "metadata" else Blind(detector) for detector in REGISTRY)
    monkeypatch.setattr("photoscan.scanner.REGISTRY", (*ours, Painted(kind)))
    # Nobody but the painted detector looks, so that no model has to be there.
    monkeypatch.setattr("photoscan.models.has", lambda name: True)
    return Scanner(ScanOptions(policy=policy, nudity=kind.card.on_request))


@pytest.mark.parametrize("policy", ["strict", "workshop"])
def test_no_copy_of_a_policy_that_hides_all_shows_it(kind: Kind, policy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not kind.in_picture:
        return
    result = make_safe_copy(Photo.open(drawn()), watched(kind, monkeypatch, policy))
    copy = Photo.open(result.data)
    assert not shows(copy)
    assert [found.kind for found in result.receipt.hidden] == [kind]
    margin = BOX.grown(*kind.margin)
    assert not copy.pixels()[margin.y : margin.y2, margin.x : margin.x2].any()


@pytest.mark.usefixtures("newcomers")
def test_what_the_first_look_missed_of_a_new_family_the_second_hides(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second scan knows every kind too: paint that missed does not make a proved copy."""
    key = register(NEWCOMER)
    scanner = watched(key, monkeypatch, "strict")
    aside = Box(BOX.x + 300, BOX.y, BOX.w, BOX.h)
    plan = CleanPlan.by_policy(scanner.policy)
    seen = scanner.scan(drawn())
    moved = Finding(key, 0.9, Region(aside), "painted", "painted")
    wrong = Report(seen.photo, seen.tool_version, with_ids([moved]), seen.detectors, policy=seen.policy)
    result = make_safe_copy(Photo.open(drawn()), scanner, plan, wrong)
    assert not shows(Photo.open(result.data))


@pytest.mark.usefixtures("newcomers")
def test_there_is_no_copy_where_paint_does_not_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something of a new family that is seen in every copy, beside all paint, leaves none."""
    key = register(NEWCOMER)
    scanner = watched(key, monkeypatch, "strict")
    places = iter(Region(Box(10 + 70 * i, 400, 40, 40)) for i in range(8))
    monkeypatch.setattr(Painted, "find", lambda self, views: [Finding(key, 0.9, next(places), "painted", "painted")])
    with pytest.raises(CleaningError, match="could not be hidden"):
        make_safe_copy(Photo.open(drawn()), scanner)


def test_nothing_in_the_house_spells_families() -> None:
    """A list of families would be one that a newcomer is not in."""
    names = "|".join(family.name for family in families())
    several = re.compile(rf"""(["'])({names})\1\s*,\s*(["'])({names})\3\s*,\s*(["'])({names})\5""")
    package = resources.files("photoscan")
    seen = []
    for folder in (
        "",
        "cleaning",
        "redaction",
        "render",
        "risk",
        "workshop",
        "workshop/static",
        "policies",
        "schema",
        "cli",
    ):
        for path in package.joinpath(folder).iterdir():
            if path.is_file() and path.name.endswith((".py", ".js", ".css", ".toml", ".json", ".html")):
                seen.append(path.name)
                assert not several.search(path.read_text("utf-8")), path.name
    assert len(seen) > 50


@pytest.mark.usefixtures("newcomers")
def test_the_page_on_cards_shows_cards_that_hold() -> None:
    page = (Path(__file__).parents[2] / "docs" / "adding-a-kind.md").read_text("utf-8")
    (toml,) = re.findall(r"```toml\n(.*?)```", page, re.S)
    (code,) = re.findall(r"```python\n(.*?)```", page, re.S)
    assert list(cards.read(toml)) == ["object.key"]
    known: dict[str, Any] = {}
    exec(code, known)
    assert Kind("object.key") is known["KEY"]
