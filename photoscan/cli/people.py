"""`photoscan people`: who asked to be known. Names and encodings are kept in one private file, never photos."""

from __future__ import annotations

from pathlib import Path

import click

from photoscan import people as store
from photoscan.cli.language import say
from photoscan.cli.pages import PagedGroup
from photoscan.cli.paths import Local
from photoscan.errors import UsageError
from photoscan.models.places import user_data
from photoscan.options import ScanOptions

SMALLEST = 64
"""Face height in pixels below which a photo is no good example."""
CLEARLY_LARGER = 2.0
"""By this factor the largest face must exceed the next in area to be the one that is meant."""


def default_file() -> Path:
    """Where people are kept when no file is named: the user's data folder."""
    folder = user_data()
    if folder is None:
        raise UsageError("problem.people.homeless")
    return folder / "people.json"


_FILE = click.option(
    "--people", "file", type=Local(dir_okay=False, path_type=Path), help="Use this file instead of your own."
)


@click.group(cls=PagedGroup)
def people() -> None:
    """Add, list or remove people who asked to be recognised. No photo is kept, only numbers that describe the face.

    `photoscan scan --people FILE` then says who a face looks like.
    """


@people.command()
@click.argument("name")
@click.argument("photos", nargs=-1, required=True, type=Local(path_type=Path))
@click.option("--child/--adult", default=None, help="Whether this is a child.")
@click.option("--consents/--no-consent", default=None, help="Agrees to be shown: may be named to 'clean --keep-face'.")
@_FILE
def add(name: str, photos: tuple[Path, ...], child: bool | None, consents: bool | None, file: Path | None) -> None:
    """Add PHOTOs of NAME. In each, one face has to be clearly the largest. Several photos are better than one."""
    file = file or default_file()
    known = store.read(file) if file.exists() else store.People()
    encodings = tuple(_encoding(photo) for photo in photos)
    _doubts(known, name, list(zip(photos, encodings, strict=True)))
    changed = known.with_photos(name, encodings, child, consents)
    store.write(file, changed)
    person = changed.find(" ".join(name.split()))
    assert person is not None
    click.echo(say("people.kept", person=_line(person), path=file), err=True)


@people.command(name="list")
@_FILE
def list_(file: Path | None) -> None:
    """List everybody in the file."""
    file = file or default_file()
    if not file.exists():
        click.echo(say("people.nobody", path=file), err=True)
        return
    for person in store.read(file):
        click.echo(_line(person))


@people.command()
@click.argument("name")
@_FILE
def remove(name: str, file: Path | None) -> None:
    """Remove NAME and everything that is stored about them."""
    file = file or default_file()
    store.write(file, store.read(file).without(" ".join(name.split())))
    click.echo(say("people.removed"), err=True)


def _line(person: store.Person) -> str:
    words = [
        person.name,
        say("people.photos", count=len(person.encodings)),
        *([say("people.child")] if person.child else []),
        say("people.consents" if person.consents else "people.declines"),
    ]
    return ", ".join(words)


def _encoding(path: Path) -> store.Encoding:
    """The encoding of the face in a photo; PhotoscanError when it isn't clear which, or too small."""
    from photoscan.photo import Photo
    from photoscan.views import Views

    views = Views(Photo.open(path), ScanOptions())
    faces = sorted((face for face in views.faces if face.confidence >= 0.5), key=lambda face: -face.box.area)
    if not faces:
        raise UsageError("problem.people.no_face", path=path)
    if len(faces) > 1 and faces[0].box.area < CLEARLY_LARGER * faces[1].box.area:
        raise UsageError("problem.people.several", path=path, count=len(faces))
    if faces[0].box.h < SMALLEST:
        raise UsageError("problem.people.small", path=path, height=faces[0].box.h, least=SMALLEST)
    encoding = views.encoding(faces[0])
    assert encoding is not None
    return encoding


def _doubts(known: store.People, name: str, new: list[tuple[Path, store.Encoding]]) -> None:
    """Tell of photos that look like somebody else, or unlike the person's other photos: perhaps a mix-up."""
    own = known.find(" ".join(name.split())) or store.Person(name)
    for path, encoding in new:
        match = known.alike(encoding)
        if match is not None and match[0] is not own:
            click.echo(f"photoscan: {say('people.alike', path=path, name=match[0].name)}", err=True)
        others = store.Person(name, encodings=own.encodings + tuple(e for p, e in new if p is not path))
        if others.encodings and others.distance(encoding) > store.ALIKE:
            click.echo(f"photoscan: {say('people.unlike', path=path)}", err=True)
