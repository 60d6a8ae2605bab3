"""What the file says in so many words: names, places, serial numbers, times, devices, software, comments.

Which field says what is data: `rules/metadata_harm.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from photoscan.detectors.base import Detector, Input
from photoscan.detectors.metadata_values import place, said, where
from photoscan.finding import Finding
from photoscan.kind import Kind
from photoscan.metadata import Entry, Role
from photoscan.metadata.naming import field_rules
from photoscan.metadata.positions import says_only_where
from photoscan.metadata.telling import meaning, settled
from photoscan.patterns import pattern
from photoscan.views import Views

ACCOUNT = 0.75
"""Confidence that a user's folder is called after the user."""


class _Statements(Detector):
    """Findings of one kind from all the fields that say it."""

    source: ClassVar[Input] = "metadata"
    kind: ClassVar[Kind]

    def find(self, views: Views) -> Iterable[Finding]:
        """One finding for each different value."""
        yield from self.said(self.entries(views))

    def entries(self, views: Views) -> list[Entry]:
        """The entries that speak of this kind."""
        return [e for e in views.metadata.entries if e.role is Role.TAG and classify(e) is self.kind]

    def said(self, entries: Sequence[Entry], **how: Any) -> Iterable[Finding]:
        """The findings for entries."""
        return said(entries, self.kind, self.name, where, **how)


class NameDetector(_Statements):
    """Authors, owners, people who were tagged, and the account names in paths of files."""

    name = "metadata.names"
    kind = Kind.METADATA_PERSON
    kinds = (Kind.METADATA_PERSON,)

    def find(self, views: Views) -> Iterable[Finding]:
        """One finding for each name."""
        found = list(self.said(self.entries(views), about=_in_the_picture))
        known = {(f.value or "").casefold() for f in found}
        yield from found
        for entry in views.metadata.entries:
            if entry.role is not Role.TAG or not isinstance(entry.value, (str, bytes)):
                continue
            for match in _USER_FOLDER.finditer(entry.text):
                account = match[1]
                if account.casefold() not in known | _SHARED_FOLDERS:
                    known.add(account.casefold())
                    reason = f"the name of a user's folder in {where(entry)}"
                    yield Finding(self.kind, ACCOUNT, place(entry), self.name, reason, account)


_REGION_NAMES = frozenset(
    f"{prefix}:{name}"
    for prefix, name in (
        ("mwg-rs", "name"), ("mpreg", "persondisplayname"), ("mpreg", "personemaildigest"), ("mpreg", "personlivecid"),
        ("acdsee-rs", "name"), ("apple-fi", "name"),
    )
)  # fmt: skip
"""Names of regions, beside which a rectangle stands: Metadata Working Group 2.0, 5.9; Microsoft's People Tagging."""


def _in_the_picture(copies: Sequence[Entry]) -> Mapping[str, Any]:
    """That a name is that of a region: who is where in the picture."""
    region = any(copy.field.casefold() in _REGION_NAMES for copy in copies)
    return {"tells": "a region of the picture with a name"} if region else {}


class PlaceDetector(_Statements):
    """Places written out: city, street, country. Attribute `value_city` or `value_country` of a town or country that
    is one by our own lists."""

    name = "metadata.places"
    kind = Kind.METADATA_PLACE
    kinds = (Kind.METADATA_PLACE,)

    def find(self, views: Views) -> Iterable[Finding]:
        """One finding for each different value."""
        yield from self.said(self.entries(views), about=_large_place)


class SerialDetector(_Statements):
    """Serial numbers: they tie together all the photos of one device."""

    name = "metadata.serials"
    kind = Kind.METADATA_SERIAL
    kinds = (Kind.METADATA_SERIAL,)


class IdentifierDetector(_Statements):
    """Numbers of one photo or document: they tell that two files come from one original."""

    name = "metadata.identifiers"
    kind = Kind.METADATA_IDENTIFIER
    kinds = (Kind.METADATA_IDENTIFIER,)

    def find(self, views: Views) -> Iterable[Finding]:
        """One finding for each; attribute `film_beside`, true, of a Live Photo whose film lies beside it."""
        yield from self.said(self.entries(views), about=lambda copies: _film(copies[0], views.photo.path))


class TimeDetector(_Statements):
    """When the photo was taken or edited; the same moment in several notations is one finding."""

    name = "metadata.times"
    kind = Kind.METADATA_DATETIME
    kinds = (Kind.METADATA_DATETIME,)

    def find(self, views: Views) -> Iterable[Finding]:
        """One finding for each moment; attribute `time_zone` where it is known."""
        zones = {
            (e.container, _ZONED[e.field]): e.text
            for e in views.metadata.entries
            if e.field in _ZONED and _OFFSET.fullmatch(e.text)
        }

        def zone(copies: Sequence[Entry]) -> Mapping[str, Any]:
            for entry in copies:
                if known := zones.get((entry.container, entry.field)) or _zone(entry.text):
                    return {"time_zone": known}
            return {}

        entries = self.entries(views)
        full = {key[:8] for key in map(_moment, entries) if len(key) > 8 and key.isdigit()}
        # A day without a time says nothing that a moment on that day does not say.
        entries = [e for e in entries if not (len(_moment(e)) == 8 and _moment(e) in full)]
        yield from self.said([e for e in entries if _happened(e.text)], key=_moment, about=zone)


class DeviceDetector(_Statements):
    """Make, model and lens."""

    name = "metadata.devices"
    kind = Kind.METADATA_DEVICE
    kinds = (Kind.METADATA_DEVICE,)


