"""SVG: what draws stays, everything else goes; nothing is fetched, opened or expanded, whatever a file asks for."""

from __future__ import annotations

import base64
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from photoscan import Photo, cleaning, formats, metadata
from photoscan.cleaning import CleanPlan, CleanResult, same_svg
from photoscan.errors import CleaningError, PhotoscanError
from photoscan.formats import Format
from photoscan.metadata import Role
from photoscan.stripping import Keep, strip
from tests.cleaning import samples as s
from tests.properties import share

STRIP = CleanPlan(metadata_only=True)
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="90">'
EDITORS = (
    'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
    'xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:cc="http://creativecommons.org/ns#" '
)
BOX = '<rect width="9" height="9"/>'
PICTURE = base64.b64encode(s.coded("JPEG", s.small(), exif=s.exif())).decode()
FONT = base64.b64encode(b"wOF2CANARY" * 9).decode()


def svg(body: str, more: str = "") -> bytes:
    return (HEAD.replace("<svg ", f"<svg {EDITORS}{more} ") + body + "</svg>").encode()


def stripped(data: bytes) -> CleanResult:
    return cleaning.clean(Photo.open(data), None, None, STRIP)


def drawn(body: str) -> str:
    """What is written of a drawing's body."""
    copy = strip(svg(body), Format.SVG, Keep()).data.decode()
    return copy.partition(">")[2].removesuffix("</svg>")


GOES = {
    "comment": "<!-- CANARY -->",
    "title": "<title>CANARY</title>",
    "description": "<desc>CANARY</desc>",
    "title of a shape": '<g><title>CANARY</title><rect width="9" height="9"/></g>',
    "processing instruction": "<?CANARY here?>",
    "metadata": "<metadata><rdf:RDF><dc:creator>CANARY</dc:creator></rdf:RDF></metadata>",
    "agent": "<metadata><dc:creator><cc:Agent><dc:title>CANARY</dc:title></cc:Agent></dc:creator></metadata>",
    "attribute in metadata": '<metadata><cc:license rdf:resource="CANARY-license"/></metadata>',
    "label of a layer": '<g inkscape:label="CANARY layer"/>',
    "path of an export": '<g inkscape:export-filename="/home/CANARY/x.png"/>',
    "place of a picture": '<image sodipodi:absref="C:\\Users\\CANARY\\a.png" width="9"/>',
    "view of the editor": '<sodipodi:namedview guide="CANARY"/>',
    "data attribute": '<rect data-name="CANARY" width="9"/>',
    "unknown attribute": '<rect owner="CANARY" width="9"/>',
    "label for readers": '<rect aria-label="CANARY" width="9"/>',
    "name of a layer as id": '<g id="Canary_CANARY_House"/>',
    "class that nobody uses": '<g class="Canary_CANARY_House"/>',
    "words outside of text": "<g>CANARY</g>",
    "hidden words": '<text display="none">CANARY</text>',
    "words hidden by style": '<g style="fill:red; display: none"><text>CANARY</text></g>',
    "script": "<script>CANARY</script>",
    "handler": '<rect onclick="CANARY()" width="9"/>',
    "comment in a style sheet": "<style>/* CANARY */ rect{fill:red}</style>",
    "comment in a style": '<rect style="/* CANARY */fill:red" width="9"/>',
    "unknown element": "<flowRoot><flowPara>CANARY</flowPara></flowRoot>",
    "element of another language": '<x:secret xmlns:x="urn:x">CANARY</x:secret>',
    "link": '<a xlink:href="https://CANARY.example/"><rect width="9"/></a>',
    "link to run": '<a href="javascript:CANARY()"><rect width="9"/></a>',
    "picture elsewhere": '<image href="https://CANARY.example/a.png" width="9"/>',
    "picture on this machine": '<image xlink:href="file:///home/CANARY/a.png" width="9"/>',
    "shape elsewhere": '<use href="https://CANARY.example/a.svg#x"/>',
    "colour elsewhere": '<rect fill="url(https://CANARY.example/a.svg#x)" width="9"/>',
    "import": '<style>@import "https://CANARY.example/a.css"; rect{fill:red}</style>',
    "font elsewhere": "<style>@font-face{font-family:x;src:url(https://CANARY.example/a.woff)}</style>",
    "font inside": f"<style>@font-face{{font-family:x;src:url(data:font/woff2;base64,{FONT})}}</style>",
    "background elsewhere": '<rect style="background:url(https://CANARY.example/t.gif);fill:red" width="9"/>',
    "web page": '<foreignObject width="9"><p xmlns="http://www.w3.org/1999/xhtml">CANARY</p></foreignObject>',
    "animated link": '<a><animate attributeName="href" to="javascript:CANARY()"/></a>',
    "metadata of a picture": f'<image href="data:image/jpeg;base64,{PICTURE}" width="9" height="9"/>',
    "value that is none": '<rect fill="CANARY" width="9"/>',
    "unknown property": '<rect style="CANARY-x:1;fill:red" width="9"/>',
    "language that is none": '<text systemLanguage="CANARY of 3-139">a</text>',
    "element that is none": "<style>rect:not(CANARY){fill:red}</style>",
    "string in a style": '<rect style="--x:&quot;CANARY&quot;;fill:red" width="9"/>',
}  # fmt: skip
NOT_TOLD = {
    "language that is none",
    "element that is none",
    "value that is none",
    "unknown property",
    "string in a style",
    "class that nobody uses",
}
"""What nobody reads but somebody who looks into the file; it goes all the same."""


