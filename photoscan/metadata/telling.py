"""Names of fields that say by themselves what they hold: 'CameraSerialNumber', 'uploaded_by', 'homeaddress'.

Makers name their fields as they like, but mostly in words. The head of a name decides: 'OwnerName' is a name,
'OwnerAppearance' an appearance. The words are data: `telling` in `rules/metadata_harm.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from photoscan.kind import Kind
from photoscan.masking.harmless import says
from photoscan.metadata.entry import Entry
from photoscan.metadata.namespaces import usual
from photoscan.metadata.naming import field_rules, harm_rules
from photoscan.patterns import pattern

LONGEST = 80
"""Characters of a name that is looked at."""
_SHORT = frozenset(("id", "sn", "no", "by", "of"))
_OF, _BY = frozenset(("of", "in", "for", "at", "from")), frozenset(("by",))
_EXIF = ("exif", "exifex", "tiff", "aux")
"""Prefixes under which XMP repeats EXIF's fields."""
_TRACKED = "FBMD"
"""How the number begins by which Facebook follows a picture that was downloaded from there, in IPTC's instructions."""
_NOTHING = frozenset(("true", "false", "yes", "no", "on", "off", "none", "standard", "auto", "normal", "default"))
"""Values of a switch, whatever it switches."""


@dataclass(frozen=True, slots=True)
class _Words:
    """`phrases`: the kind of each run of words; `carriers`: words behind it that leave its meaning; `before`: words
    that stand before it when all is written in one; `technical`: heads of names that tell how a picture is made;
    `positions`: heads of names of angles and positions."""

    phrases: dict[tuple[str, ...], Kind]
    longest: int
    carriers: frozenset[str]
    before: frozenset[str]
    technical: frozenset[str]
    positions: frozenset[str]


def meaning(entry: Entry) -> Kind | None:
    """What a field says: by the standards, by its name, or freely (a comment); None where it tells nothing."""
    fields, silent, prefixes = field_rules()
    prefix, colon, local = entry.field.rpartition(":")
    name = f"{usual(prefix)}{colon}{local}".casefold()
    prefix, _, local = name.rpartition(":")
    names = [name]
    if prefix in _EXIF:
        names.append(local)
    elif entry.container.endswith("/iptc"):
        names.insert(0, f"iptc:{name}")
    if entry.words.startswith(_TRACKED):
        return Kind.METADATA_IDENTIFIER
    for known in names:
        if known in _headings()[0]:
            return _headed(entry.words)
        if kind := fields.get(known):
            return kind
        if known in silent:
            return None
    if kind := kind_of(entry.field, entry.words):
        return kind
    if name.startswith(prefixes) or is_technical(entry.field, entry.words):
        return None
    return Kind.METADATA_COMMENT


_MISTAKEN = (Kind.METADATA_PERSON, Kind.METADATA_COMMENT, Kind.METADATA_SERIAL, Kind.METADATA_IDENTIFIER)
"""Kinds of fields that makers fill with what is of another kind."""


def settled(kind: Kind | None, entry: Entry) -> Kind | None:
    """The kind of what a field of a kind says: another where thousands of files say the same (`masking.harmless`)."""
    return says(kind, entry.words) or kind if kind in _MISTAKEN else kind


def kind_of(field: str, value: str) -> Kind | None:
    """What a field says by its name, where the value can say so; None where the name tells nothing.

    `field` may have the prefix of a namespace.
    """
    name = field.rpartition(":")[2][:LONGEST]
    if _is_position(name):
        return Kind.METADATA_PLACE if sum(map(str.isalpha, _ANGLE.sub("", value))) > 1 else None
    kind = _named(name)
    return kind if kind is not None and _can_say(kind, value) else None


def is_technical(field: str, value: str) -> bool:
    """Whether a field's name ends in a word of rendering or structure, and its value is a single word."""
    if not value or len(value) > 40 or len(value.split()) > 1:
        return False
    prefix, _, name = field.rpartition(":")
    parts = _parts(name[:LONGEST])
    while len(parts) > 1 and parts[-1] in _words().carriers:
        parts.pop()
    return len(parts) > (0 if prefix else 1) and parts[-1] in _words().technical


def _headed(words: str) -> Kind:
    """The kind of a keyword by the first heading above it."""
    heading = _PARTING.split(words.strip("|/\\ "), maxsplit=1)
    if len(heading) > 1:
        for kind, headings in _headings()[1].items():
            if heading[0].strip().casefold() in headings:
                return kind
    return Kind.METADATA_COMMENT


@lru_cache(maxsize=4096)
def _is_position(name: str) -> bool:
    """Whether a name is one of a position: as numbers that is `GpsDetector`'s, as anything else it is a place."""
    parts = _parts(name)
    return bool(parts) and parts[-1] in _words().positions


