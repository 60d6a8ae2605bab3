"""Findings, boxes, masks: plain data with promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.errors import UsageError
from photoscan.finding import Field, Finding, Region, Span, with_ids
from photoscan.geometry import Box, corners, polygon_area, shared_area
from photoscan.kind import Kind, Severity, check_prefix
from photoscan.options import ScanOptions


def finding(**changes: object) -> Finding:
    row = {"kind": Kind.TEXT_PHONE, "confidence": 0.9, "location": Span((0,)), "detector": "test", "reason": "because"}
    return Finding(**row | {"value": "+60 12-555 0193"} | changes)  # type: ignore[arg-type]


def test_a_value_shows_neither_in_repr_nor_in_the_report_unless_asked() -> None:
    one = finding(attributes={"value_street": "Jalan Kenanga", "country": "MY"})
    assert "0193" not in repr(one)
    assert "Kenanga" not in repr(one)
    assert "0193" not in str(one.to_dict())
    assert "Kenanga" not in str(one.to_dict())
    assert one.to_dict()["attributes"] == {"country": "MY"}
    assert one.to_dict(show_values=True)["value"] == "+60 12-555 0193"


def test_ids_come_from_kind_place_and_order_never_from_the_value() -> None:
    first, second = with_ids([finding(), finding(value="+60 11-555 0100")])
    again = with_ids([finding(value="other")])[0]
    assert first.id == again.id
    assert first.id != second.id
    assert with_ids([finding(location=Span((1,)))])[0].id != first.id


LOCATIONS: dict[str, tuple[Region | Span | Field, dict[str, object]]] = {
    "region": (Region(Box(1, 2, 3, 4)), {"type": "region", "box": [1, 2, 3, 4]}),
    "page": (Region(Box(1, 2, 3, 4), None, 2), {"type": "region", "box": [1, 2, 3, 4], "page": 2}),
    "span": (Span((0, 2)), {"type": "text", "lines": [0, 2]}),
    "field": (
        Field("exif", "Artist", 5, 6, 2),
        {"type": "metadata", "container": "exif", "field": "Artist", "offset": 5, "length": 6, "copies": 2},
    ),
}


@pytest.mark.parametrize("name", sorted(LOCATIONS))
def test_locations_as_json(name: str) -> None:
    location, row = LOCATIONS[name]
    assert location.to_dict() == row


def test_every_kind_has_a_severity_and_prefixes_are_checked() -> None:
    assert {kind.severity for kind in Kind} == set(Severity)
    assert check_prefix("text.phone") == "text.phone"
    for wrong in ("txt", "text.fone", "", "metadata.gps.altitude"):
        with pytest.raises(UsageError):
            check_prefix(wrong)


@pytest.mark.parametrize("wrong", [{"profile": "slow"}, {"ocr": "magic"}, {"only": ("tekst",)}, {"language": "xx"}])
def test_options_that_do_not_exist_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        ScanOptions(**wrong)  # type: ignore[arg-type]


boxes = st.builds(Box, *[st.integers(-50, 50)] * 2, *[st.integers(1, 60)] * 2)


@given(boxes, boxes)
def test_boxes_overlap_symmetrically(a: Box, b: Box) -> None:
    assert a.intersection(b) == b.intersection(a)
    assert 0 <= a.iou(b) <= 1
    assert a.iou(a) == 1
    assert Box.union([a, b]).intersection(a) == a.area


@given(boxes, boxes)
def test_polygon_clipping_agrees_with_boxes(a: Box, b: Box) -> None:
    assert polygon_area(corners(a)) == a.area
    assert shared_area(corners(a), corners(b)) == pytest.approx(a.intersection(b))


@given(boxes, st.integers(1, 80), st.integers(1, 80))
def test_clipping_stays_inside(box: Box, width: int, height: int) -> None:
    clipped = box.clipped(width, height)
    assert 0 <= clipped.x <= clipped.x2 <= width
    assert 0 <= clipped.y <= clipped.y2 <= height
    assert clipped.area <= box.area
