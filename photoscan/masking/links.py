"""Mail addresses and links: their domain, where it is a service's that millions use.

Any other domain may be a person's own, or a school's or an employer's, and nothing in its letters tells which.
What is shown is copied from our own list, never from the value.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from photoscan.masking.known import known
from photoscan.masking.marks import HIDDEN, Parts, hidden

_REST = HIDDEN * 3
_LONGEST = 254
"""Characters of a host's name at most, with the last dot (RFC 1035)."""


def mail(value: str, parts: Parts) -> str:
    """'••••@gmail.com'; of an address at any other domain its length."""
    local, at, domain = value.rpartition("@")
    listed = domain.strip().casefold()
    return f"{hidden(len(local))}@{listed}" if at and listed in known().mail else hidden(len(value))


def link(value: str, parts: Parts) -> str:
    """The service's host alone: 'drive.google.com/•••', 'blogspot.com/•••' of somebody's blog there."""
    if host := service(value):
        return f"{host}/{_REST}"
    return hidden(len(value))


def service(value: str) -> str | None:
    """The longest name in the list of services under which a link's host lies; None for any other host."""
    text = value.strip()
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        return None
    if len(host) > _LONGEST:
        return None
    labels = host.rstrip(".").casefold().split(".")
    endings = (".".join(labels[i:]) for i in range(len(labels) - 1))
    return next((ending for ending in endings if ending in known().hosts), None)