@lru_cache(maxsize=4096)
def _named(name: str) -> Kind | None:
    parts = _parts(name)
    if any(part in _BY for part in parts[1:]):
        before = parts[: next(at for at, part in enumerate(parts) if at and part in _BY)]
        return Kind.METADATA_PERSON if before[-1].endswith(("ed", "en")) and before[-1] != "powered" else None
    for at, part in enumerate(parts):
        if at and part in _OF:
            return _head(parts[:at]) or (_head(parts[at + 1 :]) if _carried(parts[:at]) else None)
    return _head(parts)


def _head(parts: list[str]) -> Kind | None:
    """The kind of the longest phrase at the end, or before carriers at the end."""
    words = _words()
    end = len(parts)
    while end:
        for size in range(min(words.longest, end), 0, -1):
            if kind := words.phrases.get(tuple(parts[end - size : end])):
                return kind
        if parts[end - 1] not in words.carriers:
            return None
        end -= 1
    return None


def _carried(parts: list[str]) -> bool:
    return all(part in _words().carriers for part in parts)


def _parts(name: str) -> list[str]:
    """The words of a name in small letters, each in the singular, without numbers; what is written in one is parted."""
    found: list[str] = []
    for token in _TOKEN.findall(name):
        token = token.casefold()
        found += [token] if _is_word(token) else _parted(token) or [token]
    return [_singular(part) for part in found]


def _is_word(token: str) -> bool:
    words = _words()
    token = _singular(token)
    return (token,) in words.phrases or token in words.carriers | words.technical | words.positions


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _parted(token: str) -> list[str]:
    """The fewest known words that a token is made of, the first of them no carrier; empty where it is not made so."""
    first, known = _pieces()
    best: dict[int, list[str]] = {0: []}
    for end in range(2, len(token) + 1):
        for start in range(max(0, end - 14), end - 1):
            before = best.get(start)
            if before is None or token[start:end] not in (known if start else first):
                continue
            if end not in best or len(before) + 1 < len(best[end]):
                best[end] = [*before, token[start:end]]
    return best.get(len(token), [])


def _can_say(kind: Kind, value: str) -> bool:
    """Whether a value can be what its field is called after: names have letters, serial numbers digits."""
    plain = value.strip().casefold()
    if plain in _NOTHING:
        return False
    letters, digits = sum(map(str.isalpha, plain)), sum(map(str.isdigit, plain))
    if kind is Kind.METADATA_SERIAL or kind is Kind.METADATA_IDENTIFIER:
        return digits > 0 and letters + digits >= 3 and bool(plain.strip("0.-: "))
    if kind is Kind.METADATA_DATETIME:
        return bool(_DATED.search(plain))
    if kind is Kind.METADATA_PERSON:
        return letters >= 2 or (digits >= 6 and "." not in plain and "," not in plain)
    if kind is Kind.METADATA_PLACE:
        return letters >= 2 or (5 <= digits <= 10 and plain.replace("-", "").isdigit())
    return letters >= 2


_PARTING = pattern(r"[|/\\]|</?Category[^>]*>(?=\w)")


@cache
def _headings() -> tuple[frozenset[str], dict[Kind, frozenset[str]]]:
    """Fields of keywords with headings, and the headings of each kind."""
    rules = harm_rules()["headings"]
    fields = frozenset(name.casefold() for name in rules["fields"])
    return fields, {Kind(kind): frozenset(rows) for kind, rows in rules.items() if kind != "fields"}


_ANGLE = pattern(
    r"(?i)deg(?:rees?)?|min(?:utes?)?|sec(?:onds?)?|north|south|east|west|nan|none|null|unknown|undef\w*|inf"
)
"""What stands in an angle beside its numbers, or where there is none."""
_TOKEN = pattern(r"[^\W\d_]+?(?=(?<=[a-zß-ÿ])[A-ZÀ-Þ]|(?<=[A-Z])[A-Z][a-z]|[\W\d_]|$)")
_DATED = pattern(r"(?<!\d)(?:1[89]|20)\d\d[-:/.]?[01]\d|(?<!\d)\d{1,2}[-./]\d{1,2}[-./](?:1[89]|20)\d\d|^1[0-9]{9}")


@cache
def _pieces() -> tuple[frozenset[str], frozenset[str]]:
    """Words that a name written in one may begin with, and go on with. Of two letters few end a name, and none begin
    one: there is an 'ip' in 'strip'."""
    words = _words()
    begin = {word for phrase in words.phrases for word in phrase} | words.before | words.positions
    begin |= {f"{word}s" for word in begin}
    begin = {word for word in begin if len(word) > 2}
    return frozenset(begin), frozenset(begin | {word for word in words.carriers if len(word) > 2} | _SHORT)


@cache
def _words() -> _Words:
    rules = harm_rules()["telling"]
    phrases = {tuple(row.split()): Kind(kind) for kind, rows in rules["kinds"].items() for row in rows}
    return _Words(
        phrases,
        max(map(len, phrases)),
        frozenset(rules["carriers"]),
        frozenset(rules["before"]),
        frozenset(rules["technical"]),
        frozenset(rules["positions"]),
    )