@pytest.mark.parametrize("name", sorted(GOES))
def test_what_does_not_draw_is_told_and_goes(name: str) -> None:
    data = svg(GOES[name] + BOX)
    told = metadata.read(data, Format.SVG, "x").entries
    if name not in NOT_TOLD:
        assert any(b"CANARY" in e.raw or "CANARY" in str(e.value) or "CANARY" in e.text for e in told), told
    result = stripped(data)
    assert b"CANARY" not in result.data
    assert b"CANARY" not in base64.b64decode("".join(result.data.decode().partition("base64,")[2].partition('"')[:1]))
    assert all(e.role is Role.DRAWN for e in metadata.read(result.data, Format.SVG, "x").entries)
    assert b'<rect width="9" height="9"/>' in result.data
    keys = {row.key for row in result.receipt.proofs}
    assert keys & {"clean.proof.same_drawing", "clean.proof.same_drawing_but"}


STAYS = (
    '<path d="M1 1.5e-3,4L5-6zm0 0a1 1 0 0 1 2 2"/>',
    '<g transform="translate(3, 4) rotate(45)" opacity=".5"><circle cx="3" cy="4" r="1%"/></g>',
    '<text x="1 2 3" font-family="\'DejaVu Sans\', serif" text-anchor="end">Hello <tspan dy="1em">you</tspan></text>',
    '<rect fill="#ff00aa" stroke="rgb(1, 2, 3)" stroke-dasharray="1,2" stroke-linecap="round" width="9"/>',
    '<rect fill="none" fill-rule="evenodd" clip-rule="nonzero" color="currentColor" width="9"/>',
    '<svg viewBox="0 0 1 1" preserveAspectRatio="xMidYMid meet"><ellipse rx="1" ry="2"/></svg>',
    '<filter><feOffset in="SourceGraphic" dx="2"/><feColorMatrix type="matrix" values="1 0 0 0 0"/></filter>',
    '<circle r="4"><animate attributeName="r" values="1;4;1" dur="2s" repeatCount="indefinite"/></circle>',
    '<switch><g systemLanguage="ms"><rect width="4"/></g><g><rect width="5"/></g></switch>',
    '<text xml:space="preserve">  a  b </text>',
)


@pytest.mark.parametrize("body", STAYS)
def test_what_draws_stays_as_it_is(body: str) -> None:
    assert drawn(body) == body


