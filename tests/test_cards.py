"""The cards of kinds: what a card must say, what is refused at load, and how a kind comes in from outside."""

from __future__ import annotations

import ast
import copy
import pickle
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from photoscan import card as cards
from photoscan import catalog
from photoscan.errors import UsageError
from photoscan.kind import ALL, Card, CardError, Family, Kind, Severity, check_prefix, families, only_in_file, register
from photoscan.masking import mask

ROOT = Path(__file__).parent.parent
SHIPPED = resources.files("photoscan").joinpath("rules/kinds.toml").read_text("utf-8")


TEXTS = {
    "en": {"title": "Key", "why": "It can be cut again from a picture {of it}.", "do": "Hide it."},
    "ms": {"title": "Kunci", "why": "Ia boleh ditiru daripada gambar.", "do": "Sembunyikannya."},
}
OBJECTS = Family("made_up", "picture", "#808000", "M3 3h18", (0.1, 0.3), label={"en": "Things"})
KEY = Card("made_up.key", Severity.HIGH, "nothing", OBJECTS, texts=TEXTS)

ROW = '"plate" = { severity = "high", mask = "length" }\n'
MARGIN = "margin = [0.06, 0.1]\n"
FAMILY = "[families.plate]\n"
ALL_TOO = '[families.all]\nplace = "picture"\nmargin = [0, 0]\ncolour = "#000000"\nicon = "M1 1"\n'
WRONG = {
    "no mask": (ROW, '"plate" = { severity = "high" }\n', "'plate' lacks mask"),
    "an unknown word": ('"plate" = {', '"plate" = { hue = 4,', "'plate' may not say hue"),
    "an unknown mask": (ROW, ROW.replace("length", "half"), "kind 'plate': 'mask' is one of nothing, length"),
    "an unknown severity": (ROW, ROW.replace("high", "grave"), "grave"),
    "a kind without a family": (ROW, ROW.replace("plate", "plaice"), "kind 'plaice': there is no such family"),
    "a family without a kind": (ROW, "", "families without a kind: plate"),
    "no margin": (MARGIN, "", "'plate' lacks margin"),
    "half a margin": (MARGIN, "margin = [0.06]\n", "'margin' is two shares"),
    "a margin that is none": (MARGIN, "margin = [0.06, 1.5]\n", "'margin' is two shares"),
    "nowhere": (f'{FAMILY}place = "picture"', f'{FAMILY}place = "sky"', "'place' is one of picture, file"),
    "a colour by name": ('colour = "#b0692b"', 'colour = "brown"', "'colour' is not '#rrggbb'"),
    "markup for an icon": ('icon = "M2.5 7.5', 'icon = "M2.5 7.5><b>', "'icon' is no path data"),
    "no section": (', section = "when"', "", "'section' is one of where, who"),
    "an unknown section": ('section = "when"', 'section = "whence"', "'section' is one of where, who"),
    "a section in the picture": ('"plate" = {', '"plate" = { section = "who",', "'section' is for what a file says"),
    "a family called all": (FAMILY, ALL_TOO + FAMILY, "this word means every kind"),
    "a name with capitals": (ROW, ROW + ROW.replace("plate", "plate.Old"), "'plate.Old': no name"),
    "three parts": (ROW, ROW + ROW.replace("plate", "plate.old.one"), "'plate.old.one': no name"),
    "no table": (ROW, ROW + '"plate.x" = 3\n', "'plate.x' is no table"),
    "two of one constant": (ROW, ROW + ROW.replace("plate", "text_a.b") + ROW.replace("plate", "text.a_b"), "constant"),
    "no TOML": (ROW, '"plate"', r"rules/kinds\.toml"),
}
"""What is replaced in the shipped cards, by what, and what is told of it."""


@pytest.mark.parametrize("name", WRONG)
def test_a_card_that_is_not_whole_is_told_at_load(name: str) -> None:
    old, new, told = WRONG[name]
    assert SHIPPED.count(old) == 1
    text = SHIPPED.replace(old, new)
    if "text_a" in text:
        text = text.replace(FAMILY, ALL_TOO.replace("all", "text_a") + FAMILY)
    with pytest.raises(CardError, match=told) as caught:
        cards.read(text)
    assert "rules/kinds.toml" in str(caught.value)


def test_the_shipped_cards_are_the_kinds() -> None:
    assert list(cards.read(SHIPPED)) == [kind.value for kind in Kind]
    assert [kind.card for kind in Kind] == list(cards.read(SHIPPED).values())
    assert len(Kind) == len(set(Kind)) == len({kind.constant for kind in Kind})


def test_a_kind_is_one_object_by_its_name() -> None:
    assert Kind("text.phone") is Kind.TEXT_PHONE is Kind(Kind.TEXT_PHONE)
    assert Kind.TEXT_PHONE == "text.phone"
    assert hash(Kind.TEXT_PHONE) == hash("text.phone")
    for one in Kind:
        assert pickle.loads(pickle.dumps(one)) is copy.deepcopy(one) is copy.copy(one) is one
        assert f"{one}" == str(one) == one.value
        assert type(one.value) is str
    with pytest.raises(ValueError, match=r"'text\.fone' is no kind"):
        Kind("text.fone")
    with pytest.raises(AttributeError):
        _ = Kind.TEXT_FONE


