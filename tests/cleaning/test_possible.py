"""What is only possible stays unless somebody asks, and is told; what covers much of a picture is told as well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan import cleaning
from photoscan.catalog import LANGUAGES
from photoscan.cleaning import CleanPlan
from photoscan.cleaning.share import LARGE, covered
from photoscan.errors import UsageError
from photoscan.finding import Finding, Region
from photoscan.geometry import Box
from photoscan.kind import Kind
from photoscan.photo import Photo
from photoscan.report import PhotoInfo, Report
from photoscan.risk.policy import SHIPPED, Policy
from tests.cleaning.samples import coded

SURE, UNSURE = Box(20, 20, 40, 20), Box(200, 150, 40, 20)


def plate(box: Box, confidence: float) -> Finding:
    return Finding(Kind.PLATE, confidence, Region(box), "test", "drawn")


FOUND = Report(PhotoInfo("photo", width=320, height=240), "0", (plate(SURE, 0.9), plate(UNSURE, 0.3)))


def black(photo: bytes, box: Box) -> bool:
    return bool(Photo.open(photo).pixels()[box.y : box.y2, box.x : box.x2].max() == 0)


def test_what_is_only_possible_stays_and_is_told_in_one_line() -> None:
    photo = Photo.open(coded("PNG"))
    result = cleaning.clean(photo, FOUND, lambda data: FOUND, CleanPlan())
    assert (black(result.data, SURE), black(result.data, UNSURE)) == (True, False)
    assert [row.why.key for row in result.receipt.found] == ["clean.why.harm", "clean.why.possible"]
    assert result.receipt.asides() == [
        "not covered, since it is only possible: 1 × Number plate; --redact-possible covers it too"
    ]
    foreseen = cleaning.foresee(photo, FOUND, CleanPlan())
    assert [row.action for row in foreseen.rows] == ["hide", "keep"]
    for language in LANGUAGES:
        assert "--redact-possible" in foreseen.text(language)


def test_whoever_asks_has_it_covered() -> None:
    photo = Photo.open(coded("PNG"))
    result = cleaning.clean(photo, FOUND, lambda data: FOUND, CleanPlan(possible_from=0.3))
    assert (black(result.data, SURE), black(result.data, UNSURE)) == (True, True)
    assert result.receipt.asides() == []


@pytest.mark.parametrize("redact", [None, ("plate",), ("all",)])
@pytest.mark.parametrize(("least", "hidden"), [(0.0, True), (0.3, True), (0.31, False), (0.5, False)])
def test_it_does_not_matter_how_the_kind_was_asked_for(
    redact: tuple[str, ...] | None, least: float, hidden: bool
) -> None:
    plan = CleanPlan(redact=redact, possible_from=least)
    assert plan.hides(plate(UNSURE, 0.3)) is hidden
    assert plan.with_traces.hides(plate(UNSURE, 0.3))


def test_a_rest_at_the_edge_of_a_patch_is_covered_too() -> None:
    """The second look sees, hardly, what the first patch did not reach."""
    photo = Photo.open(coded("PNG"))
    rest = plate(Box(SURE.x2 - 2, SURE.y, 30, 20), 0.2)
    first = Report(FOUND.photo, "0", (plate(SURE, 0.9),))
    result = cleaning.clean(photo, first, lambda data: Report(FOUND.photo, "0", (rest,)), CleanPlan())
    assert rest.box is not None
    assert black(result.data, rest.box)


@pytest.mark.parametrize(
    ("figure", "covered"),
    [(Box(100, 30, 100, 200), False), (Box(100, 110, 100, 100), True), (Box(10, 20, 90, 200), True)],
)
def test_a_body_whose_face_was_covered_is_no_news(figure: Box, covered: bool) -> None:
    """A copy shows figures without faces; those of which nobody saw a face before are covered all the same."""
    photo = Photo.open(coded("PNG"))
    face = Finding(Kind.FACE, 0.9, Region(Box(130, 40, 40, 50)), "test", "drawn")
    body = Finding(Kind.PERSON, 0.3, Region(figure), "test", "drawn")
    plan = CleanPlan(redact=("all",), possible_from=0.3)

    def look(data: bytes) -> Report:
        assert face.box is not None
        return Report(FOUND.photo, "0", () if black(data, figure) else (body,))

    result = cleaning.clean(photo, Report(FOUND.photo, "0", (face,)), look, plan)
    assert black(result.data, figure) is covered
    assert [f.kind for f in result.receipt.hidden] == [Kind.FACE, *([Kind.PERSON] if covered else [])]
    assert result.report is not None
    assert result.report.findings == ()


SAYS = {"default": None, "platform": None, "workshop": 0.3, "strict": 0.1}


def test_policies_say_from_where() -> None:
    assert {name: Policy.load(name).redaction.possible_from for name in SHIPPED} == SAYS
    assert CleanPlan.by_policy(Policy.load("strict")).possible_from == 0.1
    assert CleanPlan.by_policy(Policy.load("strict"), possible_from=0.0).possible_from == 0
    assert CleanPlan.by_policy(Policy.load("default")).possible_from == 0.5


def test_the_page_covers_as_the_policy_for_workshops_does() -> None:
    from photoscan.workshop.covers import POSSIBLE_FROM

    assert SAYS["workshop"] == POSSIBLE_FROM


@pytest.mark.parametrize("wrong", [-0.1, 1.5, "much", True])
def test_what_is_no_share_is_refused(wrong: object) -> None:
    with pytest.raises(UsageError, match="possible_from"):
        CleanPlan(possible_from=wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="possible_from"):
        Policy.parse({"name": "p", "version": "1", "redaction": {"possible_from": wrong}})


# How much is covered

sides = st.integers(-30, 130)
boxes = st.lists(st.builds(Box, sides, sides, st.integers(0, 90), st.integers(0, 90)), max_size=7)


@given(boxes)
def test_the_share_is_that_of_the_painted_pixels(rows: list[Box]) -> None:
    import numpy as np

    painted = np.zeros((80, 100), bool)
    for box in rows:
        painted[max(0, box.y) : max(0, box.y2), max(0, box.x) : max(0, box.x2)] = True
    assert covered(rows, 100, 80) == pytest.approx(painted.mean())


def test_a_picture_without_a_size_has_no_share() -> None:
    assert covered([Box(0, 0, 9, 9)], 0, 0) == 0


def test_much_paint_is_told_before_and_after() -> None:
    photo = Photo.open(coded("PNG"))
    for plan, much in (
        (CleanPlan(boxes=(Box(0, 0, 320, 120),)), True),
        (CleanPlan(boxes=(Box(0, 0, 320, 60),)), False),
    ):
        nothing = Report(FOUND.photo, "0")
        foreseen = cleaning.foresee(photo, nothing, plan)
        receipt = cleaning.clean(photo, nothing, lambda data, nothing=nothing: nothing, plan).receipt
        assert foreseen.covered == receipt.covered == foreseen.to_dict()["covered"] == receipt.to_dict()["covered"]
        assert (receipt.covered > LARGE) is much
        assert ("clean.note.large" in [note.key for note in foreseen.notes]) is much
        assert bool(receipt.asides()) is much
        assert f"covered: {round(100 * foreseen.covered)} % of the picture" in foreseen.text()