class SoftwareDetector(_Statements):
    """What the photo was edited with."""

    name = "metadata.software"
    kind = Kind.METADATA_SOFTWARE
    kinds = (Kind.METADATA_SOFTWARE,)


class CommentDetector(_Statements):
    """Free text: comments, titles, keywords, prompts, and every field that no rule knows."""

    name = "metadata.comments"
    kind = Kind.METADATA_COMMENT
    kinds = (Kind.METADATA_COMMENT,)

    def find(self, views: Views) -> Iterable[Finding]:
        """One finding for each text; attribute `tells` for prompts of picture generators and paths of files."""
        entries = [e for e in self.entries(views) if not _says_nothing(e)]
        yield from self.said(entries, about=_tells, lesser=_is_a_name_of_a_file)


def classify(entry: Entry) -> Kind | None:
    """The kind that a field speaks of; None when it tells nothing, or nothing but coordinates (`GpsDetector`)."""
    kind = meaning(entry)
    if kind is None or (kind in _FREE and says_only_where(entry)):
        return None
    return settled(kind, entry)


_FREE = (Kind.METADATA_COMMENT, Kind.METADATA_PLACE)
"""Kinds of fields in which people and programs write positions, of which `GpsDetector` tells."""


def _film(entry: Entry, path: Path | None) -> Mapping[str, Any]:
    """Whether the film of a Live Photo lies beside it."""
    if entry.field != "ContentIdentifier" or path is None:
        return {}
    from photoscan.metadata import pairs

    return {"film_beside": True} if pairs.film_of(path, entry.text) else {}


def _large_place(copies: Sequence[Entry]) -> Mapping[str, Any]:
    """The value as a part of its own where it is the name of a town or country, in a field for such."""
    from photoscan.metadata.gazetteer import countries
    from photoscan.textual.places import is_town
    from photoscan.textual.words import fold

    field = copies[0].field.rpartition(":")[2].casefold()
    value = copies[0].text
    if field in _CITIES and is_town(fold(value)):
        return {"value_city": value}
    if field in _COUNTRIES and value.casefold() in {name.casefold() for name in countries().values()}:
        return {"value_country": value}
    return {}


_CITIES = frozenset(("city", "ciadrcity"))
_COUNTRIES = frozenset(("country", "countryname", "ciadrctry"))
_ZONED = {
    "OffsetTime": "ModifyDate",
    "OffsetTimeOriginal": "DateTimeOriginal",
    "OffsetTimeDigitized": "CreateDate",
}
_DATE = pattern(r"(\d{4})[:\-/.]?(\d\d)[:\-/.]?(\d\d)(?:[T\s_]+(\d\d):?(\d\d)(?::?(\d\d))?)?")
_OFFSET = pattern(r"Z|[-+]\d\d:?\d\d")
_ZONE = pattern(r"\d\d:?\d\d(?::?\d\d)?(?:\.\d+)?(Z|[-+]\d\d:?\d\d)$")


def _moment(entry: Entry) -> str:
    """Digits of date and time, so that notations can be compared; the text itself where there is no date."""
    match = _DATE.search(entry.text)
    return "".join(part for part in match.groups() if part) if match else entry.text.casefold()


def _zone(written: str) -> str | None:
    match = _ZONE.search(written)
    return match[1] if match else None


def _happened(written: str) -> bool:
    """Not the zeros and blanks that a device without a clock writes."""
    return any(c in "123456789" for c in written)


_USER_FOLDER = pattern(
    r"(?i)(?:[a-z]:[\\/]users[\\/]|/users/|/home/|\\documents and settings\\)([^\\/:\"'<>|\s]{2,40})(?=[\\/])"
)
_SHARED_FOLDERS = frozenset(
    ("public", "shared", "default", "user", "users", "root", "admin", "administrator", "runner", "all users", "guest")
)
_PATH = pattern(r"(?i)(?:[a-z]:\\|/users/|/home/|/volumes/|/mnt/|/media/|file:/|\\\\)\S")
_PROMPTS = frozenset(
    (
        "parameters",
        "prompt",
        "workflow",
        "dream",
        "sd-metadata",
        "invokeai_metadata",
        "invokeai_graph",
        "generation_data",
    )
)


def _tells(copies: Sequence[Entry]) -> Mapping[str, Any]:
    first = copies[0]
    if first.field.casefold() in _PROMPTS:
        return {"tells": "prompt of a picture generator"}
    if _PATH.search(first.text):
        return {"tells": "path of a file"}
    return {}


_NAMED = frozenset(("sliceinfo", "documentname", "xmpmm:preservedfilename", "sodipodi:docname", "relatedsoundfile"))
"""Fields for the name of the document: a program fills them by itself, and they tell what the photo's own name may."""
_TWO_NAMES = pattern(r"[^\W\d_][^\W\d_]+[ _.-]+[A-Z][a-z]+")


def _is_a_name_of_a_file(entry: Entry) -> bool:
    """Whether a text is the name of a document, in which there is neither a folder nor, perhaps, somebody's name."""
    named = entry.field.casefold() in _NAMED
    return named and not _PATH.search(entry.words) and not _TWO_NAMES.search(entry.words)


_PLAIN = pattern(r"(?i)[-+]?[\d.,/ ]{1,12}|true|false|none|yes|no|on|off|auto|normal|standard|default|[()\d., ]{1,40}")


def _says_nothing(entry: Entry) -> bool:
    """Short numbers and switches in fields that no rule knows."""
    return entry.field.casefold() not in field_rules()[0] and bool(_PLAIN.fullmatch(entry.words))
