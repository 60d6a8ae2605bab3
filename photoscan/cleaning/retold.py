"""What a copy keeps of a file's own words, by topic (`groups.py`): chosen entry by entry, and written anew.

An allow-list: only fields of `rules/retold.toml`, where their standard puts them, with values of their standard's form.
Whatever else the file says is gone, also of a topic that stays: in maker notes, previews and private data nobody can
tell what stands beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from photoscan import shipped
from photoscan.cleaning import retold_exif, retold_xmp
from photoscan.cleaning.spoken import Spoken
from photoscan.groups import SETTINGS, topics
from photoscan.kind import Kind
from photoscan.masking.harmless import says
from photoscan.metadata import Entry, Metadata, Role
from photoscan.metadata.positions import fixes
from photoscan.metadata.telling import meaning, settled
from photoscan.stripping.tiff_directory import Value

LONGEST = 1900
"""Bytes of a text that is kept; a longer one goes as a whole."""
MOST = 48_000
"""Bytes of one standard's texts together: a JPEG's segment holds 65,533."""
GPS, COMMENT, PERSON = Kind.METADATA_GPS.value, Kind.METADATA_COMMENT.value, Kind.METADATA_PERSON.value
_TELLING: Mapping[str, int] = {Kind.METADATA_PLACE.value: 4, PERSON: 4, Kind.METADATA_SERIAL.value: 4}
_SHORTEST = 6
"""Characters from which a removed value is looked for in texts that stay: of these topics, and of all others."""
_UNSEEN = (Role.UNKNOWN, Role.THUMBNAIL, Role.IMAGE, Role.VIDEO, Role.TRAILING, Role.PROVENANCE)
Source = tuple[str, str, int]
"""Container, field and offset of an entry."""


class Row(NamedTuple):
    """How a field is kept. `way`: 'image', 'exif', 'gps' (directories of EXIF), 'xmp', 'iptc' or 'text'.

    `key`: the tag, the dataset, or the name. `form`: the type or form of `rules/retold.toml`.
    """

    way: str
    key: Any
    form: str
    topic: str


@dataclass(frozen=True, slots=True)
class Retold:
    """What stays. `exif`: tags by directory; `xmp`, `iptc`: whole packets; `texts`: keyword and text.

    `counts`: how many fields of each topic, the topics in their order. `sources`: the entries that said it. `left`:
    fields of topics that stay which are not written anew. `unseen`: whether there were parts that nobody can see
    through; `quiet`: whether texts went since they may speak of what was to go.
    """

    exif: Mapping[str, Mapping[int, Value]] = field(default_factory=dict)
    xmp: bytes = b""
    iptc: bytes = b""
    texts: tuple[tuple[str, str], ...] = ()
    counts: tuple[tuple[str, int], ...] = ()
    sources: frozenset[Source] = frozenset()
    left: int = 0
    unseen: bool = False
    quiet: bool = False


@cache
def rows() -> dict[tuple[str, str], Row]:
    """The row of each field by where it stands ('exif', 'gps', 'xmp', 'iptc', 'text') and its name as readers tell."""
    data = shipped.rules("rules/retold.toml")
    found: dict[tuple[str, str], Row] = {}
    for way, tags in data["exif"].items():
        for number, (name, form, topic) in tags.items():
            found["gps" if way == "gps" else "exif", name] = Row(way, int(number, 0), form, topic)
    for space, properties in data["xmp"].items():
        prefix = space.partition(" ")[0]
        for name, (form, topic) in properties.items():
            found["xmp", f"{prefix}:{name}"] = Row("xmp", (space, name), form, topic)
    for number, (name, topic) in data["iptc"].items():
        found["iptc", name] = Row("iptc", int(number), "text", topic)
    for name, topic in data["texts"].items():
        found["text", name] = Row("text", name, "text", topic)
    return found


def place_of(entry: Entry) -> str:
    """Where an entry stands, as `rows` names it; empty for what is nested in something else."""
    parts = entry.container.split("/")
    if parts == ["tiff"] or parts[1:] == ["exif"]:
        return "exif"
    if parts == ["tiff", "gps"] or parts[1:] == ["exif", "gps"]:
        return "gps"
    return _PLACES.get(parts[1], "") if len(parts) == 2 else ""


_PLACES = {
    "COM": "text", "tEXt": "text", "zTXt": "text", "iTXt": "text", "xmp": "xmp", "iptc": "iptc",
}  # fmt: skip


def kind_of(entry: Entry) -> Kind | None:
    """The kind that the readers' own table counts a statement to, as detectors do; None where it says nothing."""
    return settled(meaning(entry), entry) if entry.role is Role.TAG else None