RENAMED = {
    "gradient": (
        '<linearGradient id="Jane"><stop offset="0"/></linearGradient><rect fill="url(#Jane)" width="9"/>',
        '<linearGradient id="i1"><stop offset="0"/></linearGradient><rect fill="url(#i1)" width="9"/>'),
    "use": (
        '<defs><path id="Jane" d="M0 0"/></defs><use xlink:href="#Jane"/><use href="#Jane" x="3"/>',
        '<defs><path id="i1" d="M0 0"/></defs><use xlink:href="#i1"/><use href="#i1" x="3"/>'),
    "style sheet": (
        '<style>.Jane , #Tan &gt; rect{fill:url(\'#Tan\')}</style><g id="Tan" class="Jane Other"/>',
        '<style>.c1,#i2&gt;rect{fill:url(#i2)}</style><g id="i2" class="c1"/>'),
    "filter": (
        '<filter id="f"><feFlood result="Jane"/><feBlend in="Jane" in2="SourceAlpha"/></filter><g filter="url(#f)"/>',
        '<filter id="i1"><feFlood result="r2"/><feBlend in="r2" in2="SourceAlpha"/></filter><g filter="url(#i1)"/>'),
    "times": (
        '<set id="Jane" attributeName="x" to="3" begin="0s"/><set attributeName="y" to="3" begin="Jane.end+1s;click"/>',
        '<set id="i1" attributeName="x" to="3" begin="0s"/><set attributeName="y" to="3" begin="i1.end+1s;click"/>'),
    "movement": (
        "<style>@keyframes Jane{from{opacity:0}to{opacity:1}}rect{animation:Jane 2s infinite}</style>",
        "<style>@keyframes f1{from{opacity:0}to{opacity:1}}rect{animation:f1 2s infinite}</style>"),
    "variable": (
        "<style>:root{--Jane:red}rect{fill:var(--Jane)}</style>",
        "<style>:root{--v1:red}rect{fill:var(--v1)}</style>"),
    "conditions": (
        "<style>@media (prefers-color-scheme: dark) { .a { fill : #fff } }</style>",
        "<style>@media (prefers-color-scheme: dark){.c1{fill:#fff}}</style>"),
    "not displayed but used": (
        '<g display="none"><path id="Jane" d="M0 0"/></g><use href="#Jane"/>',
        '<g display="none"><path id="i1" d="M0 0"/></g><use href="#i1"/>'),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(RENAMED))
def test_names_are_given_anew_and_lead_to_the_same(name: str) -> None:
    body, wanted = RENAMED[name]
    assert drawn(body) == wanted
    assert same_svg.proved(svg(body), stripped(svg(body)).data, Format.SVG, None)[0].key == "clean.proof.same_drawing"


LOST = {"html": "web page", "fonts": "font inside", "elsewhere": "picture elsewhere"}


@pytest.mark.parametrize("part", sorted(LOST))
def test_what_has_no_place_in_a_copy_is_named(part: str) -> None:
    notes = stripped(svg(GOES[LOST[part]] + BOX)).receipt.notes
    assert f"clean.lost.{part}" in {getattr(note.values.get("what"), "key", "") for note in notes}


PAIRS = (
    ('<rect width="9"/>', '<rect width="8"/>'),
    ('<rect width="9"/>', "<rect/>"),
    ("<rect/>", '<rect width="9"/>'),
    ('<rect width="9"/><path d="M0 0"/>', '<path d="M0 0"/><rect width="9"/>'),
    ("<g><rect/></g>", "<g/><rect/>"),
    ("<text>one</text>", "<text>two</text>"),
    ("<text>one</text>", "<text/>"),
    ('<g style="fill:red"/>', '<g style="fill:blue"/>'),
    ('<g style="fill:red;opacity:1"/>', '<g style="opacity:1"/>'),
    ('<g style="fill:red"/>', '<g style="fill:red;opacity:.1"/>'),
    ('<path id="a"/><path id="b"/><use href="#a"/>', '<path id="a"/><path id="b"/><use href="#b"/>'),
    ('<use href="#a"/><use href="#b"/>', '<use href="#i1"/><use href="#i1"/>'),
    ("<style>rect{fill:red}</style>", "<style>rect{fill:blue}</style>"),
    ("<style>rect{fill:red}</style>", "<style>path{fill:red}</style>"),
    ('<style>.a{}</style><g class="a"/>', "<style/><g/>"),
    ('<filter><feFlood result="a"/></filter>', "<filter><feFlood/></filter>"),
    ("<g/>", "<g/><g/>"),
)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_the_proof_sees_another_drawing(before: str, after: str) -> None:
    assert same_svg.proved(svg(before), svg(before), Format.SVG, None)
    with pytest.raises(CleaningError):
        same_svg.proved(svg(before), svg(after), Format.SVG, None)


