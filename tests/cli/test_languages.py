"""Every command in every language: nothing of what it says is left in English."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path

import pytest

from photoscan import groups, people
from photoscan.catalog import LANGUAGES, _catalogue
from photoscan.cli import main
from photoscan.cli.pages import EXAMPLES
from photoscan.container import KEEPABLE
from photoscan.risk import laws

OTHERS = [language for language in LANGUAGES if language != "en"]
LOCALES = {
    "en": "en_GB.UTF-8",
    "ms": "ms_MY.UTF-8",
    "id": "id_ID.UTF-8",
    "pt-BR": "pt_BR.UTF-8",
    "zh-Hans": "zh_CN.UTF-8",
    "ta": "ta_MY.UTF-8",
}
WORD = re.compile(r"[^\W\d_]{2,}")
WRONG = """
colour = 'red'
review_form = 'low'
block_from = 'hihg'
minimum_confidence = 3
language = 'fr'
countries = ['FR']
required = 'face'
[kinds]
plate = 'blok'
text.phone = 'block'
'text.fone' = 'block'
face = { decision = 'block', from_confidence = 5, colour = 'red' }
[[allow]]
kind = 'text'
hash = '1'
[[ignore]]
box = [0, 0, 640, 480]
kinds = 'text'
photos = 3
[redaction]
style = 'pixel'
keep = ['nothing']
"""
COMMANDS = """
--help
scan --help
read --help
models
models --help
models install --help
models list --help
models verify --help
people --help
workshop --help
people add --help
people list --help
people remove --help
clean --help
batch --help
serve --help
workshop --help
policy --help
kinds --help
completions --help
completions tcsh
scan --exclude [z-a] x
kinds
kinds --no-plugins --format json
kinds text.fone
policy show --help
policy check --help
policy allow --help
nonsense
models nonsense
scan
scan --formt text x
scan --format text_ x
scan --jobs 0 x
scan --jobs many x
scan --show-values=yes x
scan -o {folder} x
scan x --policy
read --ocr nothing x
policy allow
policy show strikt
policy show strict
policy show {known}
policy check {wrong}
policy check {nowhere}
policy check {no_toml}
policy check {detector}
policy allow --kind plate --note "a"b"
scan {holiday} --only metadata
scan {holiday} {generated} --only metadata -v
scan {holiday} {generated} {text} {broken} {nowhere} --only metadata --format html
scan {holiday} {text} {broken} --only metadata --format sarif
scan {holiday} {text} {broken} --only metadata --format jsonl
scan {holiday} --only metadata --policy {known}
scan {holiday} --only metadata --baseline {nowhere}
scan {holiday} --only metadata --baseline {text}
scan {holiday} --only metadata --baseline {baseline} --update-baseline
scan {holiday} --only metadata --update-baseline
scan {holiday} --only metadatum
scan {holiday} --ocr easyocr_
scan {holiday} --people {people}
scan {empty}
scan {folder}/missing.jpg
read {text} {broken} {folder} {nowhere}
read {svg}
clean --help
clean
clean {holiday}
clean {holiday} -o {folder} --check
clean {holiday} --dry-run --metadata-only
clean {holiday} {generated} --dry-run --metadata-only --format json --keep copyright --coarsen-gps city
clean {holiday} --in-place --to png
clean {holiday} --dry-run --metadata-only --to png
clean {holiday} --dry-run --style smear
clean {holiday} --dry-run --box 1,2,3
clean {holiday} --dry-run --box 1,2,0,0
clean {holiday} --dry-run --redact faces
clean {holiday} --dry-run --keep-face Hakim --people {people}
clean {holiday} --dry-run --keep-face Nobody --people {people}
clean {holiday} {text} {broken} {svg} {folder}/missing.jpg -o {empty} --metadata-only --receipt {folder}/r.txt
clean {holiday} {generated} -o {empty} --metadata-only --keep date
clean {holiday} -o {baseline} --metadata-only
clean {holiday} --check
clean {holiday} --metadata-only
clean {holiday} --metadata-only --dry-run
clean {holiday} --metadata-only --check
clean {holiday} {text} {broken} --metadata-only -o {folder}/copies
clean {holiday} --metadata-only -o {holiday}
clean {holiday} --metadata-only --dry-run --box 1,2,3
clean {holiday} --metadata-only --dry-run --keep-face Nobody --people {people}
batch {nowhere} --out {folder}/batch
batch {empty} --out {folder}/batch --shard 9/4
serve --port 99999999
workshop --port many
models list
models install nonsense
people list --people {nowhere}
people list --people {people}
people list --people {text}
people remove Nobody --people {people}
people remove Hakim --people {other}
policy show {holiday}
serve --help
serve add-key --help
serve list-keys --help
serve change-key --help
serve remove-key --help
serve --host 0.0.0.0
serve --workers none
serve --policy {nowhere}
serve --policy strict --policy strict
serve --keys {nowhere}
serve list-keys --keys {text}
serve change-key shop --keys {nowhere}
serve add-key a/b --keys {nowhere}
serve add-key shop --keys {nowhere}
"""


@pytest.fixture
def files(tmp_path: Path, demo: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """What the commands are about, the same in every language."""
    monkeypatch.setenv("PHOTOSCAN_KEY", str(tmp_path / "no.key"))
    monkeypatch.setenv("COLUMNS", "80")
    texts = {
        "wrong": f"name = 'x'\n{WRONG}",
        "no_toml": "name = 'x'\nversion =",
        "known": f"name = 'x'\nversion = '1'\n[[allow]]\nkind = 'plate'\nhash = '{'0' * 64}'\n[redaction]\n"
        "kinds = ['face']\n[[ignore]]\nbox = [0, 0, 1, 1]\n",
        "detector": "name = 'x'\nversion = '1'\nrequired = ['faces']",
        "text": "Nothing to see.",
        "baseline": '{"photoscan_baseline": 1, "photos": {}}',
        "svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    }
    found = {name: tmp_path / f"{name}.toml" for name in texts}
    for name, text in texts.items():
        found[name].write_text(text)
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.jpg").write_bytes((demo / "holiday.jpg").read_bytes()[:30])
    person = people.Person("Hakim", True, False, ((0.5,) * people.LENGTH,))
    for name in ("people", "other"):
        people.write(tmp_path / f"{name}.json", people.People((person,)))
    return found | {
        "folder": tmp_path,
        "empty": tmp_path / "empty",
        "nowhere": tmp_path / "nowhere",
        "people": tmp_path / "people.json",
        "other": tmp_path / "other.json",
        "broken": tmp_path / "broken.jpg",
        "holiday": demo / "holiday.jpg",
        "generated": demo / "generated.png",
    }


def said(
    command: str,
    language: str,
    files: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> str:
    """What a command says on standard output and error, to a user whose system speaks that language."""
    monkeypatch.setenv("LC_ALL", LOCALES[language])
    arguments = [word.strip('"') for word in command.format(**files).split()]
    monkeypatch.setattr(sys, "argv", ["photoscan", *arguments])
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    with pytest.raises(SystemExit):
        main()
    output = capsys.readouterr()
    return output.out + output.err


PARTS = {word for part in (*KEEPABLE, *groups.groups()) for word in part.split("-")}
"""Words of options, which are the same in every language."""


def sentences(language: str) -> set[str]:
    """What stands between the placeholders of a catalogue, as far as it is three words or more."""
    parts = (part for row in _catalogue(language).values() for part in re.split(r"\{[^}]*\}|\n+", row))
    return {" ".join(part.split()).lower() for part in parts if len(WORD.findall(part)) >= 3}


@pytest.mark.parametrize("command", COMMANDS.strip().splitlines())
def test_nothing_is_left_in_english(
    command: str, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    english = said(command, "en", files, monkeypatch, capsys)
    assert "Traceback" not in english
    for language in OTHERS:
        told = said(command, language, files, monkeypatch, capsys)
        flat = " ".join(told.split()).lower()
        known = sentences("en") - sentences(language)
        assert [row for row in known if row in flat] == [], language
        # What no catalogue has: lines that are the same in both languages, and are more than names.
        same = set(plain(english)) & set(plain(told))
        said_alike = [row for row in same if len([w for w in WORD.findall(row) if w not in PARTS]) > 4]
        assert said_alike == [], language


def plain(said: str) -> list[str]:
    """Lines to compare: of JSON only messages and explanations, without paths, names of files, quoted and bracketed."""
    # Laws have their own names; style sheets and sources speak to nobody.
    said = re.sub(r'(?s)<style>.*?</style>|<span lang="en">.*?</span>', "", said)
    for law in laws.known():
        said = re.sub(r"\s+".join(map(re.escape, law.name.split())), "", said)
    # Commands are the same in every language.
    commands = {f"  photoscan {example}" for examples in EXAMPLES.values() for example in examples}
    rows = [row for row in said.splitlines() if row not in commands]
    if said.lstrip().startswith("{"):
        texts = re.findall(r'"(?:message|explanation|text|justification)": ("(?:[^"\\]|\\.)*")', said)
        rows = [json.loads(text) for text in texts]
    rows = [part for row in rows for part in re.split(r"<[^>]*>", row)]
    return [re.sub(r"\S*/\S*|'[^']*'|\[[^\]]*\]|--?[a-z-]+\b|\b[0-9a-f]{32,}\b", "", row).strip() for row in rows]


def test_the_language_may_be_named_by_an_option_also_for_complaints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], files: dict[str, Path]
) -> None:
    for command in (
        "scan --lang ms",
        "scan --lang=ms --help",
        "scan --lang ms --policy strikt x",
        "scan --help --lang ms",
    ):
        told = said(command, "pt-BR", files, monkeypatch, capsys)
        assert re.search(r"Cara guna|tiada polisi", told), command


@pytest.mark.parametrize("language", LANGUAGES)
def test_complaints_say_what_is_expected(
    language: str, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = {
        "scan --formt text x": "--format",
        "scan --format text_ x": "text, json, jsonl, html, sarif",
        "scan --jobs 0 x": "64",
        "scan": "PATHS",
        "models nonsense": "install, list, verify",
        "models instal": "'install'",
        "scam": "'scan'",
        "scan --profile balancd x": "'balanced'",
        "policy allow --kind text.fone": "'text.phone'",
        "scan --only metadata.gsp x": "'metadata.gps'",
        "kinds fase": "'face'",
        "policy show strikt": "'strict'",
        "policy allow": "--kind",
    }
    for command, word in expected.items():
        assert word in said(command, language, files, monkeypatch, capsys).splitlines()[-1], command
