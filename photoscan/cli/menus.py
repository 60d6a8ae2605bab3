"""What file managers want to find, for two entries in their menus: look at photos, and make safe copies of them.

GNOME Files: scripts, named by their files. KDE Dolphin: service menus (develop.kde.org, "Creating Dolphin service
menus"). Windows Explorer: 'Send to'. macOS Finder: Quick Actions, as Automator saves them.
"""

from __future__ import annotations

import os
import plistlib
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photoscan.catalog import LANGUAGES, text
from photoscan.formats import Format

MARK = b"photoscan integrate"
"""Stands in every file that was written here: no other one is written over or removed."""
ACTIONS = ("look", "copy")
_SCRIPT = """\
#!/bin/sh
# photoscan integrate: this file is written anew each time it is run
tell() {{
    if command -v notify-send >/dev/null 2>&1; then
        notify-send -- photoscan "$1"
    elif command -v osascript >/dev/null 2>&1; then
        osascript -e 'on run argv' -e 'display notification (item 1 of argv) with title "photoscan"' -e 'end run' "$1"
    elif command -v zenity >/dev/null 2>&1; then
        zenity --info --no-markup --title photoscan --text "$1"
    else
        printf '%s\\n' "$1" >&2
    fi
}}
for file do
    shift
    case $file in /*) ;; *) file=$PWD/$file ;; esac
    set -- "$@" "$file"
done
# Settings and patterns that lie beside the photos may be of whoever sent them: nobody would see that they had a say.
cd "${{HOME:-/}}" || cd /
if [ $# -eq 0 ]; then
    tell {nothing}
    exit 2
fi
{work}
"""
_WORK = {
    "copy": """\
told=$({program} clean -o "${{1%/*}}/safe" -- "$@" 2>&1)
status=$?
tell "$(printf '%s\\n' "$told" | tail -n 4)"
exit $status""",
    "look": """\
page=$(mktemp -d)/photoscan.html || exit 2
told=$({program} scan -o "$page" -- "$@" 2>&1)
if [ ! -s "$page" ]; then
    tell "$(printf '%s\\n' "$told" | tail -n 4)"
    exit 2
fi
if command -v xdg-open >/dev/null 2>&1; then xdg-open "$page"; else open "$page"; fi""",
}
_COMMANDS = {
    # Explorer puts names without blanks before cmd as they are: what stands behind '&' in one would be run when this
    # file ends. So cmd itself ends with it ('exit', not 'exit /b'), and a name that was cut is not there.
    "copy": """\
if not exist "%~1" (
    echo {nothing}
) else (
    {program} clean -o "%~dp1safe" -- %*
)""",
    "look": """\
if exist "%TEMP%\\photoscan.html" del "%TEMP%\\photoscan.html"
if not exist "%~1" (
    echo {nothing}
) else (
    {program} scan -o - -o "%TEMP%\\photoscan.html" -- %*
    if exist "%TEMP%\\photoscan.html" start "" "%TEMP%\\photoscan.html"
)""",
}
# From the user's own folder: what lies beside the photos has no say.
_CMD = """\
@echo off
rem photoscan integrate: this file is written anew each time it is run
chcp 65001 >nul
cd /d "%USERPROFILE%"
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """The files of one entry, and the folder that is there without them. `runs`: they have to be executable."""

    files: Mapping[Path, bytes]
    root: Path
    runs: bool = False


def entries(desktop: str, home: Path, program: Sequence[str], language: str) -> list[Entry]:
    """All entries for a file manager of `DESKTOPS`, with `program` as the words that call photoscan."""
    return list(_WAYS[desktop](home, program, language))


def places(desktop: str, home: Path) -> set[Path]:
    """Every file that entries may have, in whatever language they were written."""
    return {file for language in LANGUAGES for entry in entries(desktop, home, (), language) for file in entry.files}


def script(action: str, program: Sequence[str], language: str) -> str:
    """What a shell does with the files that it is given: names may hold anything, and begin with anything."""
    work = _WORK[action].format(program=shlex.join(program))
    return _SCRIPT.format(nothing=shlex.quote(text("menu.nothing", language)), work=work)


def _title(action: str, language: str) -> str:
    return text(f"menu.{action}", language)


def _data(home: Path) -> Path:
    """Where programs of the user keep their data (XDG Base Directory Specification)."""
    chosen = Path(os.environ.get("XDG_DATA_HOME", ""))
    return chosen if chosen.is_absolute() else home / ".local/share"


def _gnome(home: Path, program: Sequence[str], language: str) -> Iterator[Entry]:
    folder = _data(home) / "nautilus/scripts"
    for action in ACTIONS:
        written = script(action, program, language).encode()
        yield Entry({folder / _title(action, language): written}, folder, runs=True)


def _kde(home: Path, program: Sequence[str], language: str) -> Iterator[Entry]:
    root = _data(home)
    types = dict.fromkeys(format_.row.media for format_ in Format if format_ is not Format.SVG)
    lines = [
        "[Desktop Entry]",
        f"# {MARK.decode()}: this file is written anew each time it is run",
        "Type=Service",
        "X-KDE-ServiceTypes=KonqPopupMenu/Plugin",
        f"MimeType={';'.join(types)};",
        f"Actions={';'.join(ACTIONS)};",
    ]
    files = {}
    for action in ACTIONS:
        file = root / f"photoscan/{action}.sh"
        files[file] = script(action, program, language).encode()
        lines += [
            "",
            f"[Desktop Action {action}]",
            f"Name={_title(action, language)}",
            "Icon=view-preview" if action == "look" else "Icon=document-save-as",
            f"Exec={_exec(str(file))} %F",
        ]
    # Plasma takes only executable files for such menus.
    menu = root / "kio/servicemenus/photoscan.desktop"
    yield Entry({**files, menu: ("\n".join(lines) + "\n").encode()}, root, runs=True)


def _exec(word: str) -> str:
    """A word for the key Exec (Desktop Entry Specification): quoted, then escaped as every value is."""
    quoted = "".join(f"\\{c}" if c in '"`$\\' else c for c in word).replace("%", "%%")
    return f'"{quoted}"'.replace("\\", "\\\\").replace("\n", "\\n")


def _windows(home: Path, program: Sequence[str], language: str) -> Iterator[Entry]:
    folder = Path(os.environ.get("APPDATA") or home / "AppData/Roaming") / "Microsoft/Windows/SendTo"
    called = " ".join(f'"{word}"'.replace("%", "%%") for word in program)
    for action in ACTIONS:
        work = _COMMANDS[action].format(program=called, nothing=text("menu.nothing", language))
        lines = f"{_CMD}{work}\npause\nexit\n"
        yield Entry({folder / f"{_title(action, language)}.cmd": lines.replace("\n", "\r\n").encode()}, folder)


def _macos(home: Path, program: Sequence[str], language: str) -> Iterator[Entry]:
    folder = home / "Library/Services"
    for action in ACTIONS:
        title = _title(action, language)
        inside = folder / f"{title}.workflow/Contents"
        service = {
            "NSMenuItem": {"default": title},
            "NSMessage": "runWorkflowAsService",
            "NSRequiredContext": {"NSApplicationIdentifier": "com.apple.finder"},
            "NSSendFileTypes": ["public.image"],
        }
        info = {"CFBundleGetInfoString": MARK.decode(), "NSServices": [service]}
        files: dict[str, dict[str, Any]] = {
            "Info.plist": info,
            "document.wflow": _workflow(script(action, program, language)),
        }
        yield Entry({inside / name: plistlib.dumps(rows) for name, rows in files.items()}, folder)


def _workflow(command: str) -> dict[str, object]:
    """Automator's document of a Quick Action for pictures with one step, 'Run Shell Script', which is given files as
    arguments (inputMethod 1).
    """
    action = {
        "AMAccepts": {"Container": "List", "Optional": True, "Types": ["com.apple.cocoa.string"]},
        "AMActionVersion": "2.0.3",
        "AMProvides": {"Container": "List", "Types": ["com.apple.cocoa.string"]},
        "ActionBundlePath": "/System/Library/Automator/Run Shell Script.action",
        "ActionName": "Run Shell Script",
        "ActionParameters": {
            "CheckedForUserDefaultShell": True,
            "COMMAND_STRING": command,
            "inputMethod": 1,
            "shell": "/bin/sh",
            "source": "",
        },
        "BundleIdentifier": "com.apple.RunShellScript",
        "CFBundleVersion": "2.0.3",
        "Class Name": "RunShellScriptAction",
    }
    return {
        "AMApplicationVersion": "2.10",
        "AMDocumentVersion": "2",
        "actions": [{"action": action, "isViewVisible": 1}],
        "connectors": {},
        "workflowMetaData": {
            "serviceInputTypeIdentifier": "com.apple.Automator.fileSystemObject.image",
            "serviceOutputTypeIdentifier": "com.apple.Automator.nothing",
            "workflowTypeIdentifier": "com.apple.Automator.servicesMenu",
        },
    }


_WAYS: Mapping[str, Callable[[Path, Sequence[str], str], Iterator[Entry]]] = {
    "gnome": _gnome,
    "kde": _kde,
    "windows": _windows,
    "macos": _macos,
}
DESKTOPS = tuple(_WAYS)
