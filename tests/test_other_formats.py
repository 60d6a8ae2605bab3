"""A file that is no photo of ours is refused by the name of what it is."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from photoscan import Photo
from photoscan.errors import UnsupportedFormatError
from photoscan.formats import Format, detect
from photoscan.other_formats import named
from tests.cleaning import samples as s
from tests.metadata import containers as c


def coded(name: str, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (16, 16), 200).save(out, name)
    return out.getvalue()


def ftyp(*brands: bytes) -> bytes:
    return c.box(b"ftyp", brands[0] + bytes(4) + b"".join(brands)) + bytes(64)


NAMED = {
    "Photoshop (PSD)": b"8BPS\0\1" + bytes(20), "TGA": coded("TGA"), "PCX": coded("PCX"), "PNM": coded("PPM"),
    "Windows icon (ICO)": coded("ICO"), "DDS": coded("DDS"), "Apple icon (ICNS)": b"icns" + bytes(20),
    "QOI": b"qoif" + bytes(20), "OpenEXR": b"\x76\x2f\x31\x01\2\0\0\0", "Radiance HDR": b"#?RADIANCE\nFORMAT=x\n",
    "JPEG XR": b"II\xbc\1" + bytes(20), "Windows cursor (CUR)": b"\0\0\2\0\1\0" + bytes(20), "SGI": coded("SGI"),
    "GIMP (XCF)": b"gimp xcf v011", "FITS": b"SIMPLE  =                    T", "BPG": b"BPG\xfb" + bytes(20),
    "DICOM": bytes(128) + b"DICM" + bytes(40), "HEIF (mini)": ftyp(b"mif3", b"avif"),
    "HEIF": ftyp(b"1pic"), "Microsoft MDI": b"EP*\0" + bytes(9),
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n", "DjVu": b"AT&TFORM\0\0\0\0DJVU",
    "Sun raster": b"\x59\xa6\x6a\x95" + bytes(28),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(NAMED) - {"HEIF (mini)"}))
def test_a_refusal_names_the_format_and_the_way_out(name: str) -> None:
    assert named(NAMED[name]) == name
    with pytest.raises(UnsupportedFormatError) as caught:
        Photo.open(NAMED[name], name="picture")
    for language in ("en", "ms", "id", "pt-BR"):
        assert name in caught.value.text(language)
        assert "JPEG" in caught.value.text(language)


@pytest.mark.parametrize("data", [
    b"", bytes(64), b"hello", b"Print this\n", b"P4tch notes", b"P7 is not here", b"\x0aline", bytes(18) + b"\x01",
    s.coded("TIFF", s.small()), s.coded("JPEG", s.small()), s.coded("PNG", s.small()), b"\0\0\1\xba" + bytes(40),
    struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 9, 9, 9, 0, 0, 16, 16, 24, 0),
])  # fmt: skip
def test_what_has_no_such_name(data: bytes) -> None:
    assert named(data) in ("", "PNM") if data.startswith(b"P7 ") else not named(data)


@pytest.mark.parametrize("brand", [
    b"heim", b"heis", b"hevm", b"hevs", b"mif2", b"msf1", b"miaf", b"jpeg", b"avci", b"vvic", b"unif", b"MiHB",
])  # fmt: skip
def test_heif_of_any_coding_is_no_video(brand: bytes) -> None:
    assert detect(ftyp(brand)) is Format.HEIC


@pytest.mark.parametrize("brand", [b"avif", b"avis", b"avio", b"MA1A", b"MA1B"])
def test_avif_by_any_brand(brand: bytes) -> None:
    assert detect(ftyp(brand)) is Format.AVIF


def test_the_picture_tells_where_the_brands_do_not() -> None:
    data = s.coded("AVIF", s.small())
    assert detect(data.replace(b"avif", b"mif1", 2).replace(b"MA1B", b"mif1")) is Format.AVIF


@pytest.mark.parametrize("brand", [b"qt  ", b"mp42", b"isom", b"M4V "])
def test_a_film_stays_one(brand: bytes) -> None:
    assert detect(ftyp(brand)) in (Format.MOV, Format.MP4)


def test_the_short_form_of_heif_has_its_name() -> None:
    assert named(NAMED["HEIF (mini)"]) == "HEIF (mini)"
    with pytest.raises(UnsupportedFormatError, match=r"HEIF \(mini\)"):
        Photo.open(ftyp(b"mif3"))
