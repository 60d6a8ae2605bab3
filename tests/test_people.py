"""People who asked to be known: one private file, careful matching, nothing personal in what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from photoscan import people
from photoscan.cli.people import people as command
from photoscan.errors import PhotoscanError, UsageError
from photoscan.people import ALIKE, LENGTH, Encoding, People, Person
from photoscan.vision import encoder


def at(value: float, axis: int = 0) -> Encoding:
    """An encoding that lies `value` away from the origin."""
    return tuple(value if i == axis else 0.0 for i in range(LENGTH))


KNOWN = People().with_photos("Aina", (at(0.0), at(0.2))).with_photos("Budi", (at(2.0, 1),), child=True, consents=True)


def test_the_file_is_private_and_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "people.json"
    people.write(file, KNOWN)
    assert people.read(file) == KNOWN
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o077 == 0
    assert [path.name for path in file.parent.iterdir()] == ["people.json"]


def test_a_file_that_was_open_to_others_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "people.json"
    people.write(file, KNOWN)
    file.chmod(0o644)
    people.write(file, KNOWN)
    assert file.stat().st_mode & 0o777 == 0o600


ALIKENESS = {
    "a photo that was given": (at(0.0), "Aina"),
    "the nearer of two photos counts": (at(0.2 + ALIKE - 0.01), "Aina"),
    "just too far": (at(0.2 + ALIKE + 0.01), None),
    "between two people": (at(1.0, 1), None),
    "somebody else": (at(1.7, 1), "Budi"),
    "a stranger": (at(5.0, 7), None),
}


@pytest.mark.parametrize("case", sorted(ALIKENESS))
def test_who_a_face_looks_like(case: str) -> None:
    encoding, name = ALIKENESS[case]
    match = KNOWN.alike(encoding)
    assert (match[0].name if match else None) == name


MEASURED = {
    "the farthest photo of the same person": (0.495, True),
    "the nearest stranger in a crowd": (0.542, False),
    "the library's usual threshold": (0.55, False),
    "the nearest photo of anybody else": (0.611, False),
}
"""Distances as measured (models/face-encoder/README.md), and whether such a face may be named."""


@pytest.mark.parametrize("case", MEASURED)
def test_the_threshold_lies_between_what_was_measured(case: str) -> None:
    distance, named = MEASURED[case]
    known = People().with_photos("Aina", (at(0.0),))
    assert (known.alike(at(distance)) is not None) is named


def test_nobody_is_alike_in_an_empty_file() -> None:
    assert People().alike(at(0.0)) is None
    assert People((Person("Aina"),)).alike(at(0.0)) is None


def test_choices_stay_until_they_are_changed() -> None:
    again = KNOWN.with_photos("BUDI", (at(2.1, 1),))
    budi = again.find("budi")
    assert budi is not None
    assert (budi.name, budi.child, budi.consents, len(budi.encodings)) == ("Budi", True, True, 2)
    withdrawn = again.with_photos("Budi", (), consents=False).find("Budi")
    assert withdrawn is not None
    assert not withdrawn.consents


@given(st.lists(st.text("abc ", min_size=1, max_size=3).filter(str.strip), max_size=6))
def test_adding_and_removing_everybody_leaves_nobody(names: list[str]) -> None:
    all_of_them = People()
    for name in names:
        all_of_them = all_of_them.with_photos(name, (at(0.0),))
    assert len(all_of_them.persons) == len({" ".join(name.split()) for name in names})
    for person in all_of_them:
        all_of_them = all_of_them.without(person.name)
    assert all_of_them == People()


@pytest.mark.parametrize("name", ["", "   ", "a" * 101, "a\x1b[31m", "a\x00b"])
def test_names_are_checked(name: str) -> None:
    with pytest.raises(UsageError):
        People().with_photos(name, (at(0.0),))


def row(**changes: object) -> dict[str, object]:
    person = {"name": "Aina", "child": False, "consents": False, "encodings": [list(at(0.0))]} | changes
    return {"version": 1, "encoder": people.ENCODER, "people": [person]}


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "no JSON": b"\xff\xd8\xff\xe0 Aina",
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "another version": json.dumps(row() | {"version": 9}).encode(),
    "another encoder": json.dumps(row() | {"encoder": "x"}).encode(),
    "a short encoding": json.dumps(row(encodings=[[0.1]])).encode(),
    "no numbers": json.dumps(row(encodings=[["a"] * LENGTH])).encode(),
    "not finite": json.dumps(row(encodings=[[float("nan")] * LENGTH])).encode(),
    "a number as name": json.dumps(row(name=5)).encode(),
    "a word as consent": json.dumps(row(consents="yes")).encode(),
    "people missing": b'{"version": 1}',
}


@pytest.mark.parametrize("case", sorted(HOSTILE))
def test_files_that_are_not_of_people_are_refused_in_plain_words(case: str, tmp_path: Path) -> None:
    file = tmp_path / "people.json"
    file.write_bytes(HOSTILE[case])
    with pytest.raises(PhotoscanError) as caught:
        people.read(file)
    assert "Aina" not in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(PhotoscanError, match="can't be read"):
        people.read(tmp_path / "none.json")


def test_nothing_of_a_face_is_in_a_repr() -> None:
    assert "0.2" not in repr(Person("Aina", encodings=(at(0.2),)))


# ---------------------------------------------------------------- the command


def call(tmp_path: Path, *arguments: object) -> Result:
    return CliRunner().invoke(command, [*map(str, arguments), "--people", str(tmp_path / "people.json")])


@pytest.fixture
def portrait(tmp_path: Path) -> Path:
    import skimage.data
    from PIL import Image

    path = tmp_path / "portrait.png"
    Image.fromarray(skimage.data.astronaut()).save(path)  # type: ignore[no-untyped-call]
    return path


def test_add_list_remove(tmp_path: Path, portrait: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a stand-in for dlib, which need not be here."""
    monkeypatch.setattr(encoder, "encode", lambda pixels, landmarks: at(0.1))
    added = call(tmp_path, "add", "Eileen", portrait, portrait, "--consents")
    assert added.exit_code == 0, added.output
    assert "Eileen, 2 photos, consents to be shown" in call(tmp_path, "list").output
    assert portrait.read_bytes()[:200] not in (tmp_path / "people.json").read_bytes()
    other = call(tmp_path, "add", "Somebody", portrait)
    assert "looks like Eileen" in other.output
    assert call(tmp_path, "remove", "eileen").exit_code == 0
    assert b"Eileen" not in (tmp_path / "people.json").read_bytes()


def test_photos_without_one_clear_face_add_nothing(
    tmp_path: Path, portrait: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    monkeypatch.setattr(encoder, "encode", lambda pixels, landmarks: at(0.1))
    image = Image.open(portrait)
    Image.new("RGB", (400, 300), (90, 120, 90)).save(tmp_path / "none.png")
    twins = Image.new("RGB", (1024, 512))
    twins.paste(image, (0, 0))
    twins.paste(image, (512, 0))
    twins.save(tmp_path / "two.png")
    image.resize((128, 128)).save(tmp_path / "small.png")
    for name, words in (("none", "no face found"), ("two", "none clearly the largest"), ("small", "pixels high")):
        result = call(tmp_path, "add", "Eileen", portrait, tmp_path / f"{name}.png")
        assert result.exit_code != 0
        assert words in str(result.exception)
    assert not (tmp_path / "people.json").exists()
