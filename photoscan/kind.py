"""What a finding can be: the kinds, each with its card (`rules/kinds.toml`), and a way to bring in more.

Kinds are dotted, so that a prefix ('metadata', 'text.national_id') names a family or a kind, and 'all' names every one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from threading import RLock

from photoscan import card as cards
from photoscan import catalog, shipped
from photoscan.card import ALL, Card, CardError, Family, Mask, Severity
from photoscan.errors import Phrase, UsageError
from photoscan.given import nearest

__all__ = [
    "ALL", "Card", "CardError", "Family", "Kind", "Mask", "Severity", "check_prefix", "families", "named", "narrowness",
    "only_in_file", "register",
]  # fmt: skip

_LOCK = RLock()
_READ: list[dict[str, Kind]] = []
"""The table, once it was read."""
_CONSTANTS: dict[str, Kind] = {}
"""The kinds by what code calls them; made anew when the table has grown."""


class _Vocabulary(type):
    """Makes the class of kinds their list: it can be gone through, and `Kind.TEXT_PHONE` is the kind 'text.phone'."""

    def __iter__(cls) -> Iterator[Kind]:
        return iter(tuple(_table().values()))

    def __len__(cls) -> int:
        return len(_table())

    def __getattr__(cls, name: str) -> Kind:
        table = _table()
        if len(table) != len(_CONSTANTS) or name not in _CONSTANTS:
            _CONSTANTS.clear()
            _CONSTANTS.update((kind.constant, kind) for kind in table.values())
        try:
            return _CONSTANTS[name]
        except KeyError:
            raise AttributeError(f"there is no kind {name}") from None


class Kind(str, metaclass=_Vocabulary):
    """A kind of finding: its name, which is all that is compared, and its card.

    `Kind(name)` is the one object for a name that has a card; ValueError for any other. Kinds are the same object in
    the whole process, also when they were pickled or copied, so that `is` compares them. `card`: all that is known of
    it.
    """

    card: Card

    def __new__(cls, name: str) -> Kind:
        """The kind of that name."""
        try:
            return _table()[name]
        except KeyError:
            raise ValueError(f"'{name}' is no kind") from None

    def __reduce__(self) -> tuple[type[Kind], tuple[str]]:
        """What is pickled and copied: the name."""
        return Kind, (self.value,)

    def __repr__(self) -> str:
        """Kind('text.phone')."""
        return f"Kind({self.value!r})"

    @property
    def value(self) -> str:
        """The name as plain text."""
        return str(self)

    @property
    def constant(self) -> str:
        """The name in capitals, by which code calls it: 'TEXT_PHONE' of 'text.phone'."""
        return self.upper().replace(".", "_")

    @property
    def severity(self) -> Severity:
        """The kind's own severity; a detector may raise or lower it for one finding."""
        return self.card.severity

    @property
    def alone(self) -> float:
        """How likely its harm comes about while nothing else in the photo leads from it to somebody, 0 to 1."""
        own = self.card.alone
        return 1.0 if own is None else own

    @property
    def mask(self) -> Mask:
        """The name of the method by which values of this kind are masked (`photoscan.masking.METHODS`)."""
        return self.card.mask

    @property
    def family(self) -> Family:
        """The card of its family."""
        return self.card.family

    @property
    def in_picture(self) -> bool:
        """Whether its findings have a place in the picture, so that they can be covered."""
        return self.family.in_picture

    @property
    def margin(self) -> tuple[float, float]:
        """Shares of width and height that are covered beside a finding, on each side."""
        own = self.card.margin
        return self.family.margin if own is None else own

    @property
    def personal(self) -> bool:
        """Whether it is personal data, of which laws speak."""
        own = self.card.personal
        return self.family.personal if own is None else own

    def within(self, prefix: str) -> bool:
        """Whether this kind is `prefix` or lies below it: 'text.address' is within 'text', and all are within 'all'.

        Raises nothing of its own.
        """
        return prefix == ALL or self == prefix or self.startswith(prefix + ".")


