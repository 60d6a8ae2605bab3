"""A look with a deadline: what was found by then is told, what was not looked at is told too, and nothing is allowed.

The clock of these tests goes by how often it is asked, so that a look ends at the same place on every machine.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photoscan import Scanner, ScanOptions, deadline
from photoscan.budget import Share
from photoscan.catalog import LANGUAGES, text
from photoscan.deadline import OutOfTimeError
from photoscan.errors import UsageError
from photoscan.finding import Field, Finding
from photoscan.kind import Kind
from photoscan.photo import Photo
from photoscan.render import RenderOptions, renderer
from photoscan.report import Report, Status
from photoscan.risk.policy import Policy
from photoscan.views import Views
from photoscan.vision import codes, faces, text_recogniser
from photoscan.vision.text_recogniser import LineReading, TextRecogniser
from tests.properties import share

Clockwork = Callable[[], int]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Clockwork:
    """How often the time was asked for, which is the time."""
    count = [0]

    def now() -> float:
        count[0] += 1
        return float(count[0])

    monkeypatch.setattr(deadline, "monotonic", now)
    return lambda: count[0]


def late(report: Report) -> list[str]:
    return [outcome.name for outcome in report.detectors if outcome.reason == deadline.REASON]


def row(report: Report) -> dict[str, Any]:
    return replace(report, detectors=tuple(replace(o, seconds=0.0) for o in report.detectors)).to_dict()


def known(finding: Finding) -> tuple[Kind, str | None, object]:
    return finding.kind, finding.value, finding.location


@pytest.mark.parametrize("name", ["identity_card.jpg", "parcel.jpg"])
def test_whenever_time_is_up_what_was_found_is_true_and_nothing_is_allowed(
    name: str, demo: Path, asked: Clockwork
) -> None:
    photo = demo / name
    whole = Scanner().scan(photo)
    # Without a deadline nobody asks for the time.
    assert asked() == 0
    assert row(Scanner(ScanOptions(seconds=10**6)).scan(photo)) == row(whole)
    checks = asked()
    there = {known(finding) for finding in whole.findings}
    file = [f for f in whole.findings if isinstance(f.location, Field)]
    told = []
    for seconds in (0, 2, 4, 6, 9, 12, 20, checks // 2, checks * 3 // 4, checks - 12, checks - 3):
        report = Scanner(ScanOptions(seconds=seconds)).scan(photo)
        assert late(report), seconds
        assert report.verdict in ("incomplete", "block")
        assert report.decision.coverage == "cut"
        assert {o.status for o in report.detectors if o.name in late(report)} == {Status.SKIPPED}
        own = [f for f in report.findings if isinstance(f.location, Field)]
        assert [f for f in file if f.detector != "hidden_parts"] == [f for f in own if f.detector != "hidden_parts"]
        if Share.LINES.value not in late(report):
            assert {known(finding) for finding in report.findings} <= there
        told.append(len(report.findings))
    assert told[0] == len([f for f in file if f.detector != "hidden_parts"])
    assert told[-1] > told[0]


def test_what_is_forbidden_is_so_whatever_there_was_no_time_for(demo: Path) -> None:
    policy = Policy.parse({"name": "p", "version": "1", "kinds": {"metadata.gps": "block"}})
    report = Scanner(ScanOptions(seconds=0), policy).scan(demo / "holiday.jpg")
    assert report.verdict == "block"
    assert {"face", "plate", "address", "secret"} <= set(late(report))
    assert not set(late(report)) & {"gps", "metadata.names", "filename"}


def test_what_was_not_looked_at_is_told_in_every_language(demo: Path) -> None:
    report = Scanner(ScanOptions(seconds=0)).scan(demo / "web.webp")
    assert report.verdict == "incomplete"
    assert Report.from_dict(report.to_dict()).verdict == "incomplete"
    assert all(outcome.unseen for outcome in report.detectors if outcome.reason == deadline.REASON)
    for language in LANGUAGES:
        said = "".join(renderer("text")(RenderOptions(language=language, width=400)).render([report]))
        assert text("reason.deadline", language) in said


def test_of_several_frames_the_first_is_looked_at_in_every_way_before_the_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks: list[tuple[str, int]] = []

    def noted(name: str) -> property:
        def look(views: Views) -> tuple[()]:
            if (name, views.page) not in looks:
                looks.append((name, views.page))
            return ()

        return property(look)

    for view in ("codes", "lines", "faces", "plates"):
        monkeypatch.setattr(Views, view, noted(view))
    monkeypatch.setattr(Views, "objects", ())
    monkeypatch.setattr(Views, "unread", ())
    file, frames = io.BytesIO(), [Image.new("L", (40, 40), 7 * i) for i in range(3)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    in_time = Scanner(ScanOptions(seconds=10**6)).scan(file.getvalue())
    order = ["codes", "lines", "faces", "plates"]
    assert looks == [(name, page) for page in range(3) for name in order]
    looks.clear()
    assert row(Scanner().scan(file.getvalue())) == row(in_time)
    assert looks[:3] == [("faces", page) for page in range(3)]


@pytest.mark.parametrize(
    ("only", "looks"),
    [
        (("face",), {"faces"}),
        (("text",), {"codes", "lines"}),
        (("code",), {"codes"}),
        (("metadata",), set()),
    ],
)
def test_nothing_is_looked_at_that_nobody_asked_for(
    only: tuple[str, ...], looks: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[str] = set()
    for view in ("codes", "lines", "faces", "plates", "objects", "unread"):

        def look(views: Views, view: str = view) -> tuple[()]:
            seen.add(view)
            return ()

        monkeypatch.setattr(Views, view, property(look))
    file = io.BytesIO()
    Image.new("L", (40, 40)).save(file, "PNG")
    Scanner(ScanOptions(only=only, seconds=10**6)).scan(file.getvalue())
    assert seen - {"objects", "unread"} == looks


def test_lines_that_were_read_in_time_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []

    def run(self: TextRecogniser, strips: Any, width: int, careful: bool) -> list[LineReading]:
        runs.append(len(strips))
        if len(runs) > 2:
            raise OutOfTimeError
        return [LineReading("kite", 0.99)] * len(strips)

    monkeypatch.setattr(TextRecogniser, "_run", run)
    crops: Any = [Image.new("RGB", (600 + i, 48)) for i in range(5)]
    monkeypatch.setattr(text_recogniser, "_to_height", lambda crop: _Strip(crop.width))
    with deadline.within(10) as clock:
        read = TextRecogniser.read(TextRecogniser(None), crops)  # type: ignore[arg-type]
        assert clock.left_out == {Share.LINES}
        assert [r.text for r in read] == ["", "", "", "kite", "kite"]
        with pytest.raises(OutOfTimeError):
            TextRecogniser.read(TextRecogniser(None), crops, careful=True)  # type: ignore[arg-type]


class _Strip:
    def __init__(self, width: int) -> None:
        self.shape = (48, width, 3)


class Slow:
    """A detector from outside that asks for something costly of its own accord."""

    name: ClassVar[str] = "slow"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.TEXT_SECRET,)
    source: ClassVar[str] = "metadata"

    def find(self, views: Views) -> Iterable[Finding]:
        yield from (Finding(Kind.TEXT_SECRET, 0.9, Field("a", "b"), "slow", "said so"),)
        _ = views.pixels


def test_a_detector_from_outside_is_told_as_the_others(demo: Path) -> None:
    detectors: Any = [Slow()]
    report = Scanner(ScanOptions(seconds=0), detectors=detectors).scan(demo / "web.webp")
    assert "slow" in late(report)
    assert [finding.kind for finding in report.findings if finding.detector == "slow"] == [Kind.TEXT_SECRET]


@share(0.5)
@given(st.lists(st.one_of(st.none(), st.floats(0, 1000)), max_size=4))
def test_inside_a_deadline_there_is_no_later_one(seconds: list[float | None]) -> None:
    def inner(rest: list[float | None], most: float | None) -> None:
        assert deadline.is_set() is (most is not None)
        if not rest:
            return
        with deadline.within(rest[0]) as clock:
            ends = [one for one in (most, rest[0]) if one is not None]
            left = deadline.left(clock.until)
            assert left is None if not ends else (left is not None and left <= min(ends))
            inner(rest[1:], min(ends, default=None))

    inner(seconds, None)
    assert not deadline.is_set()


def test_a_part_of_the_time_ends_with_it_and_the_rest_comes_back() -> None:
    with deadline.within(1000) as clock:
        whole = clock.until
        with pytest.raises(OutOfTimeError), deadline.part(0):
            deadline.check()
        assert clock.until == whole
        deadline.check()
    with deadline.part(0):
        deadline.check()


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf"), True, "5", -0.5])
def test_what_is_no_time_is_refused(wrong: Any) -> None:
    with pytest.raises(UsageError, match="seconds"):
        ScanOptions(seconds=wrong)


def test_codes_and_faces_are_looked_for_by_parts_that_can_be_left(demo: Path, asked: Clockwork) -> None:
    views = Views(Photo.open(demo / "notice_board_12mp.jpg"), ScanOptions())
    with deadline.within(3):
        _ = views.pyramid
        with pytest.raises(OutOfTimeError):
            codes.find(views.pyramid, ScanOptions())
        with pytest.raises(OutOfTimeError):
            faces.find(views.pyramid, ScanOptions())
