"""Whether a text that could stay says in other words what is to go: a position, a day, a name, a number.

Stricter than detectors are: nobody is alarmed here, a text that is in doubt is only not kept.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import unquote

from photoscan.kind import Kind
from photoscan.metadata import Entry
from photoscan.metadata.positions import fixes
from photoscan.patterns import pattern

GPS, PERSON, TIME = Kind.METADATA_GPS.value, Kind.METADATA_PERSON.value, Kind.METADATA_DATETIME.value
SQUASHED = 8
"""Letters and digits from which a value is looked for whatever stands between them."""
MOST = 5_000
"""Values that are looked for; beyond that no text stays."""
_ENCODED = pattern(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_FINE = pattern(r"(?<![\d.,])\d{1,3}[.,]\d{3,}(?![\d.,])")
_CODED_PLACE = pattern(
    r"(?i)\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b|///\w+\.\w+\.\w+|\bgoo\.gl/|\bmaps\."
)
"""Open Location Codes, three words, links to maps."""
_MONTHS = (
    r"(?:jan|feb|mar|mär|mac|apr|abr|may|mai|mei|jun|jul|aug|ago|ogo|sep|set|oct|okt|out|nov|dec|dez|dis|des)"
    r"[a-zç]{0,7}\.?"
)
_DATE = pattern(
    r"(?<!\d)(?:19|20)\d\d([-_./: ]?)(?:0?[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?=\D|[T_]?\d{4,6}(?!\d)|$)"
    r"|(?<!\d)\d{1,2}[-./ ]\d{1,2}[-./ ](?:(?:19|20)\d\d|\d\d)(?!\d)"
    rf"|(?<!\d)\d{{1,2}}(?:st|nd|rd|th|\.)?[\s-]{{0,2}}(?:de |of )?{_MONTHS},?(?: de )?[\s-]{{0,2}}'?\d{{2,4}}(?!\d)"
    rf"|\b{_MONTHS}[\s-]{{0,2}}\d{{1,2}}(?:st|nd|rd|th)?,?\s(?:19|20)\d\d(?!\d)"
    r"|(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])",
    re.IGNORECASE,
)
"""Whole dates in the usual notations, and times of a day."""
_SECONDS = pattern(r"(?<!\d)\d{9,10}(?:\d{3})?(?!\d)")
"""Seconds or milliseconds since 1970."""
_NEAR = 2 * 86_400
_DAY = pattern(r"(\d{4})[:-](\d\d)[:-](\d\d)")
_OWNER = pattern(r"\w['\u2019]s\b|[\w.+-]@[\w-]+\.\w|[\\/](?:users|home|documents and settings)[\\/]", re.IGNORECASE)
"""Somebody's thing, an address, a path with a user's folder."""
_PLAIN = frozenset((
    "copyright", "copyrights", "rights", "reserved", "all", "the", "and", "for", "from", "photo", "photos",
    "photography", "photographer", "image", "images", "picture", "pictures", "camera", "digital", "studio", "studios",
    "company", "limited", "inc", "gmbh", "owner", "user", "unknown",
))  # fmt: skip
"""Words of notices and of trade, which name nobody."""


class Spoken:
    """What is to go of a file, to be looked for in texts. `stay`: topics that stay."""

    def __init__(self, entries: Iterable[Entry], secrets: Iterable[tuple[str, str]], stay: frozenset[str]) -> None:
        rows = list(secrets)
        self.full = len(rows) > MOST
        self.stay = stay
        self.squashed = {text for _, value in rows if len(text := _squashed(value)) >= SQUASHED}
        self.names = {word for topic, value in rows if topic == PERSON for word in _words(value)}
        self.moments = {at for topic, value in rows if topic == TIME for at in _moments(value)}
        self.numbers = set(_coordinates(entries)) if GPS not in stay else set()

    def within(self, text: str) -> bool:
        """Whether a text tells some of it, as it stands or behind percent signs, Base64 or hexadecimal digits."""
        return self.full or any(self._plainly(form) for form in forms(text))

    def _plainly(self, text: str) -> bool:
        if GPS not in self.stay and self._placed(text):
            return True
        if TIME not in self.stay and self._timed(text):
            return True
        if PERSON not in self.stay and self._named(text):
            return True
        squashed = _squashed(text)
        return any(secret in squashed for secret in self.squashed)

    def _placed(self, text: str) -> bool:
        if len(_FINE.findall(text)) > 1 or _CODED_PLACE.search(text):
            return True
        digits = text.replace(",", ".")
        # Also without the point, as in millionths of a degree.
        return any(
            re.search(rf"(?<!\d){re.escape(number)}|(?<!\d){number.replace('.', '')}\d{{2,}}", digits)
            for number in self.numbers
        )

    def _timed(self, text: str) -> bool:
        if _DATE.search(text):
            return True
        seconds = [int(match[0][:10]) for match in _SECONDS.finditer(text)]
        return any(abs(second - moment) < _NEAR for second in seconds for moment in self.moments)

    def _named(self, text: str) -> bool:
        low = text.casefold()
        return _OWNER.search(text) is not None or any(
            name in low if len(name) > 3 else re.search(rf"\b{re.escape(name)}\b", low) for name in self.names
        )


def forms(text: str) -> Iterator[str]:
    """The text, and what it says where it is encoded."""
    yield text
    if "%" in text and (plain := unquote(text)) != text:
        yield plain
    for match in list(_ENCODED.finditer(text))[:100]:
        for raw in _decoded(match[0]):
            if raw.isascii() and (said := raw.decode("ascii")).isprintable():
                yield said


def _decoded(word: str) -> Iterator[bytes]:
    bare = word.rstrip("=")
    with suppress(binascii.Error, ValueError):
        yield base64.urlsafe_b64decode(bare.replace("+", "-").replace("/", "_") + "=" * (-len(bare) % 4))
    with suppress(ValueError):
        yield bytes.fromhex(bare)


def _squashed(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _words(value: str) -> Iterator[str]:
    """The words of a name that could be told by themselves."""
    for word in re.findall(r"[^\W\d_]{3,}", value.casefold()):
        if word not in _PLAIN:
            yield word


def _moments(value: str) -> Iterator[float]:
    """Midday of each day that a value names, in seconds since 1970."""
    for match in _DAY.finditer(value):
        with suppress(ValueError):
            year, month, day = map(int, match.groups())
            yield datetime(year, month, day, 12, tzinfo=UTC).timestamp()


def _coordinates(entries: Iterable[Entry]) -> Iterator[str]:
    """Latitudes and longitudes of a file with three decimals, rounded and cut."""
    for fix in fixes(tuple(entries)):
        for degrees in (abs(fix.latitude), abs(fix.longitude)):
            yield f"{degrees:.3f}"
            yield f"{int(degrees * 1000) / 1000:.3f}"
