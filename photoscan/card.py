"""What is known of a kind of finding beside its name: its card, and the card of its family.

The shipped ones stand in `rules/kinds.toml`; others come in by `photoscan.kind.register`. A card that is not whole is
refused where it is made: nothing that stands on it has to ask again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal, cast, get_args

from photoscan.errors import UsageError
from photoscan.patterns import pattern

ALL = "all"
"""The word for every kind, wherever kinds are named."""
Mask = Literal[
    "nothing", "length", "words", "initials", "device", "software", "profile", "mail", "link", "code", "town",
    "coordinates", "month", "phone", "card", "account",
]  # fmt: skip
"""How a value can be masked: the methods of `photoscan.masking`."""
Place = Literal["picture", "file"]
"""Where findings of a family are: in the picture, where they can be covered, or in what the file says."""
Section = Literal["where", "who", "when", "device", "hidden", "words", "origin"]
"""Sections of the table of what a file says."""
SOURCE = "en"
"""The language that no texts may lack."""
SAYS = ("title", "why", "do")
"""What is said of each kind: its name, why it matters, what to do about it."""

_NAME = pattern(r"[a-z_]+(\.[a-z_]+)?")
_COLOUR = pattern(r"#[0-9a-f]{6}")
_PATH = pattern(r"[MmLlHhVvCcSsQqTtAaZz0-9 ,.-]+")
"""Path data of SVG: nothing that could end an attribute."""


class CardError(ValueError):
    """A card that is wrong, not whole, or at odds with another. For programmers, in English."""


class Severity(IntEnum):
    """How much harm one finding of a kind can do by itself, ordered."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The lower-case word used in reports and policies."""
        return self.name.lower()

    @staticmethod
    def parse(word: str) -> Severity:
        """The severity for a word such as 'high'; UsageError for any other word."""
        try:
            return Severity[word.upper()]
        except KeyError:
            known = ", ".join(severity.label for severity in Severity)
            raise UsageError("problem.severity", word=word, known=known) from None