def test_every_kind_that_the_code_names_exists() -> None:
    """`Kind.NAME` is looked up when it runs; so that none fails there, all are looked up here."""
    seen = 0
    for folder in ("photoscan", "tests", "fixtures", "benchmarks", "scripts"):
        for path in set((ROOT / folder).rglob("*.py")) - {Path(__file__)}:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Kind" and node.attr.isupper():
                    assert hasattr(Kind, node.attr), (path, node.attr)
                    seen += 1
    assert seen > 100


@pytest.mark.parametrize(
    ("prefix", "inside"),
    [
        ("text.phone", True),
        ("text", True),
        (ALL, True),
        ("text.pho", False),
        ("tex", False),
        ("face", False),
        ("", False),
    ],
)
def test_prefixes(prefix: str, inside: bool) -> None:
    assert Kind.TEXT_PHONE.within(prefix) is inside
    if prefix in ("text.pho", "tex", ""):
        with pytest.raises(UsageError, match=", ".join([ALL, *sorted(family.name for family in families())])):
            check_prefix(prefix)
    else:
        assert check_prefix(prefix) == prefix


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("gps", "metadata.gps"),
        ("phone", "text.phone"),
        ("phones", "text.phone"),
        ("faces", "face"),
        ("plates", "plate"),
    ],
)
def test_a_kind_is_known_by_its_last_part(word: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"did you mean '{meant}'"):
        check_prefix(word)


@pytest.mark.parametrize(
    ("prefixes", "only"),
    [(("metadata",), True), (("metadata.gps", "metadata.person"), True), (("metadata", "face"), False), ((), False),
     ((ALL,), False), (("plate",), False), (("metadata.nothing",), False)],
)  # fmt: skip
def test_what_is_only_in_the_file(prefixes: tuple[str, ...], only: bool) -> None:
    assert only_in_file(prefixes) is only


@pytest.mark.usefixtures("newcomers")
def test_a_kind_of_a_new_family_from_outside() -> None:
    key = register(KEY)
    assert key is Kind("made_up.key") is Kind.MADE_UP_KEY is register(KEY)
    assert [*Kind][-1] is key
    assert families()[-1] is OBJECTS
    assert key.margin == (0.1, 0.3)
    assert key.in_picture
    assert not key.personal
    assert key.severity is Severity.HIGH
    assert check_prefix("made_up") == "made_up"
    assert mask(key, "a house key") == mask(Kind.TEXT_SECRET, "hunter2")
    assert pickle.loads(pickle.dumps(key)) is key
    assert catalog.text("kind.made_up.key.why") == "It can be cut again from a picture {of it}."
    assert catalog.text("kind.made_up.key.title", "ms") == "Kunci"
    assert catalog.text("kind.made_up.key.title", "pt-BR") == "Key" == catalog.rows("pt-BR")["kind.made_up.key.title"]
    assert catalog.text(key.family.key, "ms") == "Things"
    assert catalog.has(key.family.key)


def test_what_was_registered_in_a_test_is_gone() -> None:
    assert "made_up.key" not in list(Kind)
    assert not catalog.has("kind.made_up.key.title")


BAD = {
    "a name that is taken": (replace(KEY, name="plate", family=Kind.PLATE.family), "another card"),
    "a family that is taken": (replace(KEY, name="text.key", family=replace(OBJECTS, name="text")), "family 'text'"),
    "no English": (replace(KEY, texts={"ms": TEXTS["ms"]}), "no texts in en"),
    "half a language": (replace(KEY, texts=TEXTS | {"id": {"title": "Kunci"}}), "title, why, do are asked for in id"),
    "an empty text": (replace(KEY, texts={"en": TEXTS["en"] | {"do": ""}}), "title, why, do are asked for in en"),
    "a family without a name to show": (replace(KEY, family=replace(OBJECTS, label={})), "no label in en"),
}  # fmt: skip


@pytest.mark.usefixtures("newcomers")
@pytest.mark.parametrize("name", BAD)
def test_a_card_at_odds_with_others_is_refused_and_leaves_nothing(name: str) -> None:
    bad, told = BAD[name]
    before = [*Kind]
    with pytest.raises(CardError, match=told):
        register(bad)
    assert [*Kind] == before
    assert not catalog.has(f"kind.{KEY.name}.title")


def _light(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("family", families(), ids=lambda family: family.name)
def test_colours_are_seen_on_light_and_dark_ground(family: Family) -> None:
    """Three to one is what WCAG 2.2 asks of signs (1.4.11)."""
    light = _light(family.colour)
    assert 1.05 / (light + 0.05) >= 3
    assert (light + 0.05) / (_light("#1b212a") + 0.05) >= 3
    assert [other.name for other in families() if other.colour == family.colour] == [family.name]