def test_a_picture_inside_is_compared_by_its_pixels() -> None:
    def inside(image: Image.Image) -> bytes:
        return svg(f'<image href="data:image/png;base64,{base64.b64encode(s.coded("PNG", image)).decode()}"/>')

    assert same_svg.proved(inside(s.small()), inside(s.small()), Format.SVG, None)
    with pytest.raises(CleaningError):
        same_svg.proved(inside(s.small()), inside(s.small().rotate(180)), Format.SVG, None)


def test_words_that_are_drawn_may_be_said_by_metadata_too() -> None:
    """A title that repeats a caption, a label that is a word of the language: neither keeps a copy from being made."""
    data = svg('<title>Our house</title><g inkscape:label="circle"/><text>Our house</text>'
               '<circle r="3"/><path inkscape:original-d="M 10.5,20" d="M 10.5,20"/>')  # fmt: skip
    assert b"Our house" in stripped(data).data


ENCODED = {
    "UTF-16 with a mark": "\ufeff<?xml version='1.0' encoding='UTF-16'?>".encode("utf-16-le"),
    "UTF-16 of the other order": "\ufeff<?xml version='1.0' encoding='UTF-16'?>".encode("utf-16-be"),
    "Latin-1": b"<?xml version='1.0' encoding='ISO-8859-1'?>",
    "UTF-8 with a mark": b"\xef\xbb\xbf<?xml version='1.0'?>",
}
CODINGS = {"UTF-16 with a mark": "utf-16-le", "UTF-16 of the other order": "utf-16-be", "Latin-1": "latin-1"}


@pytest.mark.parametrize("name", sorted(ENCODED))
def test_files_in_other_codings_are_the_same(name: str) -> None:
    body = svg("<title>CANARY café</title><text>déjà vu</text>").decode()
    data = ENCODED[name] + body.encode(CODINGS.get(name, "utf-8"))
    assert formats.detect(data[: formats.HEAD]) is Format.SVG
    told = {e.field: e.text for e in metadata.read(data, Format.SVG, "x").entries}
    assert (told["title"], told["text"]) == ("CANARY café", "déjà vu")
    copy = stripped(data).data.decode()
    assert "déjà vu" in copy
    assert "CANARY" not in copy


