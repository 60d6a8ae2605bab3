"""Languages as rows, and the table by which speakers correct their texts."""

from __future__ import annotations

import csv
import io
import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from photoscan import languages
from photoscan.languages import LANGUAGES, spoken

ROOT = Path(__file__).parent.parent


@pytest.fixture
def script(tmp_path: Path) -> dict[str, Any]:
    """The script, whose catalogues are two small ones."""
    found = runpy.run_path(str(ROOT / "scripts" / "translations.py"))
    for language, rows in {
        "en": {"a.one": "{count} face", "a": "{count} faces", "b": "A stranger, {name}"},
        "ta": {"a.one": "x {count}", "a": "xx {count}", "b": "y {name}"},
        "zh-Hans": {"a": "z {count}", "b": "z {name}"},
    }.items():
        (tmp_path / f"{language}.json").write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", "utf-8")
    for function in ("read", "main"):
        found[function].__globals__["LOCALES"] = tmp_path
    return found


def table(script: dict[str, Any], language: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    assert script["main"](["sheet", language]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def take(script: dict[str, Any], language: str, rows: list[dict[str, str]], folder: Path) -> int:
    with (folder / "sheet.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, ("key", "english", "text", "correction"))
        writer.writeheader()
        writer.writerows(rows)
    return int(script["main"](["take", language, str(folder / "sheet.csv")]))


def test_the_table_has_every_text_of_the_language(script: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert [row["key"] for row in table(script, "ta", capsys)] == ["a.one", "a", "b"]
    assert [(row["english"], row["text"], row["correction"]) for row in table(script, "zh-Hans", capsys)] == [
        ("{count} faces", "z {count}", ""),
        ("A stranger, {name}", "z {name}", ""),
    ]


def test_corrections_are_taken_and_all_else_stays(
    script: dict[str, Any], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = table(script, "ta", capsys)
    before = (tmp_path / "ta.json").read_text("utf-8")
    assert take(script, "ta", rows, tmp_path) == 0
    assert (tmp_path / "ta.json").read_text("utf-8") == before
    rows[1]["correction"] = "  {count}\n முகங்கள் "
    assert take(script, "ta", rows, tmp_path) == 0
    assert json.loads((tmp_path / "ta.json").read_text("utf-8")) == {
        "a.one": "x {count}",
        "a": "{count} முகங்கள்",
        "b": "y {name}",
    }
    assert "1 texts of ta corrected" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", ["without the brace", "{count} {count}", "{name}", "{count", "{count:d}"])
def test_a_correction_with_other_braces_is_refused(
    wrong: str, script: dict[str, Any], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = (tmp_path / "ta.json").read_text("utf-8")
    rows = [{"key": "b", "correction": "better {name}"}, {"key": "a", "correction": wrong}]
    assert take(script, "ta", rows, tmp_path) == 1
    assert (tmp_path / "ta.json").read_text("utf-8") == before
    assert capsys.readouterr().err.startswith("a: words in braces")


def test_a_key_that_is_none_is_refused(
    script: dict[str, Any], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert take(script, "zh-Hans", [{"key": "a.one", "correction": "{count}"}], tmp_path) == 1
    assert "'a.one'" in capsys.readouterr().err


TAGS = {
    "ms": "ms", "ms_MY": "ms", "in": "id", "id-ID": "id", "pt": "pt-BR", "pt-PT": "pt-BR", "zh": "zh-Hans",
    "zh-CN": "zh-Hans", "zh_SG": "zh-Hans", "zh-Hans-MY": "zh-Hans", "zh-TW": "en", "zh-Hant-HK": "en", "zh_HK": "en",
    "ta": "ta", "ta_LK": "ta", "TA-my": "ta", "en": "en", "en-AU": "en", "Tamil_India": "ta",
    "Chinese (Simplified)_China": "zh-Hans",
    "Chinese (Traditional)_Taiwan": None, "de": None, "": None, "tamarind": None, "zhuang": None,
}  # fmt: skip


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_names_a_language(tag: str) -> None:
    assert spoken(tag) == TAGS[tag]


def test_every_language_has_a_row_of_its_own() -> None:
    assert tuple(LANGUAGES) == languages.CODES
    assert {row.code for row in LANGUAGES.values() if row.machine_made} == {"zh-Hans", "ta"}
    assert {spoken(code) for code in LANGUAGES} == set(LANGUAGES)
    said = [word for row in LANGUAGES.values() for word in row.systems]
    assert len(said) == len(set(said))
    assert all(word == word.lower() for word in said)