def topics_of(entry: Entry, row: Row) -> frozenset[str]:
    """All topics that have to stay so that an entry may."""
    kind = kind_of(entry)
    if kind is None:
        return frozenset((row.topic,))
    # A camera's mark in the field for a caption is no caption. Of several keywords none stays alone.
    marked = row.topic == COMMENT and row.way in ("image", "exif", "text")
    return frozenset((kind.value,) if marked else (row.topic, kind.value))


def retell(before: Metadata, kept: Iterable[str], ways: frozenset[str], projection: bool, asked: bool) -> Retold:
    """What stays of a file's words. `kept`: topics; `ways`: what the copy's container can hold ('exif', 'xmp', 'iptc',
    'text'). `projection`: whether how a viewer lays the picture on a sphere stays. `asked`: whether texts were to go.
    """
    stay = frozenset(kept)
    sphere = retold_xmp.projection(before.entries) if projection and "xmp" in ways else ()
    if not stay:
        packet = retold_xmp.packet(sphere) if sphere else b""
        return Retold(xmp=packet, sources=frozenset(map(_source, (entry for _, _, _, entry in sphere))))
    secrets, spoken = tuple(_secrets(before.entries, stay)), hidden_in(before, stay)
    chosen = [
        (entry, row) for entry in before.entries
        if (row := rows().get((place_of(entry), entry.field))) is not None
        and ("exif" if row.way in ("image", "exif", "gps") else row.way) in ways
        and topics_of(entry, row) <= stay
        and not _tells(entry, row, stay, secrets, spoken)
    ]  # fmt: skip
    made = _Written()
    for entry, row in chosen:
        made.take(entry, row)
    fields = [e for e in before.entries if (kind := kind_of(e)) and kind.value in stay and _of_others(e) <= stay]
    texts = any(e.role is Role.TAG and kind_of(e) is Kind.METADATA_COMMENT for e in before.entries)
    return Retold(
        exif=made.exif,
        xmp=retold_xmp.packet((*made.xmp, *sphere)) if made.xmp or sphere else b"",
        iptc=_iptc(made.iptc),
        texts=tuple(made.texts),
        counts=tuple((topic, made.counts[topic]) for topic in topics() if made.counts[topic]),
        sources=frozenset((*made.sources, *map(_source, (entry for _, _, _, entry in sphere)))),
        left=sum(_source(e) not in made.sources for e in fields),
        unseen=any(e.role in _UNSEEN or "makernote" in e.container.casefold() for e in before.entries),
        quiet=texts and COMMENT not in stay and not asked,
    )


def _of_others(entry: Entry) -> frozenset[str]:
    """The topics of an entry's row; none where it has no row."""
    row = rows().get((place_of(entry), entry.field))
    return topics_of(entry, row) if row else frozenset()


