"""Report formats over reports made by hand: what each shows, masks, escapes and leaves out."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html import unescape
from html.parser import HTMLParser

import pytest

from photoscan.catalog import LANGUAGES
from photoscan.errors import CorruptPhotoError
from photoscan.finding import Field, Finding, Region, with_ids
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.render import REGISTRY, RenderOptions, renderer
from photoscan.render.base import Words
from photoscan.render.html import HtmlRenderer
from photoscan.render.sarif import SarifRenderer
from photoscan.render.text import TextRenderer
from photoscan.report import DetectorOutcome, PhotoInfo, Report, ReportError, Status
from photoscan.risk import assess, exempt, repeats
from photoscan.risk.policy import Policy

POLICY = Policy.load("default")
JPEG = b"\xff\xd8\xff\xd9"
SECRETS = ("WKM 4821", "6.320094", "Hakim Yusri", "mango#Kite47")


def found(language: str = "en", path: str = "folder/my photo.jpg", number: int = 0) -> Report:
    """One of everything: a plate in the picture, a position, a name and a time in the file, a hostile secret."""
    findings = with_ids([
        Finding(Kind.PLATE, 0.93, Region(Box(100, 200, 300, 80)), "plate", "shape", "WKM 4821",
                {"country": "Malaysia", "countries": ["Malaysia", "Brazil"]}),
        Finding(Kind.METADATA_GPS, 0.99, Field("jpeg/exif/gps", "GPSLatitude", 120, 24), "gps", "said",
                "6.320094, 99.843182", {"town": "Kuah", "country": "Malaysia", "distance_km": 1.2}),
        Finding(Kind.METADATA_PERSON, 0.99, Field("jpeg/exif", "<b>Artist", 60, 12, 2), "names", "said", "Hakim Yusri"),
        Finding(Kind.METADATA_DATETIME, 0.99, Field("jpeg/exif", "DateTimeOriginal"), "times", "said",
                f"2026:05:{10 + 6 * (number % 3)} 22:14:09"),
        Finding(Kind.TEXT_SECRET, 0.4, Region(Box(5, 5, 50, 20)), "secret", "label", "mango#Kite47"),
    ])  # fmt: skip
    done = [*(DetectorOutcome(name, Status.OK) for name in POLICY.required), DetectorOutcome("person", Status.FAILED)]
    info = PhotoInfo(path, f"{number}" * 64, 12345, "jpeg", 800, 600)
    return assess(Report(info, "1.2.3", findings, tuple(done)), POLICY, language)


BROKEN = Report(PhotoInfo("cut.jpg"), "1.2.3", error=ReportError("corrupt", "cut.jpg: broken jpeg file: it ends early"))


def rendered(name: str, *reports: Report, **options: object) -> str:
    return "".join(renderer(name)(RenderOptions(**options)).render(reports))  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_on_a_later_page_is_told_with_its_page(language: str) -> None:
    plates = [
        Finding(Kind.PLATE, 0.93, Region(Box(100, 200, 300, 80), page=page), "plate", "shape", "WKM 4821")
        for page in (0, 6)
    ]
    report = replace(found(language), findings=with_ids(plates))
    words = Words(RenderOptions(language=language))
    first, later = (words.where(f, report.photo) for f in report.findings)
    assert first in later
    assert re.findall(r"\d+", later)[-1] == "7"
    assert "7" not in first
    for name in ("text", "html", "sarif"):
        assert later in " ".join(rendered(name, report, language=language, width=200).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_no_format_in_any_language_shows_a_value_unasked(name: str, language: str) -> None:
    said = rendered(name, found(language), found(language, number=1), BROKEN, language=language, verbose=True)
    assert [secret for secret in SECRETS if secret in said] == []
    assert "None" not in said.replace("TrueNone", "")


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_format_shows_values_when_asked(name: str) -> None:
    said = rendered(name, found(), show_values=True, verbose=True)
    assert [secret for secret in SECRETS if secret not in said] == []


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_format_can_tell_nothing_at_all(name: str) -> None:
    assert rendered(name) is not None
    assert "cut.jpg" in rendered(name, BROKEN)


# Text


def test_the_text_fits_eighty_columns_without_colour() -> None:
    said = rendered("text", found(), BROKEN)
    assert max(map(len, said.splitlines())) <= 80
    assert "\x1b" not in said
    assert "\x1b" in rendered("text", found(), colour=True)


def test_the_text_names_laws_only_when_verbose() -> None:
    assert "Act 709" not in rendered("text", found())
    assert "Act 709" in " ".join(rendered("text", found(), verbose=True).split())


def test_what_is_exempt_is_told_as_such() -> None:
    report = found()
    report = assess(replace(report, findings=tuple(exempt.marked(f, "reviewed") for f in report.findings)), POLICY)
    said = rendered("text", report)
    assert "nothing new, all serious findings were accepted before" in " ".join(said.split())
    assert "Nothing new: 5 already reviewed" in said
    assert "Number plate" not in said
    assert "reviewed before" in rendered("text", report, verbose=True)


@pytest.mark.parametrize(
    ("language", "words"), [("ms", "Nombor plat"), ("id", "Pelat nomor"), ("pt-BR", "Placa de veículo")]
)
def test_the_text_speaks_the_language(language: str, words: str) -> None:
    why = CorruptPhotoError("problem.broken.cut", format="jpeg").text(language)
    broken = replace(BROKEN, error=ReportError("corrupt", why))
    said = rendered("text", found(language), broken, language=language)
    assert words in said
    assert why in " ".join(said.split())
    assert not {"look before", "Number plate", "Together", "nothing found"} & set(said.split("\n"))
    assert "it ends early" not in said


PERHAPS = {
    "en": "medium risk, perhaps high (70/100)",
    "ms": "risiko sederhana, mungkin tinggi (70/100)",
    "id": "risiko sedang, mungkin tinggi (70/100)",
    "pt-BR": "risco médio, talvez alto (70/100)",
    "zh-Hans": "中等风险，也许是高风险 (70/100)",
    "ta": "நடுத்தர அபாயம், ஒருவேளை அதிகம் (70/100)",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_only_possible_is_told_as_perhaps(language: str) -> None:
    digits = Finding(Kind.TEXT_NATIONAL_ID, 0.35, Region(Box(5, 5, 50, 20)), "identity", "label", "880412-10-5634")
    report = assess(replace(BROKEN, error=None, findings=with_ids([digits])), POLICY, language)
    assert (report.risk.level, report.risk.score) == ("medium", 70)
    assert PERHAPS[language] in " ".join(rendered("text", report, language=language).split())
    assert PERHAPS[language].split(" (")[0] in rendered("html", report, report, language=language)


# Findings of one kind are told together


def crowd(count: int) -> Report:
    """Faces, and plates that fit five countries."""
    names = ["Malaysia", "Singapore", "Brazil", "Indonesia", "Japan"]
    rows = [Finding(Kind.FACE, 0.9, Region(Box(20 * n, 0, 9, 9)), "face", "seen") for n in range(count)]
    for n in range(count):
        where = Region(Box(20 * n, 300, 9, 9))
        rows.append(Finding(Kind.PLATE, 0.9, where, "plate", "seen", f"WKM {4000 + n}", {"countries": names}))
    info = PhotoInfo("photo.jpg", "1" * 64, 12345, "jpeg", 800, 600)
    done = tuple(DetectorOutcome(name, Status.OK) for name in POLICY.required)
    return assess(Report(info, "1.2.3", with_ids(rows), done), POLICY)


def test_findings_of_one_kind_are_one_line_with_one_explanation() -> None:
    report = crowd(11)
    said = rendered("text", report, width=200)
    bullets = [line.strip(" •").split(":")[0].split(",")[0] for line in said.splitlines() if line.startswith("  •")]
    assert bullets == ["Number plate ×11", "Face ×11"]
    assert said.count("It leads to the owner of the vehicle") == 1
    assert rendered("text", report, width=200, verbose=True).count("It leads to the owner of the vehicle") == 11


def test_how_many_of_a_kind_are_sure_is_said_where_not_all_are() -> None:
    rows = [Finding(Kind.TEXT_NATIONAL_ID, c, Region(Box(9, 20 * n, 9, 9)), "i", "seen", str(n))
            for n, c in enumerate((0.9, 0.8, 0.45))]  # fmt: skip
    report = assess(replace(BROKEN, error=None, findings=with_ids(rows)), POLICY)
    assert "Identity number ×3, 2 sure" in rendered("text", report)


def test_a_plate_is_told_three_countries_at_most() -> None:
    said = rendered("text", crowd(1), width=200)
    assert "Malaysia (or Singapore, Brazil)" in said
    assert "Indonesia" not in said


# What is uncertain is folded


def folding(language: str = "en") -> Report:
    """A likely phone number; a plate, a house number and another plate that are hardly any; digits worth a look."""
    rows = [(Kind.PLATE, 0.3), (Kind.TEXT_PHONE, 0.9), (Kind.TEXT_HOUSE_NUMBER, 0.2), (Kind.PLATE, 0.1)]
    rows.append((Kind.TEXT_NATIONAL_ID, 0.4))
    found = [
        Finding(kind, sure, Region(Box(60 * n, 10, 50, 20)), "test", "drawn", f"value {n}")
        for n, (kind, sure) in enumerate(rows)
    ]
    info = PhotoInfo("photo.jpg", "1" * 64, 12345, "jpeg", 800, 600)
    return assess(replace(BROKEN, photo=info, error=None, findings=with_ids(found)), POLICY, language)


FOLDED = {
    "en": "3 uncertain: Number plate ×2, House number; -v shows them",
    "ms": "3 yang tidak pasti: Nombor plat ×2, Nombor rumah; -v menunjukkannya",
    "id": "3 yang tidak pasti: Pelat nomor ×2, Nomor rumah; -v menampilkannya",
    "pt-BR": "3 incertos: Placa de veículo ×2, Número da casa; -v os mostra",
    "zh-Hans": "3 项不确定：车牌 ×2, 门牌号; -v 可显示它们",
    "ta": "3 உறுதியற்றவை: வாகன எண் தகடு ×2, வீட்டு எண்; -v அவற்றைக் காட்டும்",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_uncertain_is_one_line_of_the_text(language: str) -> None:
    report = folding(language)
    lines = rendered("text", report, language=language, width=200).splitlines()
    assert [line.strip() for line in lines if "-v" in line] == [FOLDED[language]]
    bullets = [line.split(":")[0].strip("• ") for line in lines if line.startswith("  •")]
    words = Words(RenderOptions(language=language))
    shown = {f.kind: words.title(f) for f in report.findings}
    assert bullets == [shown[Kind.TEXT_NATIONAL_ID], shown[Kind.TEXT_PHONE]]
    every = rendered("text", report, language=language, verbose=True, width=200)
    assert every.count("  •") == 5
    assert FOLDED[language] not in every


def test_what_is_uncertain_is_folded_in_the_page_with_its_boxes() -> None:
    page = rendered("html", folding(), picture=lambda report, longest: JPEG)
    open_, _, rest = page.partition(
        '<details class="unsure"><summary>3 uncertain: Number plate ×2, House number</summary>'
    )
    folded, _, _ = rest.partition("</details>")
    assert (open_.count('<article class="card'), folded.count('<article class="card')) == (2, 2)
    assert page.count("b-unsure") - page.count(".b-unsure") == 3
    assert 'class="t-unsure"' in page
    sure = rendered("html", found(), picture=lambda report, longest: JPEG)
    assert 'class="t-unsure"' not in sure
    assert '<details class="unsure">' not in sure


# What repeats


def test_a_place_on_nights_far_apart_is_probably_a_home() -> None:
    reports = [found(path=f"{n}.jpg", number=n) for n in range(3)]
    by_kind = {repeat.finding.kind: repeat for repeat in repeats.find(reports)}
    assert by_kind[Kind.METADATA_GPS].home
    assert by_kind[Kind.METADATA_GPS].paths == ("0.jpg", "1.jpg", "2.jpg")
    assert not by_kind[Kind.PLATE].home
    assert Kind.TEXT_SECRET not in by_kind
    assert "probably somebody's home" in " ".join(rendered("text", *reports).split())


def test_places_a_street_apart_are_no_repeat() -> None:
    one, other = found(path="a.jpg"), found(path="b.jpg")
    moved = tuple(replace(f, value="6.330094, 99.843182") if f.kind is Kind.METADATA_GPS else f for f in other.findings)
    kinds = {repeat.finding.kind for repeat in repeats.find([one, replace(other, findings=moved)])}
    assert kinds == {Kind.PLATE, Kind.METADATA_PERSON}


def test_the_same_plate_written_differently_is_one() -> None:
    one, other = found(path="a.jpg"), found(path="b.jpg")
    spelt = tuple(replace(f, value="wkm4821") if f.kind is Kind.PLATE else f for f in other.findings)
    assert Kind.PLATE in {r.finding.kind for r in repeats.find([one, replace(other, findings=spelt)])}


# HTML


class Page(HTMLParser):
    """Gathers what the tests ask of a page, and fails on tags that are not closed in order."""

    VOID = frozenset(["meta", "img", "input", "br", "link"])
    EMPTY_IN_SVG = frozenset(["rect", "circle", "path", "use"])

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.tags: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


def page(*reports: Report, **options: object) -> tuple[str, Page]:
    text = rendered("html", *reports, picture=lambda report, longest: JPEG, **options)
    return text, Page(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_well_formed_and_loads_nothing(language: str) -> None:
    text, parsed = page(found(language), found(language, "b.jpg", 1), BROKEN, language=language, show_values=True)
    assert "script" not in parsed.tags
    assert "link" not in parsed.tags
    assert not [name for _, name, _ in parsed.attributes if name.startswith("on") or name == "style"]
    assert all(value.startswith("data:image/jpeg;base64,") for value in parsed.all("src"))
    assert all(value.startswith("#") for value in parsed.all("href"))
    assert not re.findall(r"url\(|@import|https?:", text)
    assert ("html", "lang", language) in parsed.attributes


def test_every_link_has_its_target_and_every_id_is_one() -> None:
    _, parsed = page(found(), found(path="b.jpg", number=1), BROKEN)
    ids = parsed.all("id")
    assert len(ids) == len(set(ids))
    assert {value[1:] for value in parsed.all("href")} <= set(ids)
    named = {word for value in parsed.all("aria-labelledby") for word in value.split()}
    assert named <= set(ids)


def test_the_style_is_allowed_by_its_hash() -> None:
    text, _ = page(found())
    match = re.search(r"<style>(.*?)</style>", text, re.S)
    assert match
    digest = b64encode(sha256(match[1].encode()).digest()).decode()
    assert f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'" in unescape(text)


def test_hostile_names_are_escaped() -> None:
    text, _ = page(found(path='<img src=x onerror="alert(1)">.jpg'))
    assert "<img src=x" not in text
    assert "<b>Artist" not in text


def test_boxes_are_numbered_as_the_cards_are() -> None:
    text, _ = page(found())
    boxes = set(re.findall(r"<text [^>]*>(\d+)</text>", text))
    assert boxes
    assert boxes <= set(re.findall(r'<span class="num [^"]*">(\d+)</span>', text))


def test_the_map_shows_no_more_than_the_masked_place() -> None:
    masked, _ = page(found())
    clear, _ = page(found(), show_values=True)
    x = [float(value) for value in re.findall(r'class="mark" cx="([\d.]+)"', masked)]
    assert x == [2798.4, 2798.4]  # 10 x (99.84 + 180)
    assert "at most 1.6 km from here" in masked
    assert "at most 1.6 km from here" not in clear


def test_without_picture_or_position_neither_is_shown() -> None:
    text = rendered("html", BROKEN)
    assert "<img" not in text
    assert 'id="world"' not in text


def test_reveal_is_there_only_when_asked() -> None:
    assert '<details class="value">' not in page(found())[0]
    assert page(found(), show_values=True)[0].count('<details class="value">') >= 3


def test_a_folder_of_many_photos_shows_large_pictures_of_the_first_only() -> None:
    asked: list[int] = []
    reports = [found(path=f"{n}.jpg", number=n % 10) for n in range(50)]
    options = RenderOptions(picture=lambda report, longest: asked.append(longest) or JPEG)  # type: ignore[func-returns-value]
    assert "".join(HtmlRenderer(options).render(reports))
    assert asked.count(1400) == 40
    assert asked.count(260) == 50


# SARIF


def sarif(*reports: Report, **options: object) -> dict[str, object]:
    (run,) = json.loads(rendered("sarif", *reports, **options))["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_says_what_was_found_where() -> None:
    run = sarif(found())
    rows = {row["ruleId"]: row for row in run["results"]}  # type: ignore[attr-defined]
    assert {key: row["level"] for key, row in rows.items()} == {
        "plate": "error",
        "metadata.gps": "error",
        "metadata.person": "warning",
        "metadata.datetime": "note",
        "text.secret": "note",  # only possible
    }
    place = rows["metadata.gps"]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "folder/my%20photo.jpg", "index": 0},
        "region": {"byteOffset": 120, "byteLength": 24},
    }
    assert rows["plate"]["properties"]["box"] == [100, 200, 300, 80]
    rules = run["tool"]["driver"]["rules"]  # type: ignore[index]
    assert all(rules[row["ruleIndex"]]["id"] == key for key, row in rows.items())


@pytest.mark.parametrize("form", ["text", "html"])
@pytest.mark.parametrize("path", ["", "cut.mov: "])
def test_why_a_photo_could_not_be_seen_is_said_once(form: str, path: str) -> None:
    why, other = "nobody watched it", "corrupt: its text is broken"
    missed = tuple(
        DetectorOutcome(name, Status.FAILED, reason)
        for name, reason in (("face", f"unsupported_format: {why}"), ("plate", other))
    )
    error = ReportError("unsupported_format", path + why)
    page = unescape(rendered(form, replace(found(path="cut.mov"), detectors=missed, error=error)))
    assert page.count(why) == 1
    assert "number plates" in page
    assert other in " ".join(page.split())


def test_sarif_tells_what_was_not_inspected() -> None:
    run = sarif(found(), BROKEN)
    (invocation,) = run["invocations"]  # type: ignore[misc]
    assert invocation["executionSuccessful"] is False
    assert {note["level"] for note in invocation["toolExecutionNotifications"]} == {"warning", "error"}


def test_sarif_suppresses_what_is_exempt() -> None:
    report = found()
    marked = replace(report, findings=(exempt.marked(report.findings[0], "known"), *report.findings[1:]))
    rows = sarif(assess(marked, POLICY))["results"]
    assert [row.get("suppressions", [{}])[0].get("kind") for row in rows].count("external") == 1  # type: ignore[attr-defined]


def test_fingerprints_stay_from_run_to_run_and_hold_no_value() -> None:
    one, two = (json.dumps(sarif(found())["results"]) for _ in range(2))
    assert one == two
    assert SarifRenderer.name == "sarif"
    assert TextRenderer.name == "text"


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, [name for name, _ in attrs]))


def test_titles_of_the_page_are_text_whatever_they_say() -> None:
    class Hostile(HtmlRenderer):
        def text(self, key: str, **values: object) -> str:
            return "</title><blink>" if key.startswith("html.title") else super().text(key, **values)

    hostile = '"onclick="alert(1)" x=\'<blink>.jpg'
    reports = [found(path=f"folder/{hostile}", number=n) for n in range(2)]
    for renderer_, seen in ((Hostile(RenderOptions()), reports), (Hostile(RenderOptions()), reports[:1])):
        tags = _Tags()
        tags.feed("".join(renderer_.render(seen)))
        assert "blink" not in {tag for tag, _ in tags.seen}
        assert "onclick" not in {name for _, names in tags.seen for name in names}


def test_scores_in_sarif_are_in_the_bands_of_code_scanning() -> None:
    """GitHub: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to 3.9 low."""
    from photoscan.kind import Severity
    from photoscan.render.sarif import SCORES

    bands = {
        Severity.LOW: (0.1, 3.9),
        Severity.MEDIUM: (4.0, 6.9),
        Severity.HIGH: (7.0, 8.9),
        Severity.CRITICAL: (9.1, 10),
    }
    assert set(SCORES) == set(bands)
    for severity, (low, high) in bands.items():
        assert low <= float(SCORES[severity]) <= high
