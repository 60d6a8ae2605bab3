"""Which country does a text speak of? From addresses, international prefixes, domains and currencies in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from photoscan.textual.address_clues import clues

_PREFIX = {
    "60": "MY", "62": "ID", "65": "SG", "673": "BN", "63": "PH", "91": "IN", "55": "BR", "351": "PT", "34": "ES", "52": "MX", "54": "AR",
    "57": "CO", "56": "CL", "51": "PE", "44": "GB", "353": "IE", "61": "AU", "64": "NZ", "49": "DE", "43": "AT", "41": "CH", "33": "FR",
    "32": "BE", "31": "NL", "39": "IT", "48": "PL", "90": "TR", "46": "SE", "47": "NO", "45": "DK", "358": "FI", "81": "JP", "82": "KR",
    "86": "CN", "852": "HK", "886": "TW", "66": "TH", "84": "VN", "27": "ZA", "971": "AE",
}  # fmt: skip
_DOMAIN = re.compile(r"[a-z\d]\.([a-z]{2})(?![a-z])")
_PLUS = re.compile(r"\+\s?(\d{2,3})")
_CURRENCY = (
    (re.compile(r"\bRM\s?\d"), "MY"),
    (re.compile(r"\bRp\.?\s?\d"), "ID"),
    (re.compile(r"R\$\s?\d"), "BR"),
    (re.compile(r"\bS\$\s?\d"), "SG"),
    (re.compile(r"£\s?\d"), "GB"),
    (re.compile(r"₹\s?\d"), "IN"),
    (re.compile(r"₱\s?\d"), "PH"),
)
_KNOWN = frozenset(_PREFIX.values()) | {"US", "CA"}


def likely_countries(texts: Sequence[str]) -> list[str]:
    """ISO codes of countries that the lines speak for, the likeliest first."""
    votes: Counter[str] = Counter()
    for text in texts:
        for code in _PLUS.findall(text):
            votes.update(c for c in (_PREFIX.get(code), _PREFIX.get(code[:2])) if c)
        for code in _DOMAIN.findall(text.lower()):
            votes.update(c for c in ({"uk": "GB"}.get(code, code.upper()),) if c in _KNOWN)
        votes.update(country for pattern, country in _CURRENCY if pattern.search(text))
        found = clues(text)
        if found.begins or found.postcode_strong:
            votes.update({c for c in found.countries if c in _KNOWN})
    return [code for code, _ in votes.most_common(5)]
