"""Words that stand before a telephone number: Malay, Indonesian, Portuguese, English and some others."""

from __future__ import annotations

import re

PHONE_LABEL = re.compile(
    r"(?i)\b(?:tel|telp|tlp|telepon|telefon|phone|ph|mobile|mob|mobil|hp|h/p|no\.? hp|whatsapp|whats|"
    r"zap|wa|call|sms|text|fax|fone|telefone|cel|celular|contact|contacto|contato|hubungi|kontak|tél|téléphone|móvil|handy|cellulare|ring)\b"
    r"|电话|電話|手机|手機|热线|熱線"
)
_NEAR = 14
"""Characters that may stand between such a word and its number: ' no (office): '."""
_RIGHT_BEFORE = re.compile(rf"(?:{PHONE_LABEL.pattern.removeprefix('(?i)')})[^\d]{{0,{_NEAR}}}$", re.IGNORECASE)


def calls(before: str) -> bool:
    """Whether a text ends in a word for telephones, so that the number behind it is one whatever its shape."""
    return _RIGHT_BEFORE.search(before[-40:]) is not None
