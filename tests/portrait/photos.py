"""Ten typical photos as their findings: what the golden table tells of."""

from __future__ import annotations

from dataclasses import replace

from photoscan.finding import Finding
from photoscan.report import DetectorOutcome, Report, Status
from photoscan.risk import assess
from tests.risk.reports import ALL_DONE, DEFAULT, finding, made

KAJANG = {"town": "Kajang", "distance_km": 2.4, "country": "Malaysia"}
CUT = (*ALL_DONE[1:], DetectorOutcome(ALL_DONE[0].name, Status.FAILED, "model"))
"""Of a scan in which a detector failed."""


def found(word: str, value: str | None = None, **attributes: object) -> Finding:
    """A finding of 'kind' or 'kind@confidence'."""
    return replace(finding(word), value=value, attributes=attributes)


PHOTOS: dict[str, tuple[Finding, ...]] = {
    "first day at school": (found("face.child"), found("text.school", "SK Taman Melur")),
    "parcel": (
        found("text.person", "Aina Sofea"),
        found("text.address", "12 Jalan Kenari, Kajang", value_city="Kajang", value_street="12 Jalan Kenari"),
        found("text.phone", "+60 12-345 6789", country_code=60),
    ),
    "new car": (found("plate", "BQU 5613"), found("text.house_number", "12"), found("face", None, age_group="adult")),
    "birthday": (
        *(found("face.child") for _ in range(3)),
        found("text.birth_date", "2017-03-14"),
        found("metadata.datetime", "2026-03-14 16:05:00"),
    ),
    "boarding pass": (
        found("code.boarding_pass", "M1SOFEA/AINA E9XK4PT KULSIN"),
        found("text.person", "Aina Sofea"),
        found("metadata.datetime", "2026-07-17"),
    ),
    "cat": (
        found("metadata.gps", "2.993400, 101.787300", **KAJANG),
        found("metadata.device", "Apple iPhone 13"),
        found("metadata.datetime", "2026-07-17 07:10:33"),
    ),
    "desk": (found("text.secret@0.4", "mango#Kite47"), found("text.email", "aina.sofea@gmail.com")),
    "class photo": (
        *(found("face", None, age_group="possible minor") for _ in range(4)),
        *(found("text.person", name) for name in ("Aina Sofea", "Mei Ling", "Arjun Nair", "Nurul Huda")),
        found("text.handle", "@aina.s"),
    ),
    "nothing": (),
    "nothing yet": (),
}


def report(name: str) -> Report:
    """The judged report of one of them."""
    return assess(made(*PHOTOS[name], outcomes=CUT if name == "nothing yet" else ALL_DONE), DEFAULT)
