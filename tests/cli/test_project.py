"""The project's file: which one is found, what it may say, who outranks it, and that it is never used in silence."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from photoscan.cli import project
from photoscan.errors import UsageError
from tests.cli.conftest import Said

SCHEMA = json.loads((Path(project.__file__).parent.parent / "schema/report-v1.json").read_text("utf-8"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo: Path) -> Path:
    """A repository with a photo in each of two folders, in which somebody works."""
    (tmp_path / ".git").mkdir()
    for name in ("new", "old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "holiday.jpg").write_bytes((demo / "holiday.jpg").read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "elsewhere")
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_nearest_file_counts_and_of_two_the_own_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert project.find() is None
    (home / "pyproject.toml").write_text("[project]\nname = 'photoscan-of-ours'\n")
    assert project.find() is None
    (home / "pyproject.toml").write_text("[tool.photoscan]\nprofile = 'fast'\n")
    found = project.find()
    assert found is not None
    assert found.defaults() == {"profile": "fast"}
    (home / "photoscan.toml").write_text("profile = 'thorough'\n")
    assert (found := project.find()) is not None
    assert found.file == home / "photoscan.toml"
    (home / "new/pyproject.toml").write_text("[tool.photoscan]\nprofile = 'fast'\n")
    monkeypatch.chdir(home / "new")
    assert (found := project.find()) is not None
    assert found.file == home / "new/pyproject.toml"


def test_paths_count_from_the_files_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "photoscan.toml").write_text("policy = 'ours.toml'\nbaseline = 'seen.json'\nlanguage = 'ms'\n")
    monkeypatch.chdir(home / "new")
    assert (found := project.find()) is not None
    assert found.defaults() == {
        "policy": str(home / "ours.toml"),
        "baseline": str(home / "seen.json"),
        "lang": "ms",
    }
    (home / "photoscan.toml").write_text("policy = 'strict'\n")
    assert (found := project.find()) is not None
    assert found.defaults() == {"policy": "strict"}


WRONG = {
    "polcy = 'strict'": ["'polcy'", "did you mean 'policy'?"],
    "show_values = true": ["'show_values'", "use policy, baseline"],
    "people = 'us.json'": ["'people'"],
    "profile = 'quick'\nonly = 'face'": ["'profile'", "fast, balanced, thorough", "'only' has to be a list"],
    "fail_on = 'hihg'": ["did you mean 'high'?"],
    "language = ['en']": ["'language'"],
    "policy = 7": ["'policy' has to be a text"],
    "baseline = ''": ["'baseline' has to be a text"],
    "exclude = ['a', 1]": ["'exclude'"],
    "policy = ": ["not valid TOML"],
    "language = 'ms'\npolicy = strict": ["line 2: not valid TOML"],
}


@pytest.mark.parametrize("said", WRONG)
def test_what_is_wrong_is_told_with_the_file(said: str, home: Path) -> None:
    (home / "photoscan.toml").write_text(said)
    with pytest.raises(UsageError) as error:
        project.find()
    assert [part for part in (str(home / "photoscan.toml"), *WRONG[said]) if part not in str(error.value)] == []


@pytest.mark.parametrize("said", ["[tool]\nphotoscan = 'fast'\n", "[tool.photoscan]\nbasline = 'a'\n"])
def test_so_it_is_in_a_shared_file(said: str, home: Path) -> None:
    (home / "pyproject.toml").write_text(said)
    with pytest.raises(UsageError, match=r"pyproject\.toml"):
        project.find()


def test_a_file_is_named_whenever_it_has_a_say(home: Path, said: Said) -> None:
    scan = ("scan", "new/holiday.jpg", "--format", "json")
    (home / "photoscan.toml").write_text("only = ['metadata']\nfail_on = 'critical'\n")
    code, out, err = said(*scan)
    assert code == 0
    assert f"{home / 'photoscan.toml'}: only, fail_on" in err
    report = json.loads(out)
    assert report["settings"] == {"file": str(home / "photoscan.toml"), "keys": ["only", "fail_on"]}
    jsonschema.validate(report, SCHEMA)
    code, out, err = said(*scan, "--fail-on", "high")
    assert code == 1
    assert json.loads(out)["settings"]["keys"] == ["only"]
    code, out, err = said(*scan, "--fail-on", "high", "--only", "metadata")
    assert (code, err) == (1, "")
    assert "settings" not in json.loads(out)
    code, out, err = said(*scan, "--only", "metadata", "--no-config", "--fail-on", "high")
    assert (code, err, "settings" in json.loads(out)) == (1, "", False)


@pytest.mark.parametrize("format_", ["text", "html", "sarif", "jsonl"])
def test_every_report_names_it(format_: str, home: Path, said: Said) -> None:
    (home / "photoscan.toml").write_text("only = ['metadata']\n")
    _, out, _ = said("scan", "new/holiday.jpg", "--format", format_, "-v")
    assert "photoscan.toml" in "".join(out.split())


def test_patterns_count_from_the_files_folder_and_options_add_to_them(
    home: Path, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "photoscan.toml").write_text("exclude = ['/old']\nonly = ['metadata']\n")
    monkeypatch.chdir(home / "new")
    _, out, err = said("scan", "..", "-q")
    assert "exclude" in err
    assert [line.split()[0] for line in out.splitlines()] == ["../new/holiday.jpg"]
    _, out, err = said("scan", "..", "-q", "--exclude", "new")
    assert out == ""
    # What is named itself is looked at.
    _, out, err = said("scan", "../old/holiday.jpg", "-q")
    assert "holiday.jpg" in out


def test_a_copy_is_made_as_the_project_wants_it(home: Path, said: Said) -> None:
    (home / "ours.toml").write_text("name = 'ours'\nversion = '1'\n[redaction]\nkeep = ['date']\n")
    (home / "photoscan.toml").write_text("policy = 'ours.toml'\n")
    code, _, err = said("clean", "new/holiday.jpg", "--metadata-only", "-o", "copy.jpg")
    assert (code, "photoscan.toml: policy" in err) == (0, True)
    kept = (home / "copy.jpg").read_bytes()
    said("clean", "new/holiday.jpg", "--metadata-only", "-o", "bare.jpg", "--no-config")
    assert len(kept) > len((home / "bare.jpg").read_bytes())


def test_the_language_of_a_project(home: Path, said: Said) -> None:
    (home / "photoscan.toml").write_text("language = 'pt-BR'\nonly = ['metadata']\n")
    _, out, err = said("scan", "new/holiday.jpg", "-v")
    assert "GPS" in out
    assert "Posição GPS" in out
    assert "configurações" in err
