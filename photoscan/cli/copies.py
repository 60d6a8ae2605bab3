"""Where clean copies go: names, what may be overwritten, and what was already done."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from photoscan import metadata
from photoscan.clean_phrases import RefusedError
from photoscan.cleaning import losses, retold_xmp
from photoscan.cleaning.ledger import Ledger, key
from photoscan.cli.paths import STANDARD_INPUT, identities, identity
from photoscan.errors import NotReadableError, PhotoscanError, Phrases, UsageError, phrase, reason
from photoscan.files import write_atomically
from photoscan.options import Limits
from photoscan.photo import Photo
from photoscan.stripping import Keep, strip

if TYPE_CHECKING:
    from photoscan.cleaning import CleanPlan, CleanResult


@dataclass(frozen=True, slots=True)
class Extras:
    """What beside the bytes: `keep_time`: a copy says that it was last changed when its photo was. `drop`: a photo is
    replaced although pictures, movement, HDR or a projection go with it.
    """

    keep_time: bool = False
    drop: bool = False


class Copies:
    """Gives each photo's copy its place, and writes it there: whole or not at all, never over what was given.

    `output`: a folder, one file, or None to replace the photos themselves. `choices`: all that copies depend on beside
    photo and plan; `by_path`: whether they depend on the photo's path as well.
    """

    def __init__(
        self,
        paths: tuple[str, ...],
        inputs: list[str],
        output: Path | None,
        plan: CleanPlan,
        overwrite: bool,
        choices: Sequence[object] = (),
        by_path: bool = False,
        extras: Extras | None = None,
    ) -> None:
        self.paths, self.output, self.plan, self.overwrite = paths, output, plan, overwrite
        self.extras = extras or Extras()
        self.choices, self.by_path = (*choices, *(("time",) if self.extras.keep_time else ())), by_path
        self.made: set[tuple[int, int]] = set()
        self.reserved: Path | None = None
        self.ledger = Ledger(output) if output is not None and not self._single(output) else None
        self.resumed = bool(self.ledger and self.ledger.rows)
        self.inputs = self._originals(inputs)
        self.given = identities(self.inputs)
        if plan.rename and self.ledger is None:
            raise UsageError("cli.clean.rename")
        if output is None and STANDARD_INPUT in inputs:
            raise UsageError("cli.clean.in_place_input")

    def _single(self, output: Path) -> bool:
        """Whether the output is one file, not a folder."""
        one = len(self.paths) == 1 and not Path(self.paths[0]).is_dir()
        return one and not output.is_dir() and output.suffix != ""

    def _originals(self, inputs: list[str]) -> list[str]:
        """The photos without the copies among them: the output may lie in a folder that is searched.

        What the caller named, or lies in a folder that he named at or below the output, he means.
        """
        if self.ledger is None or self.output is None:
            return inputs
        output = self.output.resolve()
        folders = [folder for folder in map(Path, self.paths) if folder.is_dir()]
        around = [folder for folder in folders if folder.resolve() in output.parents]
        meant = [folder for folder in folders if output in (folder.resolve(), *folder.resolve().parents)]

        def found(path: str, below: list[Path]) -> bool:
            return any(folder in Path(path).parents for folder in below)

        return [
            path
            for path in inputs
            if path in self.paths or not found(path, around) or found(path, meant) or not self.ledger.holds(Path(path))
        ]

    def done(self, photo: Photo) -> str | None:
        """The sha256 of the copy that an earlier run made and proved of this photo with these choices."""
        name, found = self._found(photo)
        if found and name and self.output is not None and (there := identity(self.output / name)):
            # It is told to be there: no other photo's copy may replace it in this run.
            self.made.add(there)
        return found

    def seems_done(self, path: str, limits: Limits) -> bool:
        """Whether `done` is likely to have a copy of the photo there when its turn comes; nothing is noted of it."""
        if not self.resumed:
            return False
        try:
            return self._found(Photo.open(path, limits, decodes=False))[1] is not None
        except PhotoscanError:
            return False

    def _found(self, photo: Photo) -> tuple[str | None, str | None]:
        """The name under which a photo's copy is looked for, None for any, and the sha256 of one that was proved."""
        name = None if self.plan.rename else self._name(photo).as_posix()
        return name, None if self.ledger is None else self.ledger.find(self._key(photo), name)

    def spare(self, file: Path) -> None:
        """RefusedError when a file that is to be written beside the copies is one of the photos."""
        if identity(file) in self.given:
            raise RefusedError("input", path=file)

    def reserve(self, file: Path) -> None:
        """Keep a place for receipts; RefusedError when a photo or a copy is or will be there.

        The folder of the copies is made where the place is in it.
        """
        self.spare(file)
        self.reserved = file.resolve()
        if self.output is not None and self.ledger is None:
            self._reserve_not(self.output)
        if self.ledger is not None and self.output is not None and file.parent.resolve() == self.output.resolve():
            _make(self.output)

    def _reserve_not(self, target: Path) -> None:
        if target.resolve() == self.reserved:
            raise RefusedError("receipt", path=target)

    def write(self, photo: Photo, result: CleanResult) -> Path:
        """Write a copy to its place; what can't be written leaves everything as it was."""
        changed = _changed(photo) if self.extras.keep_time else None
        if self.output is None:
            if not self.extras.drop:
                _refuse_loss(photo, result)
            return _replaced(photo, result.data, changed)
        if self.ledger is None:
            target = self.output
            self._refuse(target)
            write_atomically(target, result.data, changed_ns=changed)
            return target
        name = self._renamed(photo) if self.plan.rename else self._name(photo)
        target = self.output / name
        # A run that was killed before it could note a copy has written this very one.
        self._refuse(target, result.data)
        _make(target.parent)
        write_atomically(target, result.data, changed_ns=changed)
        if there := identity(target):
            self.made.add(there)
        return target

    def other_names(self, photo: Photo) -> int:
        """How many other names the file has that is to be replaced: under each the photo as it was stays."""
        if self.output is not None:
            return 0
        try:
            return max(0, Path(photo.name).stat().st_nlink - 1)
        except OSError:
            return 0

    def note(self, photo: Photo, result: CleanResult, target: Path) -> None:
        """Note a copy that was written, so that the next run passes it over; NotReadableError when that fails."""
        if self.ledger is not None and self.output is not None:
            name = target.relative_to(self.output).as_posix()
            self.ledger.add(self._key(photo), name, result.receipt.output_sha256)

    def _key(self, photo: Photo) -> str:
        return key(photo, self.plan, *self.choices, *((photo.name,) if self.by_path else ()))

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
        converted = self.plan.target is not None and self.plan.target is not photo.format
        return self.plan.target.row.suffixes[0] if converted and self.plan.target else own

    def _refuse(self, target: Path, data: bytes | None = None) -> None:
        """No photo that was given may be overwritten, not even by way of a link, and nothing else unless asked.

        `data`: what may be there already.
        """
        self.spare(target)
        self._reserve_not(target)
        there = identity(target)
        if there in self.made:
            raise RefusedError("twice", path=target)
        if (there or target.is_symlink()) and not self.overwrite and not _holds(target, data):
            raise RefusedError("exists", path=target)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RefusedError("folder", path=folder, reason=reason(error)) from None


