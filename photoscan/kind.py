"""What a finding can be: the closed list of kinds (version 1) and their cards of data.

Kinds are dotted, so that a prefix ('metadata', 'text.national_id') names a family. What else is to be known of each
is its card of data (`rules/kinds.toml`); their texts are in `locales/`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache
from importlib import resources

from photoscan.errors import UsageError


class Severity(IntEnum):
    """How much harm one finding of a kind can do by itself, ordered."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The lower-case word used in reports and policies."""
        return self.name.lower()

    @staticmethod
    def parse(word: str) -> Severity:
        """The severity for a word such as 'high'; UsageError for any other word."""
        try:
            return Severity[word.upper()]
        except KeyError:
            known = ", ".join(severity.label for severity in Severity)
            raise UsageError("problem.severity", word=word, known=known) from None


class Kind(StrEnum):
    """Every kind of finding. Adding one needs a row in rules/kinds.toml and texts in each locale."""

    METADATA_GPS = "metadata.gps"
    METADATA_PLACE = "metadata.place"
    METADATA_PERSON = "metadata.person"
    METADATA_SERIAL = "metadata.serial"
    METADATA_DATETIME = "metadata.datetime"
    METADATA_DEVICE = "metadata.device"
    METADATA_SOFTWARE = "metadata.software"
    METADATA_COMMENT = "metadata.comment"
    METADATA_THUMBNAIL = "metadata.thumbnail"
    METADATA_SHADOW_IMAGE = "metadata.shadow_image"
    METADATA_MOTION = "metadata.motion"
    METADATA_TRAILING = "metadata.trailing"
    METADATA_PROVENANCE = "metadata.provenance"
    METADATA_PROFILE = "metadata.profile"
    METADATA_UNKNOWN = "metadata.unknown"
    METADATA_FILENAME = "metadata.filename"
    FACE = "face"
    FACE_CHILD = "face.child"
    FACE_KNOWN = "face.known"
    PLATE = "plate"
    TEXT_ADDRESS = "text.address"
    TEXT_STREET = "text.street"
    TEXT_HOUSE_NUMBER = "text.house_number"
    TEXT_PLACE = "text.place"
    TEXT_SCHOOL = "text.school"
    TEXT_PHONE = "text.phone"
    TEXT_EMAIL = "text.email"
    TEXT_NATIONAL_ID = "text.national_id"
    TEXT_PASSPORT = "text.passport"
    TEXT_PAYMENT_CARD = "text.payment_card"
    TEXT_BANK_ACCOUNT = "text.bank_account"
    TEXT_BIRTH_DATE = "text.birth_date"
    TEXT_PERSON = "text.person"
    TEXT_SECRET = "text.secret"
    TEXT_MEDICAL = "text.medical"
    TEXT_TRACKING = "text.tracking"
    TEXT_URL = "text.url"
    TEXT_HANDLE = "text.handle"
    CODE_QR = "code.qr"
    CODE_BARCODE = "code.barcode"
    CODE_BOARDING_PASS = "code.boarding_pass"
    DOCUMENT_ID_CARD = "document.id_card"
    DOCUMENT_PASSPORT = "document.passport"
    DOCUMENT_DRIVING_LICENCE = "document.driving_licence"
    DOCUMENT_PAYMENT_CARD = "document.payment_card"
    DOCUMENT_BOARDING_PASS = "document.boarding_pass"

    @property
    def severity(self) -> Severity:
        """The kind's own severity; a detector may raise or lower it for one finding."""
        return _cards()[self].severity

    @property
    def mask(self) -> str:
        """The name of the method by which values of this kind are masked (`photoscan.masking.METHODS`)."""
        return _cards()[self].mask

    def within(self, prefix: str) -> bool:
        """Whether this kind is `prefix` or lies below it: 'text.address' is within 'text'."""
        return self == prefix or self.startswith(prefix + ".")


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a kind beside its name: the harm that one finding can do, and how its values are masked."""

    severity: Severity
    mask: str


@cache
def _cards() -> dict[Kind, Card]:
    return cards(resources.files("photoscan").joinpath("rules/kinds.toml").read_text("utf-8"))


def cards(text: str) -> dict[Kind, Card]:
    """The card of each kind from TOML; ValueError for a kind without a whole row, or a row without a kind."""
    rows = tomllib.loads(text)["kinds"]
    if set(rows) != set(Kind):
        raise ValueError(f"rules/kinds.toml: rows and kinds differ in {sorted(set(rows) ^ set(Kind))}")
    wrong = sorted(name for name, row in rows.items() if set(row) != {"severity", "mask"})
    if wrong:
        raise ValueError(f"rules/kinds.toml: 'severity' and 'mask' are asked for in each row, so in {wrong}")
    return {Kind(name): Card(Severity.parse(row["severity"]), row["mask"]) for name, row in rows.items()}


def check_prefix(prefix: str) -> str:
    """Give back a dotted prefix that names at least one kind.

    Raises UsageError for one that names none.
    """
    if not any(kind.within(prefix) for kind in Kind):
        families = ", ".join(sorted({kind.value.split(".")[0] for kind in Kind}))
        raise UsageError("problem.kind", word=prefix, families=families)
    return prefix
