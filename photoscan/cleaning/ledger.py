"""What was already cleaned into a folder: a file beside the copies, so that an interrupted run goes on where it was.

A row holds a key, made of the source's bytes and everything that was chosen, the copy's name below the folder and its
hash. It tells nothing that the copies beside it do not; yet a copy's name is its source's unless copies are renamed.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import photoscan
from photoscan.cleaning.plan import CleanPlan
from photoscan.errors import NotReadableError, reason
from photoscan.photo import Photo

NAME = ".photoscan-cleaned.jsonl"


class Ledger:
    """The copies in one folder that were proved. A row that was cut short by a crash is as if it were not there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: dict[str, list[tuple[str, str]]] = {}
        for line in self._lines():
            try:
                row = json.loads(line)
                self.rows.setdefault(str(row["key"]), []).append((str(row["output"]), str(row["sha256"])))
            except (ValueError, KeyError, TypeError):
                continue

    def find(self, key: str, name: str | None) -> str | None:
        """The sha256 of a copy that was proved for this key, is still there and is still the same.

        `name`: below the folder; None for whatever name it has.
        """
        for output, sha256 in reversed(self.rows.get(key, ())):
            path = self.folder / output
            if name is None or output == name:
                try:
                    if hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
                        return sha256
                except (OSError, ValueError):
                    continue
        return None

    def holds(self, file: Path) -> bool:
        """Whether a file is a copy that was proved, by whatever choices, and is still the same."""
        try:
            name = file.resolve().relative_to(self.folder.resolve()).as_posix()
            hashes = {sha256 for copies in self.rows.values() for output, sha256 in copies if output == name}
            return bool(hashes) and hashlib.sha256(file.read_bytes()).hexdigest() in hashes
        except (OSError, ValueError):
            return False

    def add(self, key: str, name: str, sha256: str) -> None:
        """Note a copy that was written; NotReadableError when the folder is full: the copy stays, it is proved."""
        row = json.dumps({"key": key, "output": name, "sha256": sha256}) + "\n"
        try:
            with (self.folder / NAME).open("a", encoding="utf-8") as stream:
                stream.write(row if self._ends_well() else "\n" + row)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise NotReadableError("problem.unwritable", path=self.folder / NAME, why=reason(error)) from None
        self.rows.setdefault(key, []).append((name, sha256))

    def _lines(self) -> list[str]:
        try:
            return (self.folder / NAME).read_text("utf-8", "replace").splitlines()
        except OSError:
            return []

    def _ends_well(self) -> bool:
        try:
            raw = (self.folder / NAME).read_bytes()
        except OSError:
            return True
        return not raw or raw.endswith(b"\n")


def key(photo: Photo, plan: CleanPlan, *choices: object) -> str:
    """The key of a photo cleaned by a plan: the same only for the same bytes, choices and version of photoscan."""
    said = repr((photo.sha256, plan, choices, photoscan.__version__))
    return hashlib.sha256(said.encode()).hexdigest()
