"""The languages that photoscan speaks: one row each, beside a catalogue of the same name in `locales/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Language:
    """A language with a catalogue.

    `code`: its tag (BCP 47). `name`: as its speakers write it. `singular`: the whole numbers of the plural category
    'one' (CLDR, plural rules); none where the language has no such category. `systems`: how operating systems begin
    its name, in lower case with '_'; a longer one goes before a shorter one. `machine_made`: no speaker has read its
    texts yet; whoever shows them says so (docs/translating.md).
    """

    code: str
    name: str
    singular: tuple[int, ...] = ()
    systems: tuple[str, ...] = ()
    machine_made: bool = False


SOURCE = "en"
"""The language in which texts are written first; others fall back to it."""
_ROWS = (
    Language("en", "English", singular=(1,), systems=("en", "zh_tw", "zh_hk", "zh_mo", "zh_hant")),
    Language("ms", "Bahasa Melayu", systems=("ms", "malay")),
    Language("id", "Bahasa Indonesia", systems=("id", "in", "indonesian")),
    Language("pt-BR", "Português", singular=(0, 1), systems=("pt", "portuguese")),
    Language("zh-Hans", "简体中文", systems=("zh", "chinese (simplified)"), machine_made=True),
    Language("ta", "தமிழ்", singular=(1,), systems=("ta", "tamil"), machine_made=True),
)
"""Who reads traditional characters alone is spoken to in English."""
LANGUAGES: Mapping[str, Language] = MappingProxyType({row.code: row for row in _ROWS})
"""By code, in the order in which they are offered."""
CODES = tuple(LANGUAGES)
_SYSTEMS = {word: row.code for row in _ROWS for word in row.systems}


def spoken(tag: str) -> str | None:
    """The code of the language that a tag names ('pt_BR', 'zh-Hans-MY', 'Indonesian_Indonesia'); None for another."""
    parts = tag.lower().replace("-", "_").split("_")
    heads = ("_".join(parts[:count]) for count in range(min(len(parts), 3), 0, -1))
    return next((_SYSTEMS[head] for head in heads if head in _SYSTEMS), None)