def _holds(file: Path, data: bytes | None) -> bool:
    try:
        return data is not None and file.read_bytes() == data
    except OSError:
        return False


def _changed(photo: Photo) -> int | None:
    """When the photo's file was last changed; None for what is no file."""
    try:
        return photo.path.stat().st_mtime_ns if photo.path else None
    except OSError as error:
        raise NotReadableError("problem.unreadable", path=photo.name, why=reason(error)) from None


def _refuse_loss(photo: Photo, result: CleanResult) -> None:
    """In place nothing may go unasked that is no metadata: no picture, movement, HDR or projection."""
    gone = losses.grave(result.receipt.notes)
    if gone:
        keys = {what.key.rpartition(".")[2] for what in gone}
        options = "--keep pages" if "pages" in keys and "pages" in photo.format.row.keeps else ""
        if "gain_map" in keys and result.receipt.method is None and _keeps_map(photo):
            options = "--keep gain-map"
        if "projection" in keys and _keeps_projection(photo):
            options = "--keep projection"
        keep = phrase("clean.refused.keeps", options=options) if options else ""
        raise RefusedError("pictures_lost", what=Phrases(gone, ", "), keep=keep)


def _keeps_projection(photo: Photo) -> bool:
    """Whether the photo says how it lies on a sphere in a way that can be kept."""
    said = metadata.read(photo.data, photo.format, photo.name)
    return "projection" in photo.format.row.keeps and bool(retold_xmp.projection(said.entries))


def _keeps_map(photo: Photo) -> bool:
    """Whether the photo's gain map is one that can be kept."""
    copy = strip(photo.data, photo.format, Keep(gain_map=True))
    return losses.holds_gain_map(metadata.read(copy.data, photo.format, photo.name))


def _replaced(photo: Photo, copy: bytes, changed: int | None) -> Path:
    """Put a copy in its photo's place, behind any links; NotReadableError when the photo has changed meanwhile."""
    place = Path(os.path.realpath(photo.name))
    try:
        same = hashlib.sha256(place.read_bytes()).hexdigest() == photo.sha256
    except OSError as error:
        raise NotReadableError("problem.unreadable", path=photo.name, why=reason(error)) from None
    if not same:
        raise NotReadableError("problem.photo.restless", path=photo.name)
    write_atomically(place, copy, changed_ns=changed)
    return place
