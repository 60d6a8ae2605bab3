"""Where clean copies go: names, what may be overwritten, and what was already done."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from photoscan.cleaning.ledger import Ledger, key
from photoscan.cleaning.said import RefusedError
from photoscan.cli.paths import STANDARD_INPUT
from photoscan.errors import reason
from photoscan.files import write_atomically

if TYPE_CHECKING:
    from photoscan.cleaning import CleanPlan, CleanResult
    from photoscan.photo import Photo

SUFFIXES = {"jpeg": ".jpg", "png": ".png"}
"""The end of a converted copy's name."""


class Copies:
    """Gives each photo's copy its place, and writes it there: whole or not at all, never over what was given."""

    def __init__(
        self,
        paths: tuple[str, ...],
        inputs: list[str],
        output: Path | None,
        plan: CleanPlan,
        overwrite: bool,
        *choices: object,
    ) -> None:
        self.paths, self.output, self.plan, self.overwrite, self.choices = paths, output, plan, overwrite, choices
        self.given = _identities(inputs)
        self.ledger = Ledger(output) if output is not None and not self._single(output) else None

    def _single(self, output: Path) -> bool:
        """Whether the output is one file, not a folder."""
        one = len(self.paths) == 1 and not Path(self.paths[0]).is_dir()
        return one and not output.is_dir() and output.suffix != ""

    def done(self, photo: Photo) -> Path | None:
        """The copy that an earlier run made and proved of this photo with these choices."""
        if self.ledger is None:
            return None
        name = None if self.plan.rename else self._name(photo).as_posix()
        return self.ledger.find(key(photo, self.plan, *self.choices), name)

    def write(self, photo: Photo, result: CleanResult) -> Path:
        """Write a copy to its place; what can't be written leaves everything as it was."""
        if self.output is None:
            write_atomically(Path(photo.name), result.data)
            return Path(photo.name)
        if self.ledger is None:
            target = self.output
            self._refuse(target)
            write_atomically(target, result.data)
            return target
        name = self._renamed(photo) if self.plan.rename else self._name(photo)
        target = self.output / name
        self._refuse(target)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise RefusedError("folder", path=target.parent, reason=reason(error)) from None
        write_atomically(target, result.data)
        return target

    def note(self, photo: Photo, result: CleanResult, target: Path) -> None:
        """Note a copy that was written, so that the next run passes it over; NotReadableError when that fails."""
        if self.ledger is not None and self.output is not None:
            name = target.relative_to(self.output).as_posix()
            self.ledger.add(key(photo, self.plan, *self.choices), name, result.receipt.output_sha256)

    def _name(self, photo: Photo) -> Path:
        """The photo's own name, below the folder that was searched."""
        source = Path(photo.name)
        relative = Path(source.name)
        for root in map(Path, self.paths):
            if root.is_dir() and root in source.parents:
                relative = source.relative_to(root)
        return relative.with_suffix(self._suffix(photo, relative.suffix))

    def _renamed(self, photo: Photo) -> Path:
        """A name that tells nothing, not even in which folder the photo was."""
        return Path(f"photo-{secrets.token_hex(4)}{self._suffix(photo, Path(photo.name).suffix.lower())}")

    def _suffix(self, photo: Photo, own: str) -> str:
        converted = self.plan.to is not None and self.plan.to is not photo.format
        return SUFFIXES[self.plan.to.value] if converted and self.plan.to else own

    def _refuse(self, target: Path) -> None:
        """No photo that was given may be overwritten, not even by way of a link, and nothing else unless asked."""
        status = _status(target)
        if status and (status.st_dev, status.st_ino) in self.given:
            raise RefusedError("input", path=target)
        if (status or target.is_symlink()) and not self.overwrite:
            raise RefusedError("exists", path=target)


def _identities(inputs: list[str]) -> set[tuple[int, int]]:
    """Device and inode of each photo that was given."""
    found = set()
    for path in inputs:
        if path != STANDARD_INPUT and (status := _status(Path(path))):
            found.add((status.st_dev, status.st_ino))
    return found


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (OSError, ValueError):
        return None
