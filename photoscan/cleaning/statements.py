"""What a copy says on purpose: the copyright, when the photo was taken, and roughly where.

Everything else that the original said is gone; these few statements are written anew, as EXIF. What a plan keeps by
groups is `retold.py`'s.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from dataclasses import field as attribute

from photoscan.clean_phrases import clean_phrase
from photoscan.cleaning import losses, retold_exif
from photoscan.cleaning.plan import CleanPlan
from photoscan.cleaning.retold import Retold, retell
from photoscan.container import Coarseness
from photoscan.errors import Phrase
from photoscan.formats import Format
from photoscan.kind import Kind
from photoscan.metadata import Metadata
from photoscan.metadata.positions import Fix, fixes
from photoscan.patterns import pattern
from photoscan.stripping.tiff_directory import Value

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
_DATE = pattern(r"(\d{4})[:-](\d\d)[:-](\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?(Z|[-+]\d\d:?\d\d)?")
_ZONE = pattern(r"[-+]\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Statements:
    """What is kept: `copyright` text, `taken` as EXIF writes it, its `zone` ('+08:00'), a rounded `position`.

    `position`: latitude and longitude in degrees (WGS 84), rounded by `coarseness`. `radius_m`: how far off it may be.
    `sources`: container and field of each entry of the photo that says what is kept; what others say, another time or
    name, is gone. `told`: what stays by groups.
    """

    copyright: str = ""
    taken: str = ""
    zone: str = ""
    position: tuple[float, float] | None = None
    radius_m: int = 0
    coarseness: Coarseness | None = None
    sources: frozenset[tuple[str, str]] = frozenset()
    told: Retold = attribute(default_factory=Retold)

    @staticmethod
    def of(before: Metadata, plan: CleanPlan, format_: Format) -> Statements:
        """What the plan keeps of what the photo says, in a copy of that format."""
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
        told = _told(before, plan, format_)
        sources = frozenset((entry.container, entry.field) for entry in same)
        sources |= {(container, name) for container, name, _ in told.sources}
        coarseness = plan.coarsen_gps if position else None
        return Statements(notice[:LONGEST], taken, zone, position, radius, coarseness, sources, told)

    def exif(self) -> bytes:
        """A big-endian TIFF structure that says this and nothing else; empty when there is nothing to say."""
        main, exif, gps = (dict(self.told.exif.get(name, {})) for name in ("image", "exif", "gps"))
        if self.copyright:
            main.setdefault(_COPYRIGHT, retold_exif.text(self.copyright))
        if self.taken:
            exif.setdefault(_TAKEN, retold_exif.text(self.taken))
        if self.zone:
            exif.setdefault(_ZONE_TAKEN, retold_exif.text(self.zone))
        if self.position is not None:
            gps = _coarse(*self.position, self.radius_m)
        return retold_exif.file({"image": main, "exif": exif, "gps": gps})

    def phrases(self) -> tuple[Phrase, ...]:
        """What stays and why, without the values."""
        rows = (
            (clean_phrase("kept.copyright"), self.copyright),
            (clean_phrase("kept.date"), self.taken),
            (clean_phrase("kept.position", km=self.radius_m // 1000, coarseness=self.coarseness), self.position),
        )
        told = (clean_phrase(f"kept.{topic}", fields=count) for topic, count in self.told.counts)
        return (*(row for row, there in rows if there), *told)


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


_COPYRIGHT, _TAKEN, _ZONE_TAKEN = 0x8298, 0x9003, 0x9011


def _told(before: Metadata, plan: CleanPlan, format_: Format) -> Retold:
    """What stays by groups. A JPEG with a gain map has that map's packet in the place of its own."""
    ways = format_.row.states
    if format_ is Format.JPEG and "gain-map" in plan.keep and losses.holds_gain_map(before):
        ways = ways - {"xmp"}
    return retell(before, plan.topics, ways, "projection" in plan.keep, Kind.METADATA_COMMENT.value in plan.remove)


def _coarse(latitude: float, longitude: float, radius_m: int) -> dict[int, Value]:
    """The GPS directory of a rounded position (EXIF 3.0, 4.6.6)."""
    return {
        0: Value(1, bytes((2, 3, 0, 0))),
        1: retold_exif.text("S" if latitude < 0 else "N"),
        2: _degrees(latitude),
        3: retold_exif.text("W" if longitude < 0 else "E"),
        4: _degrees(longitude),
        31: Value(5, struct.pack(">II", radius_m, 1)),
    }


def _degrees(value: float) -> Value:
    return Value(5, struct.pack(">6I", round(abs(value) * 10), 10, 0, 1, 0, 1))