class _Written:
    """What is written so far, within limits; of a field that stands twice the first counts, but for lists."""

    def __init__(self) -> None:
        self.exif: dict[str, dict[int, Value]] = {}
        self.xmp: list[tuple[str, str, str, Entry]] = []
        self.iptc: list[tuple[int, str]] = []
        self.texts: list[tuple[str, str]] = []
        self.counts: Counter[str] = Counter()
        self.sources: set[Source] = set()
        self._room = {"exif": MOST, "xmp": MOST, "iptc": MOST, "text": MOST}
        self._lists: dict[Any, str] = {}

    def take(self, entry: Entry, row: Row) -> None:
        """Write an entry, if its value is what its field may hold."""
        way = "exif" if row.way in ("image", "exif", "gps") else row.way
        written = retold_xmp.escaped(entry.text) if way == "xmp" else entry.text
        size = len(written.encode("utf-8", "replace"))
        if len(entry.text.encode("utf-8", "replace")) > LONGEST or self._room[way] < size + 100:
            return
        done = self._tag(entry, row) if way == "exif" else plain(entry) and self._said(entry, row)
        if done:
            self._room[way] -= size + 100
            self.counts[row.topic] += 1
            self.sources.add(_source(entry))

    def _tag(self, entry: Entry, row: Row) -> bool:
        directory = self.exif.setdefault(row.way, {})
        value = None if row.key in directory else retold_exif.encoded(entry, row.form)
        if value is not None:
            directory[row.key] = value
        return value is not None

    def _said(self, entry: Entry, row: Row) -> bool:
        if row.way == "xmp":
            several = row.form in ("seq", "bag")
            if not several and any((space, name) == row.key for space, name, _, _ in self.xmp):
                return False
            self.xmp.append((*row.key, row.form, entry))
        elif row.way == "iptc":
            several = entry.field in ("Keywords", "SupplementalCategories", "By-line", "By-lineTitle", "Writer-Editor")
            if not several and any(number == row.key for number, _ in self.iptc):
                return False
            self.iptc.append((row.key, entry.text))
        else:
            self.texts.append((row.key, entry.text))
        return True


def plain(entry: Entry) -> bool:
    """Whether a value is a text without control characters, but for ends of lines and tabs."""
    text = entry.text
    return isinstance(entry.value, str) and bool(text) and all(c.isprintable() or c in "\n\r\t" for c in text)


def _iptc(datasets: Sequence[tuple[int, str]]) -> bytes:
    """An IIM block in UTF-8; empty where there is nothing to say."""
    if not datasets:
        return b""
    out = [b"\x1c\x01\x5a\x00\x03\x1b%G", b"\x1c\x02\x00\x00\x02\x00\x04"]
    for number, text in sorted(datasets, key=lambda row: row[0]):
        raw = text.encode()
        out.append(b"\x1c\x02" + bytes((number,)) + len(raw).to_bytes(2, "big") + raw)
    return b"".join(out)


def _secrets(entries: Iterable[Entry], stay: frozenset[str]) -> Iterator[str]:
    """Values of topics that go, in small letters, which no text that stays may hold."""
    seen: set[str] = set()
    for entry in entries:
        text = removed(entry, stay)
        if text and text not in seen:
            seen.add(text)
            yield text


def hidden_in(before: Metadata, stay: frozenset[str]) -> Spoken:
    """What goes of a file, to be looked for in other words."""
    told = ((kind_of(e), removed(e, stay)) for e in before.entries)
    return Spoken(before.entries, ((kind.value if kind else SETTINGS, text) for kind, text in told if text), stay)


def removed(entry: Entry, stay: frozenset[str]) -> str:
    """The value of an entry of a topic that goes, in small letters; empty for what everybody's files say, and for
    texts."""
    if entry.role is not Role.TAG or not isinstance(entry.value, (str, bytes)):
        return ""
    kind = kind_of(entry)
    topic = kind.value if kind else GPS if "gps" in entry.field.casefold() else SETTINGS
    if topic in stay or topic in (COMMENT, SETTINGS) or (kind and says(kind, entry.words) is not None):
        return ""
    text = entry.words.casefold()
    return text if len(text) >= _TELLING.get(topic, _SHORTEST) else ""


def _tells(entry: Entry, row: Row, stay: frozenset[str], secrets: Sequence[str], spoken: Spoken) -> bool:
    """Whether the text of an entry that could stay tells something that is to go."""
    if not isinstance(entry.value, (str, bytes)):
        return False
    # A field of numbers, of dates or of a position is written in its own form alone.
    if row.topic not in (SETTINGS, GPS, Kind.METADATA_DATETIME.value) and spoken.within(entry.text):
        return True
    if GPS not in stay and any(True for _ in fixes([entry])):
        return True
    text = entry.words.casefold()
    return any(_within(secret, text) for secret in secrets)


def _within(secret: str, text: str) -> bool:
    """Whether a value stands in a text as words of its own."""
    at = text.find(secret)
    while at >= 0:
        end = at + len(secret)
        if not (at and text[at - 1].isalnum()) and not text[end : end + 1].isalnum():
            return True
        at = text.find(secret, at + 1)
    return False


def _source(entry: Entry) -> Source:
    return entry.container, entry.field, entry.offset
