"""What a copy says on purpose: the copyright, when the photo was taken, and roughly where.

Everything else that the original said is gone; these few statements are written anew, as EXIF.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from photoscan.clean_phrases import clean_phrase
from photoscan.cleaning.plan import CleanPlan
from photoscan.container import Coarseness
from photoscan.errors import Phrase
from photoscan.metadata import Metadata
from photoscan.metadata.positions import Fix, fixes

DECIMALS: dict[Coarseness, int] = {"city": 1, "country": 0}
"""Decimals of a degree that stay: a tenth is 11 km, a whole one 111 km."""
RADIUS_M: dict[Coarseness, int] = {"city": 8_000, "country": 80_000}
"""How far from a rounded position the photo may have been taken: half the diagonal of a cell at the equator."""
SURE = 0.5
"""Confidence from which a position is one."""
LONGEST = 500
"""Characters of a copyright notice that stay."""
COPYRIGHT = ("Copyright", "dc:rights", "CopyrightNotice", "tiff:Copyright")
TAKEN = ("DateTimeOriginal", "exif:DateTimeOriginal", "CreateDate", "photoshop:DateCreated", "xmp:CreateDate")
_DATE = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?(Z|[-+]\d\d:?\d\d)?")
_ZONE = re.compile(r"[-+]\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Statements:
    """What is kept: `copyright` text, `taken` as EXIF writes it, its `zone` ('+08:00'), a rounded `position`.

    `position`: latitude and longitude in degrees (WGS 84), rounded by `coarseness`. `radius_m`: how far off it may be.
    `sources`: container and field of each entry of the photo that says what is kept; what others say, another time or
    name, is gone.
    """

    copyright: str = ""
    taken: str = ""
    zone: str = ""
    position: tuple[float, float] | None = None
    radius_m: int = 0
    coarseness: Coarseness | None = None
    sources: frozenset[tuple[str, str]] = frozenset()

    @staticmethod
    def of(before: Metadata, plan: CleanPlan) -> Statements:
        """What the plan keeps of what the photo says."""
        said: dict[str, str] = {}
        for entry in before.entries:
            if isinstance(entry.value, (str, bytes)) and entry.text:
                said.setdefault(entry.field, entry.text)
        notice = next((said[f] for f in COPYRIGHT if f in said), "") if "copyright" in plan.keep else ""
        taken, zone = _moment(said) if "date" in plan.keep else ("", "")
        notice = " ".join(notice.split())
        same = [e for e in before.entries if notice and e.field in COPYRIGHT and " ".join(e.text.split()) == notice]
        same += [e for e in before.entries if taken and e.field in TAKEN and _moment({e.field: e.text})[0] == taken]
        position, radius = None, 0
        if plan.coarsen_gps:
            rounded = [(_rounded(fix, DECIMALS[plan.coarsen_gps]), fix.entry) for fix in _stated(before)]
            if rounded:
                position, radius = rounded[0][0], RADIUS_M[plan.coarsen_gps]
                same += [entry for place, entry in rounded if place == position]
        sources = frozenset((entry.container, entry.field) for entry in same)
        coarseness = plan.coarsen_gps if position else None
        return Statements(notice[:LONGEST], taken, zone, position, radius, coarseness, sources)

    def exif(self) -> bytes:
        """A big-endian TIFF structure that says this and nothing else; empty when there is nothing to say."""
        if not (self.copyright or self.taken or self.position):
            return b""
        import piexif

        main: dict[int, object] = {}
        exif: dict[int, object] = {}
        gps: dict[int, object] = {}
        if self.copyright:
            main[piexif.ImageIFD.Copyright] = _text(self.copyright)
        if self.taken:
            exif[piexif.ExifIFD.DateTimeOriginal] = _text(self.taken)
        if self.zone:
            exif[piexif.ExifIFD.OffsetTimeOriginal] = _text(self.zone)
        if self.position is not None:
            latitude, longitude = self.position
            gps[piexif.GPSIFD.GPSVersionID] = (2, 3, 0, 0)
            gps[piexif.GPSIFD.GPSLatitudeRef] = _text("S" if latitude < 0 else "N")
            gps[piexif.GPSIFD.GPSLatitude] = _degrees(latitude)
            gps[piexif.GPSIFD.GPSLongitudeRef] = _text("W" if longitude < 0 else "E")
            gps[piexif.GPSIFD.GPSLongitude] = _degrees(longitude)
            gps[piexif.GPSIFD.GPSHPositioningError] = (self.radius_m, 1)
        return bytes(piexif.dump({"0th": main, "Exif": exif, "GPS": gps})[6:])

    def phrases(self) -> tuple[Phrase, ...]:
        """What stays and why, without the values."""
        rows = (
            (clean_phrase("kept.copyright"), self.copyright),
            (clean_phrase("kept.date"), self.taken),
            (clean_phrase("kept.position", km=self.radius_m // 1000, coarseness=self.coarseness), self.position),
        )
        return tuple(row for row, there in rows if there)


def _stated(before: Metadata) -> list[Fix]:
    """Positions that the file says are some, those of the camera before others: what is unsure is never written."""
    stated = [fix for fix in fixes(before.entries) if fix.confidence >= SURE]
    return sorted(stated, key=lambda fix: fix.entry.field.rpartition(":")[2].casefold() != "gpslatitude")


def _rounded(fix: Fix, decimals: int) -> tuple[float, float]:
    return round(fix.latitude, decimals) + 0.0, round(fix.longitude, decimals) + 0.0


def _moment(said: dict[str, str]) -> tuple[str, str]:
    """When the photo was taken, and its time zone where that is known."""
    for field in TAKEN:
        if match := _DATE.match(said.get(field, "")):
            taken = "{}:{}:{} {}:{}:{}".format(*(part or "00" for part in match.groups()[:6]))
            zone = match[7] or said.get("OffsetTimeOriginal", "")
            zone = "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[-2:]}" if zone else ""
            return taken, zone if _ZONE.fullmatch(zone) else ""
    return "", ""


def _text(value: str) -> bytes:
    """EXIF text with its closing NUL, of even length so that what follows stays aligned."""
    raw = value.encode("utf-8") + b"\0"
    return raw if len(raw) <= 4 or len(raw) % 2 == 0 else raw + b"\0"


def _degrees(value: float) -> tuple[tuple[int, int], ...]:
    return (round(abs(value) * 10), 10), (0, 1), (0, 1)
