"""How a file says that its picture is to be turned, and the same said again in its copy.

Viewers do not agree on whom they believe: of EXIF's tag browsers take a 16-bit number alone (Exif 3.0, 4.6.5), Pillow
and exiv2 any whole one; where it is missing Adobe's programs, Pillow and exiv2 go by XMP's `tiff:Orientation`, browsers
don't; ImageMagick, Pillow and ExifTool read a PNG's raw profile as well. So the copy says it in the same place, of the
same type: each viewer shows it as it showed the photo.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import Literal

Carrier = Literal["exif", "raw", "xmp"]
WHOLE = {1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4, 13: 4}
"""Types of whole numbers (TIFF 6.0, section 2) and their bytes; all stand in the entry itself."""
_SHORT = 3
_NAME = b"tiff:Orientation"
_FORMS = (b'="', b"='", b">")
MAX_ROWS = 500
MAX_INFLATED = 1 << 20


@dataclass(frozen=True, slots=True)
class Turn:
    """An orientation as EXIF counts them (1..8, 1: none), where it was said, and how it was written: a TIFF type; what
    stands in XMP between name and digit, or a raw profile's name.
    """

    value: int = 1
    kind: int = _SHORT
    carrier: Carrier = "exif"
    form: bytes = _FORMS[0]


class Turns:
    """Gathers what a file says. `chosen`: the first tag of EXIF, else of a raw profile, else XMP's property."""

    def __init__(self) -> None:
        self._said: dict[Carrier, Turn] = {}

    @property
    def chosen(self) -> Turn:
        """What counts; no turn where nothing is said, or nonsense."""
        carriers: tuple[Carrier, ...] = ("exif", "raw", "xmp")
        turn = next((self._said[carrier] for carrier in carriers if carrier in self._said), Turn())
        return turn if 1 <= turn.value <= 8 else Turn()

    def exif(self, tiff: bytes, carrier: Carrier = "exif", again: bool = False, form: bytes = b"") -> None:
        """Take a TIFF structure, with EXIF's six bytes in front or without; `again`: a later one outranks it."""
        if (again or carrier not in self._said) and (turn := _tag(tiff.removeprefix(b"Exif\0\0"), carrier)):
            self._said[carrier] = replace(turn, form=form or turn.form)

    def packed(self, content: bytes, name: bytes) -> None:
        """Take a PNG's raw profile of a name: that and its size, then hexadecimal digits, in lines."""
        lines = content[: 2 * MAX_INFLATED].split(b"\n", 3)
        try:
            self.exif(
                bytes.fromhex(lines[-1].strip(b"\0").decode("ascii")) if len(lines) == 4 else b"", "raw", form=name
            )
        except ValueError:
            return

    def xmp(self, packet: bytes) -> None:
        """Take an XMP packet (ISO 16684-1), as an attribute or as an element."""
        at = packet.find(_NAME)
        while at >= 0 and "xmp" not in self._said:
            behind = packet[at + len(_NAME) : at + len(_NAME) + 3]
            for form in _FORMS:
                if behind.startswith(form) and behind[len(form) : len(form) + 1].isdigit():
                    self._said["xmp"] = Turn(int(behind[len(form) : len(form) + 1]), _SHORT, "xmp", form)
            at = packet.find(_NAME, at + 1)


def _tag(tiff: bytes, carrier: Carrier) -> Turn | None:
    """Orientation of a TIFF structure's first directory; None where there is none."""
    order: Literal["little", "big"] = "little" if tiff[:2] == b"II" else "big"
    if tiff[:2] not in (b"II", b"MM") or len(tiff) < 10:
        return None

    def number(at: int, size: int) -> int:
        return int.from_bytes(tiff[at : at + size], order)

    first = number(4, 4)
    for i in range(min(number(first, 2), MAX_ROWS)):
        at = first + 2 + 12 * i
        kind = number(at + 2, 2)
        if number(at, 2) == 0x0112 and kind in WHOLE and at + 12 <= len(tiff):
            return Turn(number(at + 8, WHOLE[kind]), kind, carrier)
    return None


def entry(turn: Turn) -> bytes:
    """The tag as it stands in a big-endian directory."""
    value = turn.value.to_bytes(WHOLE[turn.kind], "big").ljust(4, b"\0")
    return b"\x01\x12" + turn.kind.to_bytes(2, "big") + b"\0\0\0\1" + value


def exif(turn: Turn) -> bytes:
    """A TIFF structure of 26 bytes that says nothing but the orientation."""
    return b"MM\x00\x2a\x00\x00\x00\x08\x00\x01" + entry(turn) + b"\x00\x00\x00\x00"


def packet(turn: Turn) -> bytes:
    """An XMP packet that says nothing but the orientation."""
    digit = b"%d" % turn.value
    if turn.form == b">":
        said = b"><" + _NAME + b">" + digit + b"</" + _NAME + b"></rdf:Description>"
    else:
        said = b" " + _NAME + turn.form + digit + turn.form[1:] + b"/>"
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"' + said + b"</rdf:RDF></x:xmpmeta>"
    )


def raw_profile(turn: Turn) -> bytes:
    """The content of a PNG text chunk that says it as ImageMagick does."""
    block = b"Exif\0\0" + exif(turn)
    return b"Raw profile type %s\0\n%s\n%8d\n%s\n" % (turn.form, turn.form, len(block), block.hex().encode())


def text(content: bytes, kind: bytes) -> tuple[bytes, bytes]:
    """Keyword and text of a PNG's tEXt, zTXt or iTXt chunk; empty where it can't be unpacked."""
    keyword, _, rest = content.partition(b"\0")
    packed = kind == b"zTXt" or (kind == b"iTXt" and rest[:1] == b"\1")
    if kind == b"zTXt":
        rest = rest[1:]
    elif kind == b"iTXt":
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    if not packed:
        return keyword, rest
    try:
        return keyword, zlib.decompressobj().decompress(rest, MAX_INFLATED)
    except zlib.error:
        return keyword, b""
