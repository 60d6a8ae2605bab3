"""Codes: of what sort a payload is, with the name of the network or service; never what it lets somebody do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from photoscan.masking import links, places
from photoscan.masking.known import known
from photoscan.masking.marks import Parts, hidden, share, words
from photoscan.patterns import pattern

_SSID = 32
"""Bytes of a network's name at most (IEEE 802.11); a longer one is something else."""
_SITE = 40
_DIGITS = pattern(r"(?:\d[ -]?){6}\d")
"""As many digits may be somebody's telephone number."""


def code(value: str, parts: Parts) -> str:
    """'wifi: RumahKita', 'payment: PIX', 'link: drive.google.com'; the length where the sort is not known."""
    sort = str(parts.get("payload") or "")
    if sort not in SORTS:
        return hidden(len(value))
    shown = SORTS[sort](value, parts)
    name = sort.replace("_", " ")
    return f"{name}: {shown}" if shown else name


def _alone(value: str, parts: Parts) -> str:
    return ""


def _network(value: str, parts: Parts) -> str:
    """The network's name, unless a part of it stands elsewhere in the code, or it is called after a person's phone."""
    name = str(parts.get("value_network") or "")
    rest = re.sub(r"(?i)^\s*wifi:", "", value).replace(name, " ", 1)
    return name if len(name.encode("utf-8", "replace")) <= _SSID and _impersonal(name) and not share(name, rest) else ""


def _issuer(value: str, parts: Parts) -> str:
    """The site whose account it is, unless the account's name or the secret says the same."""
    name = str(parts.get("value_issuer") or "")
    account = str(parts.get("value_account") or "").removeprefix(f"{name}:")
    if len(name) > _SITE or not _impersonal(name) or share(name, account + " " + str(parts.get("value_secret") or "")):
        return ""
    return name


def _impersonal(name: str) -> bool:
    words = {word.strip("()[],;:").casefold() for word in re.split(r"[\s_'’-]+", name)}
    personal = bool(words & known().phones) or "@" in name or "://" in name or bool(_DIGITS.search(name))
    return bool(name.strip()) and not personal and name.isprintable()


def _scheme(value: str, parts: Parts) -> str:
    """PIX, SEPA, WhatsApp, Matter: what the reader of codes calls it, no text of the code."""
    return str(parts.get("scheme") or "")


def _point(value: str, parts: Parts) -> str:
    found = re.match(r"[-+]?\d{1,3}(?:\.\d+)?,[-+]?\d{1,3}(?:\.\d+)?(?=[,;?]|$)", str(parts.get("value_place") or ""))
    return places.coordinates(found[0].replace(",", ", "), parts) if found else ""


def _mail(value: str, parts: Parts) -> str:
    address = str(parts.get("value_email") or "")
    return links.mail(address, parts) if links.mail(address, parts) != hidden(len(address)) else ""


def _host(value: str, parts: Parts) -> str:
    return links.service(value) or ""


def _length(value: str, parts: Parts) -> str:
    return hidden(len(value))


SORTS: Mapping[str, Callable[[str, Parts], str]] = MappingProxyType(
    {
        "wifi": _network,
        "authenticator": _issuer,
        "log_in": _scheme,
        "esim": _alone,
        "device_setup": _scheme,
        "payment": _scheme,
        "invoice": _scheme,
        "place": _point,
        "email": _mail,
        "invitation": _scheme,
        "check_in": _scheme,
        "link": _host,
        "url": _host,
        "contact": _alone,
        "phone": _alone,
        "boarding_pass": _alone,
        "driving_licence": _alone,
        "identity": _alone,
        "health_certificate": _alone,
        "event": _alone,
        "product": _alone,
        "text": words,
        "number": _length,
    }
)
"""What is shown beside the sort of each payload that is known (`textual/payloads.py`)."""
