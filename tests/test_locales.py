"""Every text exists in every language, with the same placeholders, and no text is left over or missing."""

from __future__ import annotations

import ast
import json
import re
import string
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from photoscan.catalog import LANGUAGES, country, has, has_singular, system_language, text
from photoscan.detectors import REGISTRY
from photoscan.errors import PhotoscanError
from photoscan.kind import Kind, Severity
from photoscan.risk import laws, linkage
from photoscan.risk.policy_rows import COUNTRIES

PACKAGE = Path(__file__).parent.parent / "photoscan"
OTHERS = [language for language in LANGUAGES if language != "en"]


def rows(language: str) -> dict[str, str]:
    found = json.loads(resources.files("photoscan").joinpath(f"locales/{language}.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice(language: str) -> None:
    pairs: list[str] = []
    said = resources.files("photoscan").joinpath(f"locales/{language}.json").read_text("utf-8")
    json.loads(said, object_pairs_hook=lambda rows: pairs.extend(key for key, _ in rows))
    assert len(pairs) == len(set(pairs))


def placeholders(line: str) -> set[str]:
    return {f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(line) if name is not None}


def test_there_is_a_catalogue_for_every_language_and_no_other() -> None:
    files = {path.stem for path in (PACKAGE / "locales").glob("*.json")}
    assert files == set(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_the_same_keys(language: str) -> None:
    """But for the singulars, which only some languages have."""
    wanted = {key for key in rows("en") if has_singular(language) or not key.endswith(".one")}
    assert set(rows(language)) == wanted


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_has_a_singular_has_a_plural_that_counts(language: str) -> None:
    known = rows(language)
    singular = [key for key in known if key.endswith(".one")]
    assert bool(singular) is has_singular(language)
    assert [key for key in singular if "{count}" not in known.get(key.removesuffix(".one"), "")] == []


COUNTED = {
    "en": ["0 photos", "1 photo", "2 photos"],
    "ms": ["0 gambar", "1 gambar", "2 gambar"],
    "id": ["0 foto", "1 foto", "2 foto"],
    "pt-BR": ["0 foto", "1 foto", "2 fotos"],
    "zh-Hans": ["0 张照片", "1 张照片", "2 张照片"],
    "ta": ["0 புகைப்படங்கள்", "1 புகைப்படம்", "2 புகைப்படங்கள்"],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_take_the_right_form(language: str) -> None:
    assert [text("report.count.photos", language, count=n) for n in range(3)] == COUNTED[language]


@pytest.mark.parametrize("language", OTHERS)
def test_the_same_placeholders(language: str) -> None:
    english, other = rows("en"), rows(language)
    wrong = {key for key in other if placeholders(other[key]) != placeholders(english[key])}
    assert wrong == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_ragged(language: str) -> None:
    assert [key for key, line in rows(language).items() if not line or line != line.strip() or "  " in line] == []


@pytest.mark.parametrize("language", OTHERS)
def test_sentences_are_translated(language: str) -> None:
    english, other = rows("en"), rows(language)
    assert [key for key in other if other[key] == english[key] and len(english[key].split()) > 3] == []


def test_everything_that_can_be_said_has_its_texts() -> None:
    wanted = {f"kind.{kind.value}.{part}" for kind in Kind for part in ("title", "why", "do")}
    wanted |= {f"rule.{rule.id}" for rule in linkage.rules()}
    wanted |= {f"linddun.{category}" for category in linkage.LINDDUN}
    wanted |= {f"law.{law.id}" for law in laws.known()}
    wanted |= {f"country.{code}" for code in COUNTRIES}
    wanted |= {f"severity.{severity.label}" for severity in Severity}
    wanted |= {f"error.{error.code}" for error in PhotoscanError.__subclasses__() if error.code not in UNTOLD}
    assert {key for key in wanted if not has(key)} == set()


UNTOLD = {"usage", "not_cleaned"}
"""Errors that never stand in a report."""


def test_every_detector_has_words() -> None:
    assert [detector.name for detector in REGISTRY if not has(f"detector.{detector.name}")] == []


KEY = re.compile(r"[a-z_]+(\.[a-z_0-9]+)+")
NO_KEYS = {"people.json", "error.type", *(detector.name for detector in REGISTRY)}
"""Words of the code that look like keys."""
BY_TWO_NAMES = r"(verdict|headline)\..+"
"""Keys whose first word is chosen as well (`decision.advice_key`)."""


@cache
def written() -> tuple[set[str], set[str]]:
    """All that the code and the page write between quotes; and as patterns what they put parts into."""
    whole, parted = set(), set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = (re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in node.values)
                parted.add("".join(map(str, parts)))
    for path in (*PACKAGE.rglob("*.js"), *PACKAGE.rglob("*.html")):
        page = path.read_text("utf-8")
        whole |= set(re.findall(r"['\"]([\w.]+)['\"]", page))
        parted |= {re.sub(r"\\\$\\\{.*?\\\}", ".+", re.escape(row)) for row in re.findall(r"`([^`\n]+)`", page)}
    # 'fetching.' and the like, to which the code adds a word.
    parted |= {re.escape(word) + ".+" for word in whole if re.fullmatch(r"([a-z_]+\.)+", word)}
    return whole, {row for row in parted if re.match(r"[a-z_]{3,}\\\.", row)}


def test_every_key_that_the_code_writes_exists() -> None:
    keys = set(rows("en"))
    rooms = {key.partition(".")[0] for key in keys}
    missing = set()
    for word in written()[0] - NO_KEYS:
        named = KEY.fullmatch(word) and word.partition(".")[0] in rooms
        module = PACKAGE.joinpath(*word.split(".")).with_suffix(".py") if named else PACKAGE
        if named and word not in keys and not module.exists() and not any(key.startswith(word) for key in keys):
            missing.add(word)
    assert missing == set()


def test_no_text_is_left_over() -> None:
    whole, patterns = written()
    parted = re.compile("|".join((*sorted(patterns), BY_TWO_NAMES)))
    plain = {key.removesuffix(".one") for key in rows("en")}
    assert [key for key in plain if key not in whole and not parted.fullmatch(key)] == []


SYSTEMS = {
    "ms_MY.UTF-8": "ms",
    "id_ID": "id",
    "pt_BR.UTF-8": "pt-BR",
    "pt_PT": "pt-BR",
    "en_GB.UTF-8": "en",
    "C": "en",
    "de_DE": "en",
    "zh_CN.UTF-8": "zh-Hans",
    "zh_TW.UTF-8": "en",
    "ta_IN": "ta",
    "Indonesian_Indonesia.1252": "id",
    "": "en",
}


@pytest.mark.parametrize("locale", sorted(SYSTEMS))
def test_the_language_of_the_system(locale: str) -> None:
    assert system_language({"LANG": locale}) == SYSTEMS[locale]
    assert system_language({"LANG": "ms_MY", "LC_ALL": locale}) == (SYSTEMS[locale] if locale else "ms")


def test_a_country_is_named_by_code_or_english_name() -> None:
    assert country("BR", "pt-BR") == "Brasil"
    assert country("Brazil", "id") == "Brasil"
    assert country("Atlantis", "ms") == "Atlantis"


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        text("no.such.key", "ms")
