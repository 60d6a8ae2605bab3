"""`photoscan integrate`: what it writes can be read by those it is for, hands over any name, and goes again."""

from __future__ import annotations

import configparser
import os
import plistlib
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from photoscan.catalog import LANGUAGES, text
from photoscan.cli import integrate, menus
from tests.cli.conftest import Said

PROGRAM = ("/opt/a b/photo'scan", "-m", "x y")
needs_sh = pytest.mark.skipif(shutil.which("sh") is None or os.name != "posix", reason="the script is for a shell")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "home of mine"
    made.mkdir()
    monkeypatch.setattr(Path, "home", lambda: made)
    for name in ("XDG_DATA_HOME", "APPDATA", "LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    return made


def written(home: Path) -> dict[str, bytes]:
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in home.rglob("*") if p.is_file()}


FILES = {
    "gnome": [f".local/share/nautilus/scripts/{text(f'menu.{action}', 'en')}" for action in menus.ACTIONS],
    "kde": [
        ".local/share/kio/servicemenus/photoscan.desktop",
        ".local/share/photoscan/copy.sh",
        ".local/share/photoscan/look.sh",
    ],
    "windows": [
        f"AppData/Roaming/Microsoft/Windows/SendTo/{text(f'menu.{action}', 'en')}.cmd" for action in menus.ACTIONS
    ],
    "macos": [
        f"Library/Services/{text(f'menu.{action}', 'en')}.workflow/Contents/{name}"
        for action in menus.ACTIONS
        for name in ("Info.plist", "document.wflow")
    ],
}


@pytest.mark.parametrize("desktop", menus.DESKTOPS)
def test_entries_are_written_shown_and_removed(desktop: str, home: Path, said: Said) -> None:
    code, out, _ = said("integrate", desktop, "--dry-run")
    assert (code, written(home)) == (0, {})
    assert [name for name in FILES[desktop] if str(home / name) not in out] == []
    code, out, _ = said("integrate", desktop)
    assert code == 0
    assert set(written(home)) == set(FILES[desktop])
    assert all(menus.MARK in data for name, data in written(home).items() if not name.endswith(".wflow"))
    first = written(home)
    assert said("integrate", desktop)[0] == 0
    assert written(home) == first
    # In another language it has other names: none of the old ones stays.
    assert said("integrate", desktop, "--lang", "pt-BR")[0] == 0
    assert len(written(home)) == len(first)
    assert written(home) != first
    assert said("integrate", desktop, "--remove", "--dry-run")[0] == 0
    assert len(written(home)) == len(first)
    assert said("integrate", desktop, "--remove")[0] == 0
    assert written(home) == {}
    assert said("integrate", desktop, "--remove")[0] == 0


@pytest.mark.parametrize("desktop", menus.DESKTOPS)
def test_no_file_of_others_is_written_over_or_removed(desktop: str, home: Path, said: Said) -> None:
    file = home / FILES[desktop][0]
    file.parent.mkdir(parents=True)
    file.write_bytes(b"mine")
    code, _, err = said("integrate", desktop)
    assert (code, "was not written by photoscan" in err) == (2, True)
    said("integrate", desktop, "--remove")
    assert file.read_bytes() == b"mine"


def test_which_file_manager_is_here(monkeypatch: pytest.MonkeyPatch, said: Said) -> None:
    for system, desktops, wanted in (
        ("linux", "ubuntu:GNOME", "gnome"),
        ("linux", "KDE", "kde"),
        ("darwin", "", "macos"),
        ("win32", "", "windows"),
    ):
        monkeypatch.setattr(integrate.sys, "platform", system)
        monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktops)
        assert integrate.here() == wanted
    monkeypatch.setattr(integrate.sys, "platform", "linux")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "sway")
    code, _, err = said("integrate")
    assert (code, "gnome, kde, windows, macos" in err) == (2, True)


NAMES = ["a.jpg", "two words.jpg", "-rf.jpg", "-", 'it\'s "so".jpg', "line\nbreak.jpg", "$(touch x);`y`.jpg", "* ?.jpg"]


@needs_sh
@pytest.mark.parametrize("action", menus.ACTIONS)
@pytest.mark.parametrize("whole", [True, False], ids=["whole paths", "names in the folder"])
def test_the_script_hands_over_any_name(action: str, whole: bool, tmp_path: Path) -> None:
    """With a stand-in for photoscan, which notes what it was given, and one for whatever shows something."""
    tools = tmp_path / "bin of 'mine'"
    tools.mkdir()
    called, shown = tmp_path / "called", tmp_path / "shown"
    stub = (
        '#!/bin/sh\nprintf "%s\\0" "$@" > "$CALLED"\npwd > "$CALLED.at"\necho "The copies are there."\n'
        'for word do\n case $before$word in -o*.html) echo page > "$word" ;; esac\n before=$word\ndone\n'
    )
    for name, body in {
        "photoscan": stub,
        "notify-send": '#!/bin/sh\nprintf "%s\\n" "$@" >> "$SHOWN"\n',
        "xdg-open": '#!/bin/sh\ncat "$1" >> "$SHOWN"\n',
    }.items():
        (tools / name).write_text(body)
        (tools / name).chmod(0o755)
    folder = tmp_path / "my photos\n"
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_bytes(b"photo")
    script = tmp_path / "entry"
    script.write_text(menus.script(action, [str(tools / "photoscan")], "en"))
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
    given = [str(folder / name) if whole else name for name in NAMES]
    environment = {
        "PATH": f"{tools}:/usr/bin:/bin", "CALLED": str(called), "SHOWN": str(shown), "TMPDIR": str(tmp_path),
        "HOME": str(tools),
    }  # fmt: skip
    done = subprocess.run(["sh", str(script), *given], cwd=folder, env=environment, check=False)
    assert done.returncode == 0
    # Not beside the photos, where settings of whoever sent them may lie.
    assert Path(f"{called}.at").read_text() == f"{tools}\n"
    words = called.read_text().split("\0")[:-1]
    at = words.index("--")
    paths = [Path(folder, path) for path in words[at + 1 :]]
    assert paths == [folder / name for name in NAMES]
    assert [word for word in words[at + 1 :] if word.startswith("-")] == []
    if action == "copy":
        assert words[:2] == ["clean", "-o"]
        assert Path(folder, words[2]) == folder / "safe"
        assert "The copies are there." in shown.read_text()
    else:
        assert words[:2] == ["scan", "-o"]
        assert shown.read_text() == "page\n"
    assert sorted(path.name for path in folder.iterdir()) == sorted(NAMES)