@dataclass(frozen=True, slots=True)
class Family:
    """What holds for all kinds whose name begins with one word.

    `margin`: shares of width and height that are covered beside a finding, on each side. `personal`: whether it is
    personal data, of which laws speak. `colour`: '#rrggbb', seen on light and dark ground. `icon`: path data of SVG on
    a grid of 24, drawn as strokes. `any_trace`: of what was pixelated or blurred, any later trace forbids the copy,
    since a person knows what a detector hardly does. `label`: the family's name by language; the shipped families have
    theirs in `locales/`.
    Raises CardError for values that are not allowed.
    """

    name: str
    place: Place
    colour: str
    icon: str
    margin: tuple[float, float] = (0.0, 0.0)
    personal: bool = False
    any_trace: bool = False
    label: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        who = f"family '{self.name}'"
        _demand(isinstance(self.name, str) and _NAME.fullmatch(self.name) and "." not in self.name, f"{who}: no name")
        _demand(self.name != ALL, f"{who}: this word means every kind")
        _demand(self.place in get_args(Place), f"{who}: 'place' is one of {', '.join(get_args(Place))}")
        _demand(isinstance(self.colour, str) and _COLOUR.fullmatch(self.colour), f"{who}: 'colour' is not '#rrggbb'")
        _demand(isinstance(self.icon, str) and _PATH.fullmatch(self.icon), f"{who}: 'icon' is no path data")
        _check_margin(self.margin, who)
        _demand(isinstance(self.personal, bool) and isinstance(self.any_trace, bool), f"{who}: true or false is asked")

    @property
    def in_picture(self) -> bool:
        """Whether findings have a place in the picture, so that they can be covered."""
        return self.place == "picture"

    @property
    def key(self) -> str:
        """The key of the family's name in the catalogues."""
        return f"html.family.{self.name}"


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one kind.

    `name`: 'family' or 'family.kind'. `alone`: how likely its harm comes about while nothing else in the photo leads
    from it to somebody, 0 to 1; None where it needs nothing else. `mask`: what its value shows unless somebody asks for
    it. `section`: its place in the table of what a file says; required where the family's place is the file. `margin`:
    shares of width and height that are covered on each side; None for the family's. `personal`: whether it is personal
    data; None for the family's. `on_request`: it is looked for only where an option asks for it. `texts`: what is said
    of it, by language (SAYS); the shipped kinds have theirs in `locales/`.
    Raises CardError for values that are not allowed.
    """

    name: str
    severity: Severity
    mask: Mask
    family: Family
    section: Section | None = None
    margin: tuple[float, float] | None = None
    personal: bool | None = None
    alone: float | None = None
    on_request: bool = False
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        who = f"kind '{self.name}'"
        _demand(isinstance(self.name, str) and _NAME.fullmatch(self.name), f"{who}: no name")
        _demand(self.name.split(".")[0] == self.family.name, f"{who}: not of the family '{self.family.name}'")
        _demand(isinstance(self.severity, Severity), f"{who}: 'severity' is no Severity")
        _demand(
            self.alone is None or (isinstance(self.alone, float) and 0 <= self.alone <= 1),
            f"{who}: 'alone' is no share from 0 to 1",
        )
        _demand(self.mask in get_args(Mask), f"{who}: 'mask' is one of {', '.join(get_args(Mask))}")
        if self.family.in_picture:
            _demand(self.section is None, f"{who}: 'section' is for what a file says")
        else:
            _demand(self.section in get_args(Section), f"{who}: 'section' is one of {', '.join(get_args(Section))}")
        if self.margin is not None:
            _check_margin(self.margin, who)
        _demand(self.personal is None or isinstance(self.personal, bool), f"{who}: 'personal' is true or false")
        _demand(isinstance(self.on_request, bool), f"{who}: 'on_request' is true or false")


def read(text: str) -> dict[str, Card]:
    """The cards by name from TOML; CardError (with the file's name) for one that is wrong, not whole, or of no use."""
    import tomllib  # the shipped cards come parsed

    try:
        rows = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CardError(f"rules/kinds.toml: {error}") from None
    return taken(rows)


def taken(rows: Mapping[str, Any]) -> dict[str, Card]:
    """The same from what the TOML says."""
    try:
        return _read(rows)
    except (CardError, UsageError) as error:
        raise CardError(f"rules/kinds.toml: {error}") from None


def _read(document: Mapping[str, Any]) -> dict[str, Card]:
    families = {name: Family(name, **_row(name, row, _FAMILY)) for name, row in document.get("families", {}).items()}
    cards = {}
    for name, row in document.get("kinds", {}).items():
        values = _row(name, row, _KIND)
        _demand(name.split(".")[0] in families, f"kind '{name}': there is no such family")
        values["severity"] = Severity.parse(str(values["severity"]))
        cards[name] = Card(name, family=families[name.split(".")[0]], **values)
    unused = set(families) - {card.family.name for card in cards.values()}
    constants = {name.replace(".", "_") for name in cards}
    _demand(len(constants) == len(cards), "two kinds have one constant")
    _demand(not unused, f"families without a kind: {', '.join(sorted(unused))}")
    return cards


_FAMILY = (("place", "colour", "icon"), ("margin", "personal", "any_trace"))
_KIND = (("severity", "mask"), ("section", "margin", "personal", "alone", "on_request"))
"""What a row has to say, and what it may."""


def _row(name: str, row: Any, words: tuple[tuple[str, ...], tuple[str, ...]]) -> dict[str, Any]:
    must, may = words
    _demand(isinstance(row, Mapping), f"'{name}' is no table")
    _demand(not (missing := set(must) - set(row)), f"'{name}' lacks {', '.join(sorted(missing))}")
    _demand(not (unknown := set(row) - {*must, *may}), f"'{name}' may not say {', '.join(sorted(unknown))}")
    values = dict(row)
    if isinstance(values.get("margin"), list):
        values["margin"] = tuple(values["margin"])
    if values.get("place") == "picture":
        _demand("margin" in values, f"'{name}' lacks margin: what is in the picture can be covered")
    return values


def _check_margin(margin: object, who: str) -> None:
    shares = cast("tuple[object, ...]", margin) if isinstance(margin, tuple) else ()
    fine = len(shares) == 2 and all(
        isinstance(s, (int, float)) and not isinstance(s, bool) and 0 <= s <= 1 for s in shares
    )
    _demand(fine, f"{who}: 'margin' is two shares from 0 to 1")


def _demand(fine: object, problem: str) -> None:
    if not fine:
        raise CardError(problem)
