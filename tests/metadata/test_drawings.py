"""SVG: what drawing programs write about people is told, what they write into every file is not, and words that are
drawn are read as lines."""

from __future__ import annotations

import pytest

from photoscan import Scanner, metadata
from photoscan.finding import Field
from photoscan.formats import Format, detect
from photoscan.kind import Kind
from photoscan.metadata import Entry, Role
from photoscan.metadata.svg_names import is_technical, thought_of
from photoscan.options import ScanOptions

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="i" xmlns:sodipodi="s" xmlns:sketch="k" '
    'xmlns:rdf="r" xmlns:cc="c" xmlns:dc="d" xmlns:serif="f" xmlns:xlink="x" xmlns:i="a">'
)


def read(body: str) -> list[Entry]:
    return list(metadata.read(f"{HEAD}{body}</svg>".encode(), Format.SVG, "x").entries)


TOLD = {
    '<g inkscape:label="Tan family">': ("inkscape:label", "Tan family"),
    '<g inkscape:export-filename="C:\\Users\\jtan\\a.png">': ("inkscape:export-filename", "C:\\Users\\jtan\\a.png"),
    '<sodipodi:namedview sodipodi:docname="tan.svg">': ("sodipodi:docname", "tan.svg"),
    '<g data-name="Tan&apos;s house">': ("data-name", "Tan's house"),
    '<g serif:id="Tan&apos;s house">': ("serif:id", "Tan's house"),
    '<g id="Tan_x0020_Family_x0020_House">': ("id", "Tan_x0020_Family_x0020_House"),
    '<g id="jane.tan@example.com">': ("id", "jane.tan@example.com"),
    "<metadata><rdf:RDF><cc:Work><dc:creator><cc:Agent><dc:title>Jane Tan": ("dc:creator", "Jane Tan"),
    "<metadata><dc:rights><cc:Agent><dc:title>Jane Tan": ("dc:rights", "Jane Tan"),
    "<metadata><dc:date>2026-11-03": ("dc:date", "2026-11-03"),
    '<x:d xmp:CreateDate="2026-11-03T08:15:00+08:00">': ("xmp:CreateDate", "2026-11-03T08:15:00+08:00"),
    '<x:d exif:GPSLatitude="3,8.34">': ("exif:GPSLatitude", "3,8.34"),
    "<title>Plan of our house": ("title", "Plan of our house"),
    "<desc>For Jane": ("desc", "For Jane"),
    "<!-- for Jane -->": ("comment", "for Jane"),
    "<style>/* for Jane */": ("comment", "for Jane"),
    "<style>@import url(https://example.com/a.css)": ("link", "https://example.com/a.css"),
    '<rect fill="url(https://example.com/a.svg#x)">': ("link", "https://example.com/a.svg#x"),
    '<image xlink:href="file:///home/jtan/a.png">': ("xlink:href", "file:///home/jtan/a.png"),
    '<a href="https://example.com/jtan">': ("href", "https://example.com/jtan"),
    '<text display="none">for Jane': ("hidden text", "for Jane"),
    '<g style="display:none"><text>for Jane': ("hidden text", "for Jane"),
    '<a><animate attributeName="href" to="https://example.com/jtan">': ("to", "https://example.com/jtan"),
    "<x:p xmlns:x='u'>for Jane": ("x:p", "for Jane"),
    "<!-- Generator: Adobe Illustrator 27.0, SVG Export Plug-In -->": (
        "Software", "Generator: Adobe Illustrator 27.0, SVG Export Plug-In"),
}  # fmt: skip


@pytest.mark.parametrize("body", sorted(TOLD))
def test_what_says_something_is_told(body: str) -> None:
    assert TOLD[body] in [(e.field, e.text) for e in read(body) if e.role is Role.TAG]


