"""Which country does a text speak of? From addresses, international prefixes, domains and currencies in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from photoscan.textual.address_clues import clues

_PREFIXES = (
    "MY60 ID62 SG65 BN673 PH63 IN91 BR55 PT351 ES34 MX52 AR54 CO57 CL56 PE51 GB44 IE353 AU61 NZ64 DE49 AT43 CH41 "
    "FR33 BE32 NL31 IT39 PL48 TR90 SE46 NO47 DK45 FI358 JP81 KR82 CN86 HK852 TW886 TH66 VN84 ZA27 AE971"
)
_PREFIX = {row[2:]: row[:2] for row in _PREFIXES.split()}
"""Countries by their international prefix (ITU E.164)."""
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
