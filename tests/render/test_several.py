"""The text report of many photos, the line that says what to do, and a line for each photo."""

from __future__ import annotations

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from photoscan.catalog import LANGUAGES
from photoscan.cli.outputs import outputs
from photoscan.finding import Field, Finding, Region, with_ids
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.render import RenderOptions
from photoscan.render.mending import mending
from photoscan.render.text import TextRenderer
from photoscan.report import DetectorOutcome, PhotoInfo, Report, ReportError, Status
from photoscan.risk import assess
from photoscan.risk.policy import Policy

POLICY = Policy.load("default")
DONE = tuple(DetectorOutcome(name, Status.OK) for name in POLICY.required)
IN_FILE = Field("jpeg/exif/gps", "GPSLatitude")
IN_PICTURE = Region(Box(100, 200, 300, 80))


def photo(path: str, *kinds: Kind, done: tuple[DetectorOutcome, ...] = DONE) -> Report:
    """A report of likely findings at their usual places."""
    found = with_ids(
        Finding(kind, 0.93, IN_PICTURE if kind.in_picture else IN_FILE, "test", "drawn", f"{path} {kind}")
        for kind in kinds
    )
    return assess(Report(PhotoInfo(path, "1" * 64, 12345, "jpeg", 800, 600), "1.2.3", found, done), POLICY)


def said(*reports: Report, **options: object) -> list[str]:
    return "".join(TextRenderer(RenderOptions(**options)).render(reports)).splitlines()  # type: ignore[arg-type]


def broken(path: str) -> Report:
    return assess(Report(PhotoInfo(path), "1.2.3", error=ReportError("corrupt", f"{path}: it ends early")), POLICY)


MANY = [photo(f"trip/{n}.jpg") for n in range(30)]
MANY[7] = photo("trip/7.jpg", Kind.PLATE, Kind.TEXT_SCHOOL, Kind.METADATA_GPS)
MANY[11] = photo("trip/11.jpg", Kind.TEXT_SECRET)
MANY[12] = photo("trip/12.jpg", Kind.PLATE)
MANY[13] = photo("trip/13.jpg", Kind.TEXT_PHONE)
MANY[29] = broken("trip/29.jpg")


@pytest.mark.parametrize("language", LANGUAGES)
def test_many_photos_are_told_worst_first_in_few_lines(language: str) -> None:
    lines = said(*MANY, language=language, named=("trip/",))
    named = [line.split("  ")[0] for line in lines if line.startswith("trip/")]
    assert named[:4] == ["trip/11.jpg", "trip/7.jpg", "trip/12.jpg", "trip/13.jpg"]
    assert "trip/29.jpg" in named
    assert len(named) == 15
    assert len(lines) <= 60
    assert "photoscan clean trip/ -o safe/" in " ".join(lines[:5])
    assert any("15" in line and "-q" in line for line in lines)


def test_the_first_line_of_many_is_the_worst_sentence() -> None:
    assert said(*MANY)[0] == "A stranger reads a password or code, and can get in."


def test_verbose_tells_every_photo_in_its_order() -> None:
    named = [line.split("  ")[0] for line in said(*MANY, verbose=True) if line.startswith("trip/")]
    assert named == [f"trip/{n}.jpg" for n in range(30)]


def test_quiet_is_a_line_for_each_photo_however_long() -> None:
    lines = said(*MANY, brief=True, width=30)
    assert [line.split("  ")[0] for line in lines] == [f"trip/{n}.jpg" for n in range(30)]
    assert "it ends early" in lines[29]


# What to do


def command(*reports: Report, **options: object) -> tuple[str, list[str]]:
    told = mending(reports, **options)  # type: ignore[arg-type]
    return ("", []) if told is None else (told.key, shlex.split(str(told.values["command"]))[2:])


def test_a_photo_whose_file_is_the_trouble_keeps_its_picture() -> None:
    key, words = command(photo("my photo.jpg", Kind.METADATA_GPS))
    assert (key, words) == ("report.mend.where", ["--metadata-only", "my photo.jpg", "-o", "safe/"])
    assert command(photo("a.jpg", Kind.METADATA_PERSON))[0] == "report.mend.file"
    assert said(photo("a.jpg", Kind.METADATA_GPS), width=79)[2] == (
        "  The picture is fine; its file tells where it was taken: photoscan clean --metadata-only a.jpg -o safe/"
    )


@pytest.mark.parametrize(
    "report",
    [
        photo("a.jpg", Kind.METADATA_GPS, Kind.PLATE),
        photo("a.jpg", Kind.METADATA_GPS, done=(*DONE, DetectorOutcome("pages", Status.FAILED, "crash"))),
        photo("a.jpg", Kind.METADATA_GPS, done=(*DONE[1:], DetectorOutcome(DONE[0].name, Status.SKIPPED, "requested"))),
    ],
)
def test_a_picture_is_called_fine_only_where_it_was_seen_to_be(report: Report) -> None:
    assert command(report) == ("report.mend.copy", ["a.jpg", "-o", "safe/"])


def test_a_photo_that_asks_for_nothing_has_no_command() -> None:
    assert command(photo("a.jpg")) == ("", [])
    assert command(broken("a.jpg")) == ("", [])


@pytest.mark.parametrize("path", ["<standard input>", "a\nb.jpg", "a\x1b[2J.jpg", "a\udcff.jpg", "", "-"])
def test_a_path_that_can_not_be_written_down_has_no_command(path: str) -> None:
    assert command(photo(path, Kind.PLATE)) == ("", [])


def test_a_path_is_no_option_and_no_shell_code() -> None:
    assert command(photo("-rf.jpg", Kind.PLATE))[1] == ["./-rf.jpg", "-o", "safe/"]
    told = mending([photo("$(id); x.jpg", Kind.PLATE)])
    assert told is not None
    assert "'$(id); x.jpg'" in str(told.values["command"])


def test_many_paths_are_named_by_their_folder() -> None:
    reports = [photo(f"trip/{n}.jpg", Kind.PLATE) for n in range(4)]
    assert command(*reports)[1] == ["trip/", "-o", "safe/"]
    assert command(*reports, named=("trip",))[1] == ["trip", "-o", "safe/"]
    assert command(*reports, policy="strict")[1] == ["trip/", "-o", "safe/", "--policy", "strict"]
    assert command(*reports[:3], photo("other/a.jpg", Kind.PLATE)) == ("", [])


def test_a_file_that_can_not_be_stripped_is_not_said_to_be_mended_by_it() -> None:
    report = photo("a.jpg", Kind.METADATA_GPS)
    stuck = tuple(replace(f, attributes={"stripping": "impossible"}) for f in report.findings)
    assert command(assess(replace(report, findings=stuck), POLICY))[0] == "report.mend.copy"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("a.html", "html"), ("a.HTM", "html"), ("a.json", "json"), ("a.jsonl", "jsonl"), ("a.sarif", "sarif"),
     ("a.txt", "text"), ("report", "text"), ("a.json.bak", "text"), (".json", "text")],
)  # fmt: skip
def test_the_output_tells_the_format(name: str, wanted: str) -> None:
    assert [place.format for place in outputs([Path(name)], None, [])] == [wanted]


def test_no_output_is_text() -> None:
    assert [place.format for place in outputs([], None, [])] == ["text"]