@needs_sh
def test_nothing_that_is_a_file_is_told(tmp_path: Path) -> None:
    script = tmp_path / "entry"
    script.write_text(menus.script("copy", ["false"], "en"))
    shell = shutil.which("sh") or ""
    done = subprocess.run(
        [shell, str(script)], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, text("menu.nothing", "en") in done.stderr) == (2, True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_of_kde(language: str, home: Path) -> None:
    (entry,) = menus.entries("kde", home, PROGRAM, language)
    menu = next(data for file, data in entry.files.items() if file.suffix == ".desktop")
    rows = configparser.RawConfigParser(strict=True, delimiters=("=",))
    rows.optionxform = str  # type: ignore[assignment, method-assign]
    rows.read_string(menu.decode())
    head = rows["Desktop Entry"]
    assert (head["Type"], head["X-KDE-ServiceTypes"]) == ("Service", "KonqPopupMenu/Plugin")
    assert {"image/jpeg", "image/heic"} < set(head["MimeType"].rstrip(";").split(";"))
    assert "image/svg+xml" not in head["MimeType"]
    for action in head["Actions"].rstrip(";").split(";"):
        row = rows[f"Desktop Action {action}"]
        assert row["Name"] == text(f"menu.{action}", language)
        word, _, rest = row["Exec"].rpartition(" ")
        assert rest == "%F"
        assert Path(unquoted(word)) in entry.files
    assert entry.runs


def unquoted(word: str) -> str:
    """The program that a key Exec names, as the specification reads it: the value's escapes, then the quotes."""
    value = re.sub(r"\\(.)", lambda m: {"n": "\n", "s": " ", "t": "\t"}.get(m[1], m[1]), word)
    assert value[0] == value[-1] == '"'
    return re.sub(r'\\(["`$\\])', r"\1", value[1:-1]).replace("%%", "%")


@pytest.mark.parametrize("word", ["/a b/c", '/q"u`o$t\\e', "/100%/x", "/new\nline", "/é'"])
def test_words_of_the_key_exec(word: str) -> None:
    assert unquoted(menus._exec(word)) == word


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_quick_actions_of_macos(language: str, home: Path) -> None:
    for entry, action in zip(menus.entries("macos", home, PROGRAM, language), menus.ACTIONS, strict=True):
        info, flow = (plistlib.loads(data) for data in entry.files.values())
        (service,) = info["NSServices"]
        assert service["NSMenuItem"] == {"default": text(f"menu.{action}", language)}
        assert service["NSSendFileTypes"] == ["public.image"]
        (step,) = flow["actions"]
        assert step["action"]["ActionParameters"]["COMMAND_STRING"] == menus.script(action, PROGRAM, language)
        assert step["action"]["ActionParameters"]["inputMethod"] == 1
        assert flow["workflowMetaData"]["workflowTypeIdentifier"].endswith("servicesMenu")


@pytest.mark.parametrize("language", LANGUAGES)
def test_send_to_of_windows(language: str, home: Path) -> None:
    for entry in menus.entries("windows", home, ("C:\\100% a\\photoscan.exe",), language):
        ((file, data),) = entry.files.items()
        assert not set(file.name) & set('<>:"/\\|?*')
        lines = data.decode().split("\r\n")
        assert "\n" not in "".join(lines)
        assert 'cd /d "%USERPROFILE%"' in lines
        # No page of other photos is shown where this one could not be made.
        assert any(line.startswith("if exist") and " del " in line for line in lines) == (
            "photoscan.html" in str(lines)
        )
        # What stands behind '&' in a name is not run when this ends.
        assert lines[-3:] == ["pause", "exit", ""]
        (call,) = (line for line in lines if "photoscan.exe" in line)
        assert call.strip().startswith('"C:\\100%% a\\photoscan.exe" ')
        assert call.endswith(" -- %*")
        # In a block of cmd these would end it, or join commands.
        (said,) = (line.strip().removeprefix("echo ") for line in lines if line.strip().startswith("echo "))
        assert not set(said) & set("()&|<>^%!")


def test_the_program_is_called_by_its_whole_place() -> None:
    assert Path(integrate.program()[0]).is_absolute()


def test_words_with_blanks_stay_one() -> None:
    (call,) = (line for line in menus.script("copy", PROGRAM, "en").splitlines() if "clean" in line)
    assert shlex.join(PROGRAM) in call