def register(card: Card) -> Kind:
    """Make a new kind known, before the first scan that may find it. From then on it is a kind like any other.

    A detector's module does this when it is imported, in each process: `KEY = register(Card("object.key", ...))`. The
    same card again changes nothing. Raises CardError for a name or a family that is taken by another card, and where
    the card (or that of a new family) brings no texts in English. The catalogues fall back to English where a card has
    no texts in the language that is asked for.
    """
    with _LOCK:
        table = _table()
        if (known := table.get(card.name)) is not None:
            if known.card != card:
                raise CardError(f"kind '{card.name}': there is another card of that name")
            return known
        family = {f.name: f for f in families()}.get(card.family.name)
        if family not in (None, card.family):
            raise CardError(f"family '{card.family.name}': there is another card of that name")
        made = _made(card)
        if any(kind.constant == made.constant for kind in table.values()):
            raise CardError(f"kind '{card.name}': {made.constant} is the constant of another kind")
        texts = _texts(card, new=family is None)
        catalog.add(texts)
        table[card.name] = made
        return made


def families() -> tuple[Family, ...]:
    """The cards of all families, in the order of their first kinds."""
    return tuple({kind.family.name: kind.family for kind in Kind}.values())


def named(kind: Kind, prefixes: Iterable[str]) -> bool:
    """Whether any of these dotted prefixes names the kind."""
    return any(kind.within(prefix) for prefix in prefixes)


def narrowness(prefix: str) -> tuple[bool, int]:
    """By what prefixes that name one kind are ordered: the narrowest is the greatest, and 'all' the least."""
    return prefix != ALL, len(prefix)


def only_in_file(prefixes: Iterable[str]) -> bool:
    """Whether dotted prefixes name kinds, and none that could be in the picture."""
    asked = tuple(prefixes)
    places = {kind.in_picture for kind in Kind if named(kind, asked)}
    return places == {False}


def check_prefix(prefix: str) -> str:
    """Give back a dotted prefix that names at least one kind.

    Raises UsageError for one that names none.
    """
    if not any(kind.within(prefix) for kind in Kind):
        known = ", ".join([ALL, *sorted(family.name for family in families())])
        raise UsageError("problem.kind", word=prefix, families=known, close=_meant(prefix))
    return prefix


def _meant(word: str) -> Phrase | str:
    """The name that is nearly this word, or whose last part is: 'gps' for 'metadata.gps'."""
    kinds = [kind.value for kind in Kind]
    ends = {name.rpartition(".")[2]: name for name in kinds}
    return nearest(word, (ALL, *(family.name for family in families()), *kinds)) or nearest(word, ends)


def _table() -> dict[str, Kind]:
    """The kinds by name, in the order of their cards; grows by `register`. CardError for a wrong file of cards."""
    if not _READ:
        with _LOCK:
            if not _READ:
                rows = shipped.rules("rules/kinds.toml")
                _READ.append({name: _made(card) for name, card in cards.taken(rows).items()})
    return _READ[0]


def _made(card: Card) -> Kind:
    made = str.__new__(Kind, card.name)
    made.card = card
    return made


def _texts(card: Card, new: bool) -> dict[str, dict[str, str]]:
    """What a card brings along, by language and key; CardError where English is missing or a language is not whole."""
    if cards.SOURCE not in card.texts:
        raise CardError(f"kind '{card.name}': no texts in {cards.SOURCE}")
    found = {}
    for language, said in card.texts.items():
        if set(said) != set(cards.SAYS) or not all(isinstance(text, str) and text for text in said.values()):
            raise CardError(f"kind '{card.name}': {', '.join(cards.SAYS)} are asked for in {language}")
        found[language] = {f"kind.{card.name}.{part}": _plain(text) for part, text in said.items()}
    if new:
        if cards.SOURCE not in card.family.label:
            raise CardError(f"family '{card.family.name}': no label in {cards.SOURCE}")
        for language, label in card.family.label.items():
            found.setdefault(language, {})[card.family.key] = _plain(label)
    return found


def _plain(text: str) -> str:
    """The text for a catalogue, where braces hold values."""
    return text.replace("{", "{{").replace("}", "}}")
