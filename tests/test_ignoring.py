"""Patterns as in a .gitignore: what they pass over, what they leave, and where the file with them is looked for."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photoscan.cli.above import folders, nearest
from photoscan.cli.ignored import passed_over
from photoscan.errors import UsageError
from photoscan.folder import photos_in
from photoscan.ignoring import Ignored, Patterns

FITS = [
    # patterns, a path, whether it is a folder, whether it is passed over
    ("*.png", "a.png", False, True),
    ("*.png", "deep/er/a.png", False, True),
    ("*.png", "a.png.jpg", False, False),
    ("a.png", "b/a.png", False, True),
    ("/a.png", "b/a.png", False, False),
    ("/a.png", "a.png", False, True),
    ("b/a.png", "c/b/a.png", False, False),
    ("old/", "x/old", True, True),
    ("old/", "x/old", False, False),
    ("**/old", "x/y/old", False, True),
    ("**/old", "old", False, True),
    ("a/**/z", "a/z", False, True),
    ("a/**/z", "a/b/c/z", False, True),
    ("a/**", "a/b/c", False, True),
    ("a/**", "a", True, False),
    ("a/*", "a/b/c", False, False),
    ("?.jpg", "ab.jpg", False, False),
    ("?.jpg", "a.jpg", False, True),
    ("[a-c].jpg", "b.jpg", False, True),
    ("[!a-c].jpg", "b.jpg", False, False),
    ("a[!x]b", "a/b", False, False),
    ("# a", "# a", False, False),
    (r"\#a", "#a", False, True),
    (r"\!a", "!a", False, True),
    ("a.jpg   ", "a.jpg", False, True),
    ("*.jpg\n!keep.jpg", "keep.jpg", False, False),
    ("!keep.jpg\n*.jpg", "keep.jpg", False, True),
    ("*.JPG", "a.jpg", False, False),
    ("a.b", "axb", False, False),
    ("(a+)", "aa", False, False),
]


@pytest.mark.parametrize(("lines", "path", "is_folder", "over"), FITS)
def test_patterns(lines: str, path: str, is_folder: bool, over: bool) -> None:
    assert Patterns.of(lines.split("\n")).fit(path, is_folder) is over


@pytest.mark.skipif(shutil.which("git") is None, reason="git is asked")
def test_git_says_the_same(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for lines, path, is_folder, over in FITS:
        if (lines, path) == ("a/**", "a"):  # asked of 'a/', git answers as for what lies in it
            continue
        (tmp_path / ".gitignore").write_text(lines)
        name = f"{path}/" if is_folder else path
        asked = subprocess.run(["git", "check-ignore", "-q", "--no-index", name], cwd=tmp_path, check=False)
        patterns = Patterns.of(lines.split("\n"))
        above = [folder.as_posix() for folder in Path(path).parents if folder != Path()]
        whole = over or any(patterns.fit(folder, is_folder=True) for folder in above)  # these are not entered
        assert (asked.returncode == 0) is whole, (lines, path)


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_pattern_is_read_or_told(line: str, path: str) -> None:
    with contextlib.suppress(UsageError):
        Patterns.of([line]).fit(path, is_folder=False)


def test_a_range_the_wrong_way_round_is_told() -> None:
    with pytest.raises(UsageError, match=r"z-a"):
        Patterns.of(["[z-a]"])


def test_folders_that_are_passed_over_are_not_entered(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.png", "old/c.jpg", "new/d.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    ignored = Ignored(Patterns.of(["*.png"]), ((tmp_path, Patterns.of(["old/"])),))
    found = [Path(path).relative_to(tmp_path).as_posix() for path in photos_in(tmp_path, ignored)]
    assert found == ["a.jpg", "new/d.jpg"]
    # Whoever names the folder itself means it, and a list speaks of nothing outside its own folder.
    assert len(list(photos_in(tmp_path / "old", ignored))) == 1
    assert len(list(photos_in(tmp_path / "new", Ignored(placed=((tmp_path / "old", Patterns.of(["*"])),))))) == 1


def test_files_are_looked_for_above_up_to_a_root_or_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, deep = tmp_path / "home", tmp_path / "home/trips/photos"
    deep.mkdir(parents=True)
    for folder in (tmp_path, home):
        (folder / "x").write_text("")
    monkeypatch.setattr(Path, "home", lambda: home)
    monkeypatch.chdir(deep)
    assert list(folders()) == [deep, home / "trips", home]
    assert nearest("x") == home / "x"
    (home / "trips/.git").mkdir()
    assert nearest("x") is None
    # Outside of both, whoever can write above would have a say.
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "elsewhere")
    (home / "trips/.git").rmdir()
    assert list(folders()) == [deep]


def test_a_file_is_told_of_when_a_folder_is_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = tmp_path / "photos"
    (photos / "old").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    (photos / ".photoscanignore").write_text("*")  # beside the photos: it has no say
    assert passed_over((), ["photos"], "en") == Ignored()
    (tmp_path / ".photoscanignore").write_text("old/\n")
    assert passed_over((), ["photos/a.jpg"], "en") == Ignored()
    assert capsys.readouterr().err == ""
    found = passed_over((), ["photos"], "en")
    assert found.passes_over(Path("photos"), Path("photos/old"), is_folder=True)
    assert str(tmp_path / ".photoscanignore") in capsys.readouterr().err