def test_entities_that_name_namespaces_are_understood() -> None:
    """As drawing programs declare them for themselves."""
    kinds = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [\n'
    data = f'<?xml version="1.0"?><!-- Generator: x -->{kinds}<!ENTITY ns_svg "http://www.w3.org/2000/svg">\n]>'
    data += f'<svg xmlns="&ns_svg;" width="9">{BOX}</svg>'
    assert formats.detect(data.encode()) is Format.SVG
    assert stripped(data.encode()).data.endswith(f"{BOX}</svg>".encode())


# ---------------------------------------------------------------- hostile files


def _laughs(kind: str) -> bytes:
    rows = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    return f'<!DOCTYPE svg [<!ENTITY a "{"A" * 99}">{rows}]>{HEAD}{kind}</svg>'.encode()


def _doctype(inner: str, body: str) -> bytes:
    return f"<!DOCTYPE svg [{inner}]>{HEAD}{body}</svg>".encode()


SECRET = "file:///etc/passwd"
ADDRESSES = (SECRET, "http://127.0.0.1:9/x", "https://example.com/x", "//example.com/x", "ftp://example.com/x",
             "\\\\host\\x", "data:text/html,<script>x</script>", "data:image/svg+xml,<svg/>", "javascript:alert(1)",
             "gopher://x/")  # fmt: skip
PLACES = ('<image href="{}"/>', '<image xlink:href="{}"/>', '<use href="{}#a"/>', '<a href="{}"><rect/></a>',
          '<rect fill="url({}#a)"/>', '<rect style="fill:url({}#a)"/>', '<style>@import url({});</style>')  # fmt: skip
HOSTILE: dict[str, bytes] = {
    "a long sheet over many shapes": svg(f"<style>{'rect{fill:red}' * 2000}</style>{'<g/>' * 20_000}"),
    "a time that goes on": svg(f'<set attributeName="x" begin="{"1" * 60_000}x"/>'),
    "a name that goes on": svg(f'<set attributeName="x" begin="{"a" * 60_000}"/>'),
    "a step that goes on": svg(f"<style>@keyframes a{{{'1' * 60_000}{{fill:red}}}}</style>"),
    "tags that never end": svg("<!--" + "<style " * 10_000 + "-->") + b"<style " * 10_000,
    "declarations in a comment": svg("<!--" + "<!ENTITY' " * 20_000 + "-->"),
    **{
        f"{place} {address}": svg(place.format(address.replace("<", "&lt;")))
        for place in PLACES
        for address in ADDRESSES
    },
    "laughs in text": _laughs("<text>&i;</text>"),
    "laughs in an attribute": _laughs('<text x="&i;"/>'),
    "quadratic entity": _doctype(f'<!ENTITY a "{"A" * 900}">', f"<text>{'&a;' * 90_000}</text>"),
    "quadratic entity in an attribute": _doctype(f'<!ENTITY a "{"A" * 900}">', f'<text x="{"&a;" * 90_000}"/>'),
    "entity of another file": _doctype(f'<!ENTITY x SYSTEM "{SECRET}">', "<text>&x;</text>"),
    "entity of the net": _doctype('<!ENTITY x SYSTEM "http://127.0.0.1:9/x">', "<text>&x;</text>"),
    "entity by public name": _doctype(f'<!ENTITY x PUBLIC "a" "{SECRET}">', "<text>&x;</text>"),
    "parameter entity": _doctype(f'<!ENTITY % x SYSTEM "{SECRET}">%x;', "<rect/>"),
    "parameter entity by value": _doctype("<!ENTITY % x '<!ENTITY y \"z\">'>%x;", "<text>&y;</text>"),
    "entity that is itself": _doctype('<!ENTITY x "&x;">', "<text>&x;</text>"),
    "entity with marks": _doctype('<!ENTITY x "<script>x</script>">', "<g>&x;</g>"),
    "unparsed entity": _doctype(f'<!NOTATION n SYSTEM "x"><!ENTITY x SYSTEM "{SECRET}" NDATA n>', "<rect/>"),
    "outer document type": f'<!DOCTYPE svg SYSTEM "{SECRET}">{HEAD}</svg>'.encode(),
    "undefined entity": svg("<text>&nbsp;</text>"),
    "many entities": _doctype("".join(f'<!ENTITY a{i} "x">' for i in range(2000)), "<rect/>"),
    "attributes by default": _doctype('<!ATTLIST rect onclick CDATA "alert(1)">', "<rect/>"),
    "inclusion": svg(f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{SECRET}" parse="text"/>'),
    "style sheet for all": f'<?xml-stylesheet type="text/xsl" href="{SECRET}"?>{HEAD}</svg>'.encode(),
    "deep": (HEAD + "<g>" * 5000 + "</g>" * 5000 + "</svg>").encode(),
    "deep and foreign": (HEAD + "<x>" * 5000 + "</x>" * 5000 + "</svg>").encode(),
    "many attributes": svg("<rect " + " ".join(f'a{i}="1"' for i in range(5000)) + "/>"),
    "never closed": (HEAD + "<g>" * 100).encode(),
    "closed wrongly": svg("<g><rect></g></rect>"),
    "attribute twice": svg('<rect width="1" width="2"/>'),
    "prefix of nothing": svg("<x:y/>"),
    "NUL": svg("<text>a\0b</text>"),
    "no UTF-8": svg("<text>CANARY</text>").replace(b"CANARY", b"\xff\xfe\xfa"),
    "unknown coding": b'<?xml version="1.0" encoding="klingon"?>' + svg(BOX),
    "UTF-7": b'<?xml version="1.0" encoding="utf-7"?>' + svg("+ADw-script+AD4-"),
    "two roots": svg(BOX) * 2,
    "something behind": svg(BOX) + b"CANARY",
    "cut": svg(BOX)[:-9],
    "no root of ours": b'<?xml version="1.0"?><!-- <svg --><html><svg xmlns="http://www.w3.org/2000/svg"/></html>',
    "use of itself": svg('<g id="a"><use href="#a"/></g>'),
    "long path": svg(f'<path d="{"M0 0" * 200_000}"/>'),
    "long number": svg(f'<rect width="{"9" * 500_000}"/>'),
    "long words": svg(f'<rect fill="{"a" * 500_000}"/>'),
    "long style": svg(f'<rect style="{"fill:red;" * 50_000}"/>'),
    "open brackets": svg(f"<style>{'{' * 50_000}</style>"),
    "open brackets of media": svg(f"<style>{'@media screen{' * 5000}</style>"),
    "open quotes": svg(f"<style>{chr(39) * 99_999}</style>"),
    "open comments": svg(f"<style>{'/*' * 50_000}</style>"),
    "selectors": svg(f"<style>{'a>' * 50_000}b{{fill:red}}</style>"),
    "brackets in values": svg(f'<rect fill="{"url(" * 50_000}"/>'),
    "escape in a style": svg('<rect style="background:\\75rl(http://x/)"/>'),
    "expression": svg('<rect style="width:expression(alert(1))"/>'),
    "binding": svg('<rect style="-moz-binding:url(http://x/#y)"/>'),
    "marks in a style sheet": svg("<style><script>alert(1)</script></style>"),
    "broken base 64": svg('<image href="data:image/png;base64,!!!!"/>'),
    "picture that is none": svg('<image href="data:image/png;base64,AAAA"/>'),
    "picture of another sort": svg(f'<image href="data:image/png;base64,{PICTURE}"/>'),
    "address of blanks": svg(f'<image href="data:image/png;base64,{" " * 500_000}"/>'),
    "set href": svg('<a><set attributeName="xlink:href" to="javascript:alert(1)"/></a>'),
    "event as begin": svg('<set attributeName="x" to="1" begin="accessKey(a)"/>'),
    "sections": svg("<text><![CDATA[<script>alert(1)</script>]]></text>"),
    "sections that end": svg("<text>]]&gt;&lt;script&gt;</text>"),
    "prefix for SVG": b'<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script>x</s:script><s:rect/></s:svg>',
}


def test_there_are_enough_hostile_files() -> None:
    assert len(HOSTILE) >= 100


@pytest.fixture(scope="module")
def opened() -> list[tuple[str, Any]]:
    """What the process opens or asks for, from now on."""
    seen: list[tuple[str, Any]] = []
    watched = ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "urllib.Request")

    def watch(event: str, given: tuple[Any, ...]) -> None:
        if event in watched and not str(given[0]).endswith((".py", ".pyc", ".toml", ".so", ".json")):
            seen.append((event, given[0]))

    sys.addaudithook(watch)
    return seen


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_files_are_read_and_cleaned_or_refused(name: str, opened: list[tuple[str, Any]]) -> None:
    """By limits, in time that grows with the size; what a copy has of them is harmless, and nothing was opened."""
    opened.clear()
    data = HOSTILE[name]
    metadata.read(data, Format.SVG, "x")
    try:
        copy = stripped(data).data
    except PhotoscanError:
        copy = b""
    assert opened == []
    assert not any(
        bad in copy for bad in (b"javascript:", b"file:", b"http://x", b"<script", b"127.0.0.1", b"example.")
    )
    assert not any(bad in copy for bad in (b"onclick", b"passwd", b"<!", b"<?", b"expression", b"binding", b"CANARY"))


@share(0.5)
@given(st.data())
def test_damaged_files_are_read_and_stripped_or_refused(data: st.DataObject) -> None:
    bodies = [svg(body) for body, _ in RENAMED.values()] + [svg(body + BOX) for body in GOES.values()]
    whole = bytearray(data.draw(st.sampled_from(bodies)))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    broken = bytes(whole[: data.draw(st.integers(0, len(whole)))])
    metadata.read(broken, Format.SVG, "x")
    try:
        copy = strip(broken, Format.SVG, Keep()).data
    except PhotoscanError:
        return
    assert strip(copy, Format.SVG, Keep()).data
