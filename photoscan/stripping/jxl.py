"""JPEG XL: the boxes of the codestream stay; metadata, and what would restore the JPEG it was made from, go."""

from __future__ import annotations

from photoscan.stripping.base import Keep, Removed, Stripped
from photoscan.stripping.boxes import box, boxes
from photoscan.stripping.turning import Turn

SIGNATURE = b"\0\0\0\x0cJXL \r\n\x87\n"
_FTYP = box(b"ftyp", b"jxl \0\0\0\0jxl ")
_LEVELS = (b"\5", b"\x0a")
_SIGNS = (b"\xff\xd8\xff", b"ftyp", b"Exif\0", b"<?xpacket", b"<x:xmpmeta", b"PK\3\4", b"\x89PNG", b"%PDF")
CLOSING = 48
"""Bytes at the end of a coded picture that are looked at: coded data never are all printable."""
NOTE = "taken_whole"


def strip(data: bytes, keep: Keep) -> Stripped:
    """Rebuild; ValueError when there is no codestream, or something else stands behind it.

    Orientation and colours are part of the codestream.
    """
    if data.startswith(b"\xff\x0a"):
        _refuse_tail(data)
        return Stripped(data, (), (NOTE,))
    out = [SIGNATURE, _FTYP]
    removed: list[Removed] = []
    coded: list[bytes] = []
    end = 0
    for kind, start, body, stop in boxes(data, 0, len(data)):
        content, end = data[body:stop], stop
        if kind == b"jxll" and content in _LEVELS:
            out.append(box(kind, content))
        elif kind in (b"jxlc", b"jxlp"):
            coded.append(box(kind, content))
        elif kind not in (b"JXL ", b"ftyp"):
            removed.append(Removed(f"box {kind.decode('latin-1').strip()}", start, stop - start))
    if not coded:
        raise ValueError("no picture")
    if end < len(data):
        removed.append(Removed("data behind the end of image", end, len(data) - end))
    _refuse_tail(coded[-1])
    if statements := keep.exif(Turn()):
        out.append(box(b"Exif", bytes(4) + statements))
    if keep.xmp:
        out.append(box(b"xml ", keep.xmp))
    return Stripped(b"".join((*out, *coded)), tuple(removed), (NOTE,))


def _refuse_tail(coded: bytes) -> None:
    closing = coded[-CLOSING:]
    if all(32 <= byte < 127 or byte in b"\0\t\r\n" for byte in closing) or any(s in coded[-4096:] for s in _SIGNS):
        raise ValueError("something stands behind the coded picture")