SILENT = (
    '<g id="Layer_1">', '<g id="path1234">', '<g id="SVGID_00000123_">', '<g id="Group-3">', '<g id="clip0_12_34">',
    '<g id="feGaussianBlur4109">', '<g id="Rectangle-Copy-2">', '<g id="linearGradient-1">', '<g id="XMLID_4_">',
    '<g id="paint0_linear_1_2">', '<g class="cls-1 st0">', '<path d="M0 0">', '<g fill="#123456" opacity=".5">',
    '<g style="fill:red;font-family:Arial">', '<use xlink:href="#a">', '<g role="img" aria-hidden="true">',
    '<g tabindex="0" focusable="false">', '<svg version="1.1" baseProfile="full">', '<g xml:space="preserve">',
    "<?xml version='1.0'?>", '<g sodipodi:nodetypes="cccsc">', '<g inkscape:connector-curvature="0">',
    '<path inkscape:original-d="M 1,2 L 3,4 Z">', '<inkscape:grid type="xygrid" units="px">',
    '<sodipodi:namedview pagecolor="#ffffff" inkscape:window-width="1920" showgrid="true">',
)  # fmt: skip


@pytest.mark.parametrize("body", SILENT)
def test_what_every_drawing_has_is_no_statement(body: str) -> None:
    assert [(e.field, e.text) for e in read(body) if e.role is Role.TAG] == []


@pytest.mark.parametrize(
    ("name", "own"),
    [("Jane_Tan", True), ("JaneTan_House", True), ("ACME_Logo_Client_Smith", True), ("Icon-Arrow-Left", False),
     ("icon-user-circle", False), ("Artboard_1_copy", False), ("_x31_23", False), ("SVGRepo_bgCarrier", False)],
)  # fmt: skip
def test_names_that_somebody_thought_of(name: str, own: bool) -> None:
    assert thought_of(name) is own


def test_words_that_are_drawn_are_lines() -> None:
    body = (
        '<text x="1" y="2">Contact: <tspan>Jane Tan</tspan></text>'
        '<text><tspan x="1" y="9">12 Jalan Ampang</tspan><tspan x="1" dy="9">50450 Kuala Lumpur</tspan></text>'
        "<text><![CDATA[a & b]]></text><text><textPath>round</textPath></text><a><text>link</text></a>"
    )
    lines = [e.text for e in read(body) if e.role is Role.DRAWN]
    assert lines == ["Contact: Jane Tan", "12 Jalan Ampang", "50450 Kuala Lumpur", "a & b", "round", "link"]


def test_text_detectors_look_at_words_that_are_drawn_and_nothing_is_called_clean() -> None:
    data = f"{HEAD}<text>jane.tan@example.com</text></svg>".encode()
    report = Scanner(ScanOptions()).scan(data)
    (mail,) = [f for f in report.findings if f.kind is Kind.TEXT_EMAIL]
    assert isinstance(mail.location, Field)
    assert data[mail.location.offset :][: mail.location.length] == b"jane.tan@example.com"
    assert mail.attributes["stripping"] == "kept, as part of the drawing"
    assert report.error is not None
    assert report.error.code == "unsupported_format"


ROOTS = {
    b"<svg/>": True,
    b"<svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>": True,
    b"<?xml version='1.0'?>\n<!-- made by -->\n<svg>": True,
    b"<!-- made by -->\n<!DOCTYPE svg PUBLIC 'a' 'b'>\n<svg width='9'>": True,
    b"<!DOCTYPE svg [<!ENTITY a ']>'>]>\n<svg>": True,
    b"\xef\xbb\xbf<svg>": True,
    "\ufeff<svg>".encode("utf-16-le"): True,
    "\ufeff<?xml version='1.0'?><svg>".encode("utf-16-be"): True,
    b"<?xml version='1.0'?><html><svg></svg></html>": False,
    b"<!DOCTYPE html><html><svg></svg></html>": False,
    b"<html><svg/></html>": False,
    b"<!-- <svg> --><p>": False,
    b"<svgfoo>": False,
    b"text <svg>": False,
    b"": False,
}


@pytest.mark.parametrize("head", ROOTS)
def test_a_drawing_is_known_by_its_root(head: bytes) -> None:
    assert (detect(head) is Format.SVG) is ROOTS[head]


@pytest.mark.parametrize("value", ["9" * 400 + "x", "1.5" * 150 + "\u0663", "+1e9" * 100 + "!x", "#fff" * 100 + "g"])
def test_what_is_nearly_a_number_is_seen_at_once(value: str) -> None:
    """There is one way to read it: two for each digit would be more than ever end."""
    assert not is_technical("k", "data", value)
