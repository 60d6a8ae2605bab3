"""XMP in every encoding and form that writers use says the same."""

from __future__ import annotations

import pytest

from photoscan import metadata
from photoscan.formats import Format
from tests.metadata import containers as c

HEAD = b"http://ns.adobe.com/xap/1.0/\0"
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
TIFF, AUX = "http://ns.adobe.com/tiff/1.0/", "http://ns.adobe.com/exif/1.0/aux/"


def packet(inside: str, wrapped: bool = True) -> str:
    body = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {RDF}>{inside}</rdf:RDF></x:xmpmeta>'
    return f'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>{body}<?xpacket end="w"?>' if wrapped else body


def read(raw: bytes, head: bytes = HEAD) -> dict[str, str]:
    entries = metadata.read(c.jpeg(c.segment(0xE1, head + raw)), Format.JPEG, "photo").entries
    return {entry.field: entry.words for entry in entries if entry.container == "jpeg/xmp"}


T, K = f'xmlns:t="{TIFF}"', 'xmlns:k="http://k.example/"'
ARTIST = f'<rdf:Description {T} t:Artist="Zoë Lima"/>'


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("head", [HEAD, b"", b"XMP\0://ns.adobe.com/xap/1.0/\0"])
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b""), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b""),
     ("utf-16-be", b"\xfe\xff"), ("utf-32-le", b""), ("utf-32-le", b"\xff\xfe\0\0"), ("utf-32-be", b"")],
)  # fmt: skip
def test_every_encoding(encoding: str, mark: bytes, head: bytes, wrapped: bool) -> None:
    said = read(mark + packet(ARTIST, wrapped).encode(encoding), head)
    assert said["tiff:Artist"] == "Zoë Lima" if head == HEAD else said["tiff:Artist"].endswith("Lima")
    assert set(said) <= {"tiff:Artist", "text"}
    assert not said.get("text", "").strip()


@pytest.mark.parametrize(
    ("inside", "field", "value"),
    [
        (f'<rdf:Description t:Artist="Rosa Lima" xmlns:t="{TIFF}"/>', "tiff:Artist", "Rosa Lima"),
        (f'<rdf:Description xmlns="{TIFF}"><Artist>Rosa Lima</Artist></rdf:Description>', "tiff:Artist", "Rosa Lima"),
        (f'<rdf:Description xmlns:q="{AUX.rstrip("/")}" q:OwnerName="Rosa Lima"/>', "aux:OwnerName", "Rosa Lima"),
        (f'<rdf:Description xmlns:q="HTTPS{AUX[4:]}" q:OwnerName="Rosa Lima"/>', "aux:OwnerName", "Rosa Lima"),
        ('<rdf:Description Owner="Rosa Lima"/>', "Owner", "Rosa Lima"),
        (
            f'<rdf:Description {K}><k:Owner><rdf:Description k:Name="Rosa"/></k:Owner></rdf:Description>',
            "k:OwnerName",
            "Rosa",
        ),
        (
            f"<rdf:Description {K}><k:Owner><k:name>Rosa</k:name></k:Owner></rdf:Description>",
            "k:OwnerName",
            "Rosa",
        ),
        (
            f'<rdf:Description {K}><k:Owner rdf:resource="mailto:r@lima"/></rdf:Description>',
            "k:Owner",
            "mailto:r@lima",
        ),
        (
            f"<rdf:Description {T}><t:Artist><rdf:Bag><rdf:li>Rosa</rdf:li></rdf:Bag></t:Artist></rdf:Description>",
            "tiff:Artist",
            "Rosa",
        ),
        (f'<rdf:Description {T} t:Artist="Rosa\0 Lima\0"/>', "tiff:Artist", "Rosa  Lima"),
        (
            f"<rdf:Description {T}><t:Artist><![CDATA[Rosa]]></t:Artist></rdf:Description>",
            "tiff:Artist",
            "Rosa",
        ),
        ("<?secret Rosa?>", "declaration", "<?secret Rosa"),
    ],
)
def test_every_form(inside: str, field: str, value: str) -> None:
    assert read(packet(inside).encode())[field] == value


def test_letters_of_an_old_encoding_are_kept() -> None:
    assert read(packet(f'<rdf:Description {T} t:Artist="Zoë"/>').encode("latin-1"))["tiff:Artist"] == "Zoë"


def test_several_packets_in_one_segment() -> None:
    second = packet('<rdf:Description xmlns:d="http://purl.org/dc/elements/1.1/" d:source="IMG"/>')
    said = read((packet(ARTIST) + second).encode())
    assert {"tiff:Artist", "dc:source"} <= set(said)


def test_what_rdf_needs_is_no_statement() -> None:
    inside = '<t:Artist rdf:parseType="Resource" xml:lang="en"/>'
    assert read(packet(f'<rdf:Description rdf:about="" {T}>{inside}</rdf:Description>').encode()) == {}


def test_what_a_packet_is_cut_off_in_is_told_as_far_as_it_goes() -> None:
    whole = packet(ARTIST).encode("utf-16-le")
    for end in range(0, len(whole), 7):
        assert all(len(value) < 500 for value in read(whole[:end]).values())
