"""Where one run writes: text here and a page to a file, each in the format that its name tells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from photoscan.cli.outputs import Output, outputs
from photoscan.errors import UsageError
from tests.cli.conftest import Said

PAGE, LOG, OTHER = Path("a.html"), Path("b.sarif"), Path("c.report")
HERE = Path("-")
PLACES: dict[tuple[tuple[Path, ...], str | None], list[tuple[str, Path | None]]] = {
    ((), None): [("text", None)],
    ((), "html"): [("html", None)],
    ((PAGE,), None): [("html", PAGE)],
    ((PAGE,), "json"): [("json", PAGE)],
    ((OTHER,), None): [("text", OTHER)],
    ((PAGE, HERE), None): [("text", None), ("html", PAGE)],
    ((PAGE, HERE, LOG), "jsonl"): [("jsonl", None), ("html", PAGE), ("sarif", LOG)],
    ((OTHER, PAGE), "json"): [("json", OTHER), ("html", PAGE)],
}


@pytest.mark.parametrize(("named", "format_"), PLACES)
def test_places(named: tuple[Path, ...], format_: str | None) -> None:
    assert list(outputs(named, format_, [])) == [Output(*row) for row in PLACES[named, format_]]


@pytest.mark.parametrize("named", [(PAGE, PAGE), (PAGE, Path("./x/../a.html")), (HERE, HERE)])
def test_a_place_is_named_once(named: tuple[Path, ...]) -> None:
    with pytest.raises(UsageError, match="twice"):
        outputs(named, None, [])


@pytest.mark.parametrize("name", ["safe.jpg", "a.HEIC", "a.pdf", "a.zip", "a.txt.gz"])
def test_a_report_does_not_go_by_the_name_of_something_else(name: str) -> None:
    with pytest.raises(UsageError, match="photoscan clean"):
        outputs((Path(name),), None, [])
    assert outputs((Path(name),), "text", []) == (Output("text", Path(name)),)


@pytest.mark.parametrize("name", ["report", "a.txt", "a.log", "a.md", "a.2026", ".hidden"])
def test_other_names_are_text(name: str) -> None:
    assert outputs((Path(name),), None, []) == (Output("text", Path(name)),)


def test_no_photo_is_written_over(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"photo")
    (tmp_path / "link.html").symlink_to(photo)
    with pytest.raises(UsageError, match="one of the photos"):
        outputs((HERE, tmp_path / "link.html"), None, [str(photo)])


def test_one_run_writes_several(demo: Path, tmp_path: Path, said: Said) -> None:
    page, log = tmp_path / "a.html", tmp_path / "b.json"
    photos = [str(demo / name) for name in ("holiday.jpg", "web.webp")]
    _, alone, _ = said("scan", *photos, "--only", "metadata")
    code, out, _ = said("scan", *photos, "--only", "metadata", "-o", str(page), "-o", "-", "-o", str(log))
    assert code == 1
    assert out == alone
    assert [row["photo"]["path"] for row in json.loads(log.read_text("utf-8"))] == photos
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")
    assert "\x1b[" not in log.read_text("utf-8")
