"""Masking: enough of a value to recognise one's own, too little to learn somebody else's.

Never more than half of the characters; of a short secret none; of an e-mail the domain; of coordinates two decimals
(about one kilometre).
"""

import re

from photoscan.kind import Kind

HIDDEN = "•"

_SECRET = ("text.secret", "document", "face")
_WORDS = (
    "metadata.datetime",
    "metadata.device",
    "metadata.software",
    "metadata.profile",
    "text.place",
)  # the beginning tells most
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but for the end of a line, what turns the direction of writing, and halves of characters."""
_DECIMAL = re.compile(r"(-?\d+\.\d{2})\d*")


def visible(text: str) -> str:
    """The text with characters that would act on a terminal, or can't be written, as escapes: a photo's names and
    values come from strangers."""
    return _UNSEEN.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def mask(kind: Kind, value: str) -> str:
    """Hide what is personal in a value of that kind."""
    if any(kind.within(prefix) for prefix in _SECRET):
        return HIDDEN * 8
    if kind is Kind.METADATA_GPS:
        return _DECIMAL.sub(r"\1", value)
    if any(kind.within(prefix) for prefix in _WORDS):
        return _keep_start(value)
    if kind is Kind.TEXT_EMAIL and "@" in value:
        local, _, domain = value.rpartition("@")
        return HIDDEN * len(local) + "@" + domain
    return _keep_ends(value)


def _keep_start(value: str) -> str:
    """Show the first half of the letters and digits: the month of a date, the make of a camera."""
    places = [i for i, c in enumerate(value) if c.isalnum()]
    keep = set(places[: len(places) // 2])
    return "".join(HIDDEN if c.isalnum() and i not in keep else c for i, c in enumerate(value))


def _keep_ends(value: str) -> str:
    """Show at most a third of the letters and digits, at both ends; nothing at all of up to four."""
    places = [i for i, c in enumerate(value) if c.isalnum()]
    shown = 0 if len(places) <= 4 else len(places) // 3
    keep = set(places[: (shown + 1) // 2]) | set(places[len(places) - shown // 2 :] if shown > 1 else [])
    return "".join(HIDDEN if c.isalnum() and i not in keep else c for i, c in enumerate(value))
